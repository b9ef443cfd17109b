import { afterAll, beforeAll, expect, test } from 'vitest';
import { CUSTOMER_SORTS } from '#core/api/customers.ts';
import type { CustomerPage } from '#core/api/customers.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';

/** More than two pages, many of them equal in every sum. */
const CUSTOMERS = 117;

let data: TestDatabase;
let web: TestWeb;
let organisation: OrganisationId;
let cookie: string;
beforeAll(async () => {
  data = await testDatabase();
  web = await testWeb(data);
  organisation = await givenOrganisation(data.database);
  const lines = Array.from({ length: CUSTOMERS }, (_, index) => ({ code: `C${index}`, piece: `FA-${index}`, on: index % 2 === 0 ? '2026-03-01' : '2026-06-15', debit: `${100 + (index % 5)},00` }));
  await importText(data.database, organisation, { text: fecOf([...lines, { code: 'C_%', piece: 'AV-1', on: '2026-06-01', credit: '50,00' }]) });
  cookie = await web.signedIn(organisation, 'owner');
});
afterAll(async () => {
  await web.app.close();
  await data.drop();
});

async function pages(query: string): Promise<CustomerPage[]> {
  const found: CustomerPage[] = [];
  for (let after = ''; ;) {
    const page = (await web.ask('GET', `/api/customers?${query}${after}`, { cookie })).json<CustomerPage>();
    found.push(page);
    if (page.next === null) return found;
    after = `&after=${page.next}`;
  }
}

test.each(CUSTOMER_SORTS)('pages sorted by %s hold every customer once', async (sort) => {
  const found = await pages(`sort=${sort}`);
  const codes = found.flatMap((page) => page.rows.map((row) => row.code));
  expect(found.map((page) => page.rows.length)).toEqual([50, 50, 18]);
  expect(new Set(codes).size).toBe(CUSTOMERS + 1);
  expect(found.every((page) => page.total === CUSTOMERS + 1)).toBe(true);
});

test('what is overdue comes first and falls', async () => {
  const overdue = (await pages('sort=overdue')).flatMap((page) => page.rows.map((row) => Number(row.sums[0]?.overdue ?? 0)));
  expect(overdue).toEqual(overdue.toSorted((a, b) => b - a));
  expect(overdue[0]).toBe(104);
});

test.each([['filter=overdue', 59], ['filter=credit', 1], ['filter=held', 0], ['filter=withoutEmail', CUSTOMERS], ['search=C_%25', 1], ['search=fa-11', 0], ['search=FA-11', 1], ['search=Client%20C11', 8]])(
  '%s finds %i', async (query, count) => {
    const found = await pages(query);
    expect(found.flatMap((page) => page.rows)).toHaveLength(count);
  });

test('a customer’s figures, reasons and timeline agree with the list', async () => {
  const [row] = (await pages('search=FA-11'))[0]?.rows ?? [];
  const customer = (await web.ask('GET', `/api/customers/${row?.id ?? ''}`, { cookie })).json<Record<string, unknown>>();
  expect(customer).toMatchObject({
    code: 'C11', sums: row?.sums, itemsTruncated: false, items: [{ document: 'FA-11', open: '101.00', dueOn: '2026-07-15', why: { acts: false, reason: 'notDue', text: { fr: expect.stringContaining('FA-11'), en: expect.stringContaining('FA-11') } } }],
    timeline: [{ kind: 'import', count: 1 }],
  });
});

test('the overview adds up to the items', async () => {
  const overview = (await web.ask('GET', '/api/overview', { cookie })).json<{ currencies: { buckets: { amount: string }[]; outstanding: string; credits: string; balance: string }[] }>();
  const [euros] = overview.currencies;
  const buckets = euros?.buckets.reduce((sum, bucket) => sum + Number(bucket.amount), 0);
  expect(buckets).toBe(Number(euros?.outstanding));
  expect(Number(euros?.outstanding) - Number(euros?.credits)).toBe(Number(euros?.balance));
  expect(euros?.credits).toBe('50.00');
});

test('a file cut by its size limit, or no file at all, is said so', async () => {
  const answer = await web.app.inject({
    method: 'POST', url: '/api/imports', headers: { host: '127.0.0.1', origin: 'http://127.0.0.1', cookie, 'content-type': 'multipart/form-data; boundary=x' }, payload: '--x\r\ncontent-disposition: form-data; name="terms"\r\n\r\n30 jours\r\n--x--\r\n',
  });
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([422, 'import.noFile']);
});
