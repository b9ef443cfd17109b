import fc from 'fast-check';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CustomerRowView, CustomerSums } from '#core/api/customers.ts';
import { parseCurrency } from '#core/kernel/currency.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, CustomerId, OrganisationId } from '#core/kernel/id.ts';
import { parseDecimal } from '#core/kernel/money.ts';
import { must } from '#core/kernel/result.ts';
import { readActions } from '#server/channels/claim.ts';
import { listActions } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { ageing, BUCKETS, currenciesInUse, listItems } from '#server/ledger/store.ts';
import { composeActions } from '#server/letters/compose.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { booksOf, CAUGHT, finds, HOLDS, importBooks, seeds, smallCompany, UNTIL } from '#server/testing/books.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, givenOrganisation, importText } from '#server/testing/given.ts';
import { readCustomer } from '#server/web/customer-query.ts';
import { listCustomers } from '#server/web/customers-query.ts';
import { readOverview } from '#server/web/overview-query.ts';

// E11: every total shown is the sum of its lines, and of the ledger's.

let db: TestDatabase;
let letters: LetterMaker;
beforeAll(async () => {
  db = await testDatabase();
  letters = must(await openLetterMaker());
});
afterAll(() => db.drop());

const RUNS = 6;

/** A total as it is shown somewhere, and the lines under it, in minor units. */
type Shown = { readonly where: string; readonly total: bigint; readonly lines: readonly bigint[] };
/** What one view shows of an organisation on a day. */
type View = (t: Tenant, on: Day) => Promise<Shown[]>;

const sum = (all: readonly bigint[]): bigint => all.reduce((total, one) => total + one, 0n);
const currencyOf = (text: string) => parseCurrency(text) ?? 'EUR';
/** "1234.50" in minor units. */
function minorOf(text: string, currency: string): bigint {
  const amount = parseDecimal(text, currencyOf(currency));
  if (amount === null) throw new Error(`not an amount: ${text}`);
  return amount.minor;
}

/** Books of a seed, and a second currency beside them. */
async function givenLedger(seed: number): Promise<OrganisationId> {
  const organisation = await givenOrganisation(db.database);
  await importBooks(db.database, organisation, booksOf(smallCompany(seed)));
  const report = await importText(db.database, organisation, {
    name: 'export.csv', text: ['Code client;Nom du client;N° facture;Type de pièce;Date facture;Échéance;Montant TTC;Devise', 'USA1;Over the Sea Inc;X-1;Facture;15/01/2026;15/02/2026;1200,50;USD',
      'USA1;Over the Sea Inc;X-2;Avoir;20/01/2026;;200,25;USD', 'JPN1;Umi KK;Y-1;Facture;15/01/2026;15/08/2026;150000001;JPY', ''].join('\n'),
  });
  if (report.status !== 'applied') throw new Error(report.problems.map((one) => one.message.en).join(' '));
  // Every other customer can only be written to.
  const customers = await db.database.inTenant(organisation, (t) => t.rows<{ code: string; name: string }>(t.sql`select c.code, c.name from ${t.from('customer')} c order by c.code`));
  const reached = await importText(db.database, organisation, {
    name: 'clients.csv', text: ['Code client;Nom du client;E-mail;Adresse;Ville;Code postal',
      ...customers.map(({ code, name }, index) => `${code};${name};${index % 2 === 0 ? `compta@client${index}.example` : ''};${index + 1} rue des Essais;Nantes;44000`), ''].join('\n'),
  });
  if (reached.status !== 'applied') throw new Error(reached.problems.map((one) => one.message.en).join(' '));
  return organisation;
}

/** The aged balance by every key: buckets and credits make the balance, rows make what the ledger has open. */
const agedBalance: View = async (t, on) => {
  const shown: Shown[] = [];
  for (const currency of await currenciesInUse(t)) {
    const open = (await listItems(t, on)).filter((item) => item.currency === currency).map((item) => (item.side === 'debit' ? BigInt(item.open) : -BigInt(item.open)));
    for (const by of ['customer', 'entity', 'segment', 'collector'] as const) {
      const rows = await ageing(t, on, { currency, by });
      shown.push({ where: `aged balance by ${by} in ${currency}`, total: sum(open), lines: rows.map((row) => row.balance) });
      shown.push(...rows.map((row) => ({ where: `${by} ${row.key}`, total: row.balance, lines: [...BUCKETS.map(({ key }) => row.amounts[key]), -row.credits] })));
    }
  }
  return shown;
};

