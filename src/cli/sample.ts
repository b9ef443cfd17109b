import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '#core/kernel/clock.ts';
import { day, earlier, later, partsOf } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, must, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { simulateCompany } from '#sim/company.ts';
import type { Company } from '#sim/company.ts';
import { COMPANY_SIREN, fecFileName, toFec } from '#sim/fec.ts';
import { toCustomerTable } from '#sim/tables.ts';
import { record } from '#server/audit/record.ts';
import { createOrganisation } from '#server/identity/create-organisation.ts';
import { updateEntity } from '#server/identity/organisations.ts';
import type { EntityFields } from '#server/identity/organisations.ts';
import { importFile } from '#server/intake/import-file.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { addSampleHolds } from './sample-holds.ts';

/** A company big enough to show every case, small enough to be there within seconds. */
export const SAMPLE_CUSTOMERS = 60;
/** Eighteen months: a whole year to compare with, and the months after it. */
export const SAMPLE_DAYS = 548;
const SAMPLE_SEED = 7;
const SAMPLE_NAME = 'Ateliers Brindelune';

/** The issuing company of the sample: an IBAN of the registry's example, a SIREN and a domain that nobody can own. */
const SAMPLE_ENTITY: Partial<EntityFields> = {
  name: SAMPLE_NAME, legalForm: 'SAS', capital: '80 000 €', siren: COMPANY_SIREN, rcsCity: 'Nantes', vatNumber: `FR00${COMPANY_SIREN}`,
  address: ['12 quai des Brodeuses'], postalCode: '44000', city: 'Nantes', country: 'FR', phone: '01 99 00 00 00', email: 'compta@ateliers-brindelune.example',
  iban: 'FR1420041010050500013M02606', bic: 'PSSTFRPPNTE', signatory: 'Hélène Lambressac',
};

/** Who makes a sample, for which day, and how large; the same numbers give the same company. */
export type SampleOptions = {
  readonly clock: Clock;
  readonly today: Day;
  readonly actor: string;
  readonly customers?: number;
  readonly days?: number;
  readonly seed?: number;
};

/** What a sample put into the ledger: payments are receipts and refunds. */
export type SampleFilled = { readonly customers: number; readonly items: number; readonly payments: number };

/**
 * Creates an organisation marked as a sample and fills it with a simulated company up to today, by the same road as real data:
 * its customers and its books are files that are imported.
 */
export async function createSample(database: Database, options: SampleOptions & { readonly code: string }): Promise<OrganisationId> {
  const organisation = await database.inTransaction((client) =>
    createOrganisation(client, { code: options.code, name: SAMPLE_NAME, sample: true }, { now: options.clock.now(), actor: options.actor }));
  must(await fillSample(database, organisation, options));
  return organisation;
}

/** Fills an organisation that has no customer yet with a simulated company and marks it as a sample; refused when it has some. */
export async function fillSample(database: Database, organisation: OrganisationId, options: SampleOptions): Promise<Result<SampleFilled, Problem>> {
  const busy = await database.inTenant(organisation, (t) => t.one(t.sql`select 1 as found from ${t.from('customer')} c limit 1`), { readOnly: true });
  if (busy !== null) return err(notEmpty);
  const company = simulateCompany({
    seed: options.seed ?? SAMPLE_SEED, customers: options.customers ?? SAMPLE_CUSTOMERS, days: options.days ?? SAMPLE_DAYS, until: options.today,
  });
  await database.inTenant(organisation, async (t) => {
    await t.run(t.sql`${t.update('profile', 'p')} set sample = true, name = ${SAMPLE_NAME} where ${t.own('p')}`);
    await updateEntity(t, SAMPLE_ENTITY);
  });
  await importCompany(database, organisation, { company, options });
  return ok(await database.inTenant(organisation, async (t) => {
    await describeKinds(t, company);
    await addSampleHolds(t, company, options);
    return filled(t, options);
  }));
}

const notEmpty: Problem = {
  line: 0, severity: 'error', code: 'sample.notEmpty',
  message: {
    fr: 'Cette organisation a déjà des clients : l\'exemple se crée dans une organisation vide (acquit demo --org exemple).',
    en: 'This organisation already has customers: the sample goes into an empty organisation (acquit demo --org sample).',
  },
};

type Importing = { readonly company: Company; readonly options: SampleOptions };

/** The list of customers first, so that due days follow their terms; then one FEC a year, the oldest first. */
async function importCompany(database: Database, organisation: OrganisationId, of: Importing): Promise<void> {
  const { company } = of;
  const folder = await mkdtemp(join(tmpdir(), 'acquit-sample-'));
  const take = async (fileName: string, text: Iterable<string>): Promise<void> => {
    const path = join(folder, fileName);
    await writeText(path, text);
    const { today, clock, actor } = of.options;
    const report = await importFile(database, { organisation, path, fileName, today, clock, actor });
    if (report.status !== 'applied') throw new Error(`the sample's ${fileName} was ${report.status}: ${report.problems.map((one) => one.message.en).join(' ')}`);
  };
  try {
    await take('clients.csv', [toCustomerTable(company)]);
    for (let year = partsOf(company.from).year; year <= partsOf(company.until).year; year += 1) {
      const closing = day(`${year}-12-31`);
      await take(fecFileName(closing), toFec(company, { from: later(company.from, day(`${year}-01-01`)), until: earlier(company.until, closing) }));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeText(path: string, text: Iterable<string>): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    for (const piece of text) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}

/** No file says which law applies to a customer; a person enters it, as here. */
async function describeKinds(t: Tenant, company: Company): Promise<void> {
  const others = company.customers.filter((one) => one.kind !== 'business');
  await t.run(t.sql`
    ${t.update('customer', 'c')} set kind = n.kind
    from unnest(${others.map((one) => one.code)}::text[], ${others.map((one) => one.kind)}::text[]) as n(code, kind)
    where ${t.own('c')} and c.code = n.code and c.voided_at is null`);
}

async function filled(t: Tenant, options: SampleOptions): Promise<SampleFilled> {
  const row = await t.one<{ customers: string; items: string; payments: string }>(t.sql`
    select (select count(*) from ${t.from('customer')} c)::text as customers, count(*)::text as items,
      count(*) filter (where i.kind in ('receipt', 'refund'))::text as payments
    from ${t.from('item')} i where i.voided_at is null`);
  const counts = { customers: Number(row?.customers ?? 0), items: Number(row?.items ?? 0), payments: Number(row?.payments ?? 0) };
  await record(t, { at: options.clock.now(), actor: options.actor, kind: 'sample.filled', subject: `organisation:${t.organisation}`, facts: counts });
  return counts;
}
