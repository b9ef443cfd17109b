import { createFecReader } from '#core/intake/fec.ts';
import type { FecLine, FecSummary } from '#core/intake/fec-line.ts';
import { amountText, problem } from '#core/intake/problems.ts';
import { parseTerms } from '#core/ledger/terms.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ImportId } from '#core/kernel/id.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { CopyWriter } from '#server/plumbing/copy.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { readTextFile } from './read-text.ts';
import { adoptBankReceipts, adoptInvoicedCustomers, adoptListedItems, createCustomers, createItems, groupStage, keepUnknownGroups, keyStage, relyOnItems } from './derive-items.ts';
import type { Applying } from './derive-items.ts';
import type { Applied, ImportOptions } from './import-file.ts';
import { Refused } from './refused.ts';
import { allocateStage, balanceDifferences, reconcileOpening, voidVanished } from './reconcile-ledger.ts';
import type { Difference } from './reconcile-ledger.ts';
import { createStage, stageLine } from './stage-fec.ts';

/** Reads a FEC into the stage, derives customers, items and allocations from it, and checks the balances against the file. */
export async function applyFec(t: Tenant, importId: ImportId, options: ImportOptions): Promise<Applied> {
  const terms = options.terms === undefined ? null : parseTerms(options.terms);
  if (terms !== null && !terms.ok) throw new Refused([terms.error]);
  const siren = await sirenOf(t);
  const writer = await createStage(t);
  const { summary, other } = await readInto(writer, options, siren);
  const totals = totalsOf(await stageTotals(t));
  if (!summary.accepted) throw new Refused(summary.problems, { lines: summary.lines, totals });
  const covers = await coverage(t, summary, options.today);
  if (covers === null) throw new Refused([...summary.problems, problem('fecNoCustomerLine', 0, {})], { lines: summary.lines, totals });
  const source = `fec:${summary.fileName?.siren ?? 'unknown'}`;
  const applying: Applying = {
    importId, source, today: options.today, now: options.clock.now(), actor: options.actor, terms: options.terms ?? null, ...covers,
    lines: summary.lines,    older: await isOlder(t, source, covers.coversUntil),
  };
  const done = await derive(t, applying, summary.lettered);
  return {
    source, lines: summary.lines, created: done.created, changed: done.changed, totals, understood: null,
    problems: [...summary.problems, ...(other === 0 ? [] : [problem('fecOtherAccounts', 0, { count: other })]), ...done.problems, ...(applying.older ? [problem('olderFile', 0, {})] : [])],
    coversFrom: applying.coversFrom, coversUntil: applying.coversUntil,
  };
}

/** The company's own SIREN, once it is known: a ledger that names another one is not its. */
async function sirenOf(t: Tenant): Promise<string | null> {
  const entity = await t.one<{ siren: string | null }>(t.sql`select e.siren from ${t.from('entity')} e order by e.entity_id limit 1`);
  return entity?.siren ?? null;
}

async function readInto(writer: CopyWriter, options: ImportOptions, siren: string | null): Promise<{ summary: FecSummary; other: number }> {
  let other = 0;
  const line = (one: FecLine): void => {
    if (one.receivable === 'customer') stageLine(writer, one);
    else other += 1;
  };
  const reader = createFecReader({ line }, { fileName: options.fileName, ...(siren === null ? {} : { siren }) });
  try {
    const problems = await readTextFile(options.path, async (text) => {
      const wanted = reader.push(text);
      await writer.drain();
      return wanted;
    }, options.progress);
    const summary = reader.end();
    await writer.end();
    const accepted = summary.accepted && problems.every((one) => one.severity === 'warning');
    return { summary: { ...summary, accepted, problems: [...problems, ...summary.problems] }, other };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

type Sums = { debit: string; credit: string };

async function stageTotals(t: Tenant): Promise<Sums> {
  const row = await t.one<Sums>(t.sql`
    select coalesce(sum(amount) filter (where side = 'debit'), 0)::text as debit, coalesce(sum(amount) filter (where side = 'credit'), 0)::text as credit
    from stage_line`);
  return row ?? { debit: '0', credit: '0' };
}

/** Totals of the customer lines as decimal texts; every FEC is in euros. */
export function totalsOf(sums: Sums): Applied['totals'] {
  const debit = BigInt(sums.debit);
  const credit = BigInt(sums.credit);
  return { debit: decimalMinor(debit, 2), credit: decimalMinor(credit, 2), balance: decimalMinor(debit - credit, 2) };
}

/** Days after today beyond which a date is a slip (2062 for 2026): were it believed, every later file would be an older one. */
const FUTURE_DAYS_MAX = 366;

/** From the first entry to the latest fact (an entry or a lettering) of the customer lines; null when there is none. */
async function coverage(t: Tenant, summary: FecSummary, today: Day): Promise<{ coversFrom: Day; coversUntil: Day } | null> {
  const credible = addDays(today, FUTURE_DAYS_MAX);
  const row = await t.one<{ first: Day | null; last: Day | null }>(t.sql`
    select min(entry_on) as first, coalesce(greatest(max(entry_on) filter (where entry_on <= ${credible}::date),
      max(lettrage_on) filter (where lettrage_on <= ${credible}::date)), max(entry_on)) as last from stage_line`);
  if (row === null || row.first === null || row.last === null) return null;
  return { coversFrom: summary.firstEntryOn ?? row.first, coversUntil: row.last };
}

/** True when a file of the same source that knew later facts was applied before. */
export async function isOlder(t: Tenant, source: string, until: Day): Promise<boolean> {
  const row = await t.one<{ latest: Day | null }>(t.sql`
    select max(i.covers_until) as latest from ${t.from('import')} i where i.source = ${source} and i.status = 'applied'`);
  return row?.latest !== null && row?.latest !== undefined && row.latest > until;
}

type Derived = Pick<Applied, 'created' | 'changed'> & { problems: Problem[] };

async function derive(t: Tenant, applying: Applying, lettered: boolean): Promise<Derived> {
  await adoptInvoicedCustomers(t, applying);
  await keyStage(t);
  await adoptListedItems(t);
  await adoptBankReceipts(t);
  await relyOnItems(t, applying);
  const openGroups = await groupStage(t);
  if (applying.older) await keepUnknownGroups(t);
  const opening = await reconcileOpening(t, applying);
  const customers = await createCustomers(t, applying);
  const items = await createItems(t, applying);
  const vanished = await voidVanished(t, applying);
  const allocations = await allocateStage(t, applying, lettered);
  const differences = applying.older || vanished.part ? [] : await balanceDifferences(t);
  return {
    created: { customers, ...items, allocations, bankLines: 0 },
    changed: { voided: vanished.voided },
    problems: [
      ...openGroups.map((group) => problem('fecLettrageOpen', Number(group.line), {
        customer: group.code, code: group.lettrage, net: amountText(BigInt(group.net)),
      })),
      ...opening.map((one) => differenceProblem('fecOpeningDiffers', one)),
      ...vanished.kept.map((document) => problem('fecItemKept', 0, { document })),
      ...(vanished.part ? [problem('fecPart', 0, {})] : []),
      ...(lettered || allocations === 0 ? [] : [problem('fecNotLettered', 0, {})]),
      ...differences.map((one) => differenceProblem('fecBalanceDiffers', one)),
    ],
  };
}

function differenceProblem(name: 'fecOpeningDiffers' | 'fecBalanceDiffers', one: Difference): Problem {
  return problem(name, 0, { customer: one.code, file: amountText(BigInt(one.file)), ledger: amountText(BigInt(one.ledger)) });
}