/** The first screen, against all pages of the list of customers. */
const overviewAndList: View = async (t, on) => {
  const overview = await readOverview(t, on, true);
  const rows: CustomerRowView[] = [];
  let after: string | null = null;
  do {
    const page = await listCustomers(t, on, { search: '', sort: 'overdue', filter: 'all', after, currency: null });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null);
  return overview.currencies.flatMap((one): Shown[] => {
    const { currency } = one;
    const of = (pick: (sums: CustomerSums) => string): bigint[] =>
      rows.flatMap((row) => row.sums.filter((sums) => sums.currency === currency).map((sums) => minorOf(pick(sums), currency)));
    return [
      { where: `overview: outstanding in ${currency}`, total: minorOf(one.outstanding, currency), lines: one.buckets.map(({ amount }) => minorOf(amount, currency)) },
      { where: `customers: outstanding in ${currency}`, total: minorOf(one.outstanding, currency), lines: of((sums) => sums.outstanding) },
      { where: `customers: overdue in ${currency}`, total: minorOf(one.overdue, currency), lines: of((sums) => sums.overdue) },
      { where: `customers: credits in ${currency}`, total: minorOf(one.credits, currency), lines: of((sums) => sums.credits) },
      { where: `customers: balance in ${currency}`, total: minorOf(one.balance, currency), lines: of((sums) => sums.balance) },
    ];
  });
};

/** Every customer's page: its sums against its items. */
const customerPages: View = async (t, on) => {
  const ids = await t.rows<{ id: CustomerId }>(t.sql`select c.customer_id as id from ${t.from('customer')} c where c.voided_at is null order by 1`);
  const shown: Shown[] = [];
  for (const { id } of ids) {
    const detail = await readCustomer(t, id, on);
    if (detail === null) throw new Error('no customer');
    for (const sums of detail.sums) {
      const items = detail.items.filter((item) => item.currency === sums.currency);
      const open = (side: string): bigint[] => items.filter((item) => item.side === side).map((item) => minorOf(item.open, sums.currency));
      shown.push(
        { where: `${detail.code}: outstanding`, total: minorOf(sums.outstanding, sums.currency), lines: open('debit') },
        { where: `${detail.code}: credits`, total: minorOf(sums.credits, sums.currency), lines: open('credit') },
        { where: `${detail.code}: balance`, total: minorOf(sums.balance, sums.currency), lines: [...open('debit'), ...open('credit').map((minor) => -minor)] },
      );
    }
  }
  return shown;
};

/** Amounts as letters print them ("1 234,56 €"), in the order of the text. */
function printed(text: string): bigint[] {
  return [...text.matchAll(/(\d{1,3}(?:[\s\u00a0\u202f]\d{3})*),(\d{2})[\s\u00a0\u202f]€/gu)].map(([, whole = '', cents = '']) => BigInt(whole.replaceAll(/\D/gu, '') + cents));
}

/** The table of items of a text message: one row per line between the two rules, the last amount of each, and the total below. */
function itemsOfText(text: string): { lines: bigint[]; total: bigint } {
  const [, table = '', below = ''] = text.split(/^-{10,}$/mu);
  const lines = table.split('\n').filter((line) => line.trim() !== '').map((line) => printed(line).at(-1) ?? -1n);
  return { lines, total: printed(below)[0] ?? -1n };
}

async function textOfPdf(bytes: Buffer): Promise<string> {
  const loading = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const document = await loading.promise;
  const pages: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const content = await (await document.getPage(number)).getTextContent();
    pages.push(content.items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : ' ') : '')).join(''));
  }
  await loading.destroy();
  return pages.join('\n');
}

/** E-mails and letters as their reader sees them: the rows printed add up to the total printed, which is what the action says and the ledger has. */
const messages = (print: (text: string) => string = (text) => text): View => async (t, on) => {
  const rows = await listActions(t);
  const actions = await readActions(t, rows.map((row) => row.action_id satisfies ActionId));
  // Each as it would leave, and as a letter.
  const asked = [...actions, ...actions.map((action) => ({ ...action, channel: 'letter' as const }))];
  const composed = await composeActions(t, asked, { today: on, formalNoticeDays: 8, letters });
  const shown: Shown[] = [];
  for (const { action, composed: result } of composed) {
    if (!result.ok || action.currency !== 'EUR') continue;
    const { rendered, pdf } = result.value;
    const { total } = rows.find((row) => row.action_id === action.actionId) ?? { total: '0' };
    const text = itemsOfText(print(rendered.text));
    shown.push({ where: `message ${action.actionId}`, total: text.total, lines: text.lines });
    shown.push({ where: `message ${action.actionId} and its action`, total: BigInt(total), lines: [text.total] });
    if (pdf === null) continue;
    const inPdf = printed(await textOfPdf(pdf));
    // The letter prints every amount of the table and the same total, in whatever order its columns are read.
    shown.push({ where: `letter ${action.actionId}`, total: text.total, lines: text.lines.map((line) => (inPdf.includes(line) ? line : 0n)) });
    shown.push({ where: `total of letter ${action.actionId}`, total: text.total, lines: [inPdf.includes(text.total) ? text.total : 0n] });
  }
  return shown;
};

async function show(view: View, seed: number, on: Day): Promise<Shown[]> {
  const organisation = await givenLedger(seed);
  await runDunning(db.database, { organisation, today: UNTIL, clock: clockAt(UNTIL), actor: 'test', dryRun: false, sink: { decisions: () => undefined, actions: () => undefined } });
  return db.database.inTenant(organisation, (t) => view(t, on), { readOnly: true });
}

/** E11 for one view; a view that shows nothing proves nothing. */
const addsUp = (view: View): fc.IAsyncPropertyWithHooks<[number, number]> => fc.asyncProperty(seeds, fc.integer({ min: 0, max: 40 }), async (seed, back) => {
  const shown = await show(view, seed, addDays(UNTIL, -back));
  if (!shown.some(({ total }) => total !== 0n)) throw new Error('nothing is shown');
  return shown.every(({ total, lines }) => total === sum(lines));
});

/** Today only: what messages say is of the day of the run. */
const today = (view: View): View => (t) => view(t, UNTIL);

test.each([['the aged balance', agedBalance], ['the overview and the list of customers', overviewAndList], ['the pages of customers', customerPages], ['e-mails and letters', today(messages())]])(
  'E11: the totals of %s are the sums of their lines', { timeout: 120_000 }, async (_, view) => {
    expect(await finds(addsUp(view), RUNS)).toEqual(HOLDS);
  });

/** The view with its longest list of lines cut short, as a page that shows the first ones and the total of all. */
const cutShort = (view: View): View => async (t, on) => (await view(t, on)).map((one) => ({ ...one, lines: one.lines.slice(0, 2) }));
/** A total that went through a float of 32 bits. */
const throughFloat = (view: View): View => async (t, on) => (await view(t, on)).map((one) => ({ ...one, total: BigInt(Math.fround(Number(one.total))) }));
/** A message that lost the second row of its table on the way. */
const rowLost = (text: string): string => text.replace(/^(-{10,}\n[^\n]+\n)[^\n]+\n(?=[^-\n])/mu, '$1');
/** A message whose total was typed in by hand. */
const otherTotal = (text: string): string => text.replace(/(\n-{10,}\n[^\n]*?)\d(?=,\d\d)/u, '$19');

test.each([
  ['a page that totals what it does not show', cutShort(overviewAndList)], ['an account cut short', cutShort(customerPages)], ['buckets cut short', cutShort(agedBalance)],
  ['a float on the way to the overview', throughFloat(overviewAndList)], ['a message that lost a row', today(messages(rowLost))], ['a message with another total', today(messages(otherTotal))],
])('E11, planted bug: %s is found', { timeout: 120_000 }, async (_, view) => {
  expect(await finds(addsUp(view), 20)).toMatchObject(CAUGHT);
});

test('what is looked at has e-mails of several rows, letters, three currencies and credits', async () => {
  const said = await show(messages(), 1, UNTIL);
  expect([said.some(({ lines }) => lines.length > 2), said.some(({ where }) => where.startsWith('letter')), said.some(({ where }) => where.startsWith('message'))]).toEqual([true, true, true]);
  const listed = await show(overviewAndList, 1, UNTIL);
  expect(listed.filter(({ where, total }) => where.startsWith('overview') && total > 0n).map(({ where }) => where.slice(-3)).toSorted()).toEqual(['EUR', 'JPY', 'USD']);
  expect(listed.some(({ where, total }) => where.startsWith('customers: credits') && total > 0n)).toBe(true);
});
