import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DropFileView } from '#core/api/drops.ts';
import type { CustomerDetail, CustomerPage } from '#core/api/customers.ts';
import type { ImportView } from '#core/api/imports.ts';
import type { ReviewView } from '#core/api/reviews.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { currentDrop, dropFiles, endedDrop, openDrop, sendFile } from '#server/testing/drops.ts';
import type { Dropped } from '#server/testing/drops.ts';
import { givenOrganisation } from '#server/testing/given.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';

const MIXED = fileURLToPath(new URL('../../../fixtures/mixed/', import.meta.url));

/** The mixed folder, in an order that is not the one of the work: banks first. */
const mixed: readonly Dropped[] = readdirSync(MIXED, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== 'README.md').map((entry) => join(entry.parentPath, entry.name)).toSorted((a, b) => (a < b ? 1 : -1))
  .map((path) => ({ name: path.split('/').at(-1) ?? '', path: path.slice(MIXED.length), content: readFileSync(path) }));

const OWNER = { siren: '000900019', legalForm: 'SAS', capital: '50 000 €', rcsCity: 'Nantes', address: ['3 quai des Essais'], postalCode: '44000', city: 'Nantes', email: 'compta@ateliers-duval.test', iban: 'FR1420041010050500013M02606', signatory: 'Claire Duval' };

let data: TestDatabase;
let web: TestWeb;
let organisation: OrganisationId;
let cookie: string;
let byName: ReadonlyMap<string, DropFileView>;
beforeAll(async () => {
  data = await testDatabase();
  web = await testWeb(data);
  organisation = await givenOrganisation(data.database, { entity: OWNER });
  cookie = await web.signedIn(organisation, 'collector');
  ({ byName } = await dropFiles(web, cookie, mixed));
});
afterAll(async () => {
  await web.app.close();
  await data.drop();
});

const told = (name: string): string => {
  const file = byName.get(name);
  return `${file?.format ?? 'nothing'} ${file?.outcome?.stage ?? file?.state ?? 'absent'}`;
};

test.each([
  ['000900019FEC20261231.txt', 'fec applied'], ['F2026-201.xml', 'ubl applied'], ['F2026-202.xml', 'cii applied'], ['F2026-203.pdf', 'facturx applied'], ['F2026-204.xml', 'ubl applied'],
  ['F2026-201_207.xml', 'cdar applied'], ['2026-01_cfonb120.txt', 'cfonb120 applied'], ['2026-02_camt053.xml', 'camt053 applied'], ['2026-02_coupe.xml', 'camt053 refused'],
  ['2026-03.sta', 'mt940 applied'], ['2026-04.ofx', 'ofx applied'], ['2026-05_ecart.xml', 'camt053 applied'], ['2026-06.csv', 'csv toConfirm'], ['autre-compte_camt053.xml', 'camt053 refused'],
  ['juin.zip', 'zip done'], ['F2026-205.xml', 'ubl applied'], ['2026-06-01_camt053.xml', 'camt053 applied'], ['note-interne.txt', 'nothing refused'],
])('%s of the mixed folder: %s', (name, expected) => {
  expect(told(name)).toBe(expected);
});

test('ledgers come first, then invoices, statuses and bank statements, whatever the order they arrived in', async () => {
  const history = (await web.ask('GET', '/api/imports?limit=100', { cookie })).json<ImportView[]>();
  const turn: Readonly<Record<string, number>> = { fec: 0, ubl: 1, cii: 1, facturx: 1, cdar: 2 };
  const turns = history.toReversed().map(({ format }) => turn[format] ?? 3);
  expect(turns).toEqual(turns.toSorted((a, b) => a - b));
  expect(new Set(turns)).toEqual(new Set([0, 1, 2, 3]));
  expect(history.every(({ by }) => by === 'Testeuse')).toBe(true);
});

test('what was understood: an account with its period and balance, an invoice with its customer, a status that found it', () => {
  expect(byName.get('2026-02_camt053.xml')?.outcome).toMatchObject({
    created: { bankLines: 2 }, totals: { credit: '400.50', debit: '120.00' },
    found: { kind: 'bank', accounts: [{ account: OWNER.iban, currency: 'EUR', from: '2026-02-01', until: '2026-02-28', closing: '1730.50', lines: 2, toReview: false }] },
  });
  expect(byName.get('F2026-203.pdf')?.outcome?.found).toMatchObject({ kind: 'invoice', number: 'F2026-203', type: 'invoice', customer: { name: 'Brasserie du Port' }, due: '144.00', dueOn: '2026-06-17', toReview: false });
  expect(byName.get('F2026-201_207.xml')?.outcome).toMatchObject({ changed: { holdsOpened: 1 }, found: { kind: 'status', total: 1, statuses: [{ number: 'F2026-201', status: '207', customer: { name: 'Hôtel du Phare SAS' } }] } });
  expect(byName.get('000900019FEC20261231.txt')?.outcome).toMatchObject({ created: { customers: 3, debits: 4 }, found: { kind: 'ledger', from: '2026-03-03', until: '2026-05-20' } });
});

test('a refused file says why, with its line; all remarks can be saved as a table', async () => {
  const refused = byName.get('2026-02_coupe.xml')?.outcome;
  expect(refused).toMatchObject({ importId: null, errors: 1, problems: [{ severity: 'error', message: { fr: expect.any(String), en: expect.any(String) } }] });
  const drop = await currentDrop(web, cookie);
  const csv = await web.ask('GET', `/api/drops/${drop?.id ?? ''}/problems.csv?language=fr`, { cookie });
  expect(csv.headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="remarques.csv"; filename*=UTF-8''remarques.csv`, 'x-content-type-options': 'nosniff' });
  const lines = csv.body.replace('\ufeff', '').split('\r\n');
  expect(lines[0]).toBe('"Fichier";"Ligne";"Gravité";"Explication";"Code"');
  expect(lines.filter((line) => line.startsWith('"2026-02_coupe.xml"'))).toEqual([expect.stringContaining('"Erreur"')]);
});

test('"it is our account" imports the statement that was refused for it', async () => {
  const drop = await currentDrop(web, cookie);
  const file = byName.get('autre-compte_camt053.xml');
  expect(file).toMatchObject({ kept: true, outcome: { foreignAccount: true } });
  const url = `/api/drops/${drop?.id ?? ''}/files/${file?.id ?? ''}`;
  expect((await web.ask('POST', url, { cookie, body: { mapping: null, check: false, newAccount: true } })).statusCode).toBe(202);
  const after = await endedDrop(web, cookie);
  expect(after.files.find(({ name }) => name === file?.name)).toMatchObject({ kept: false, outcome: { stage: 'applied', created: { bankLines: 1 } } });
});

test('columns that a person settled are applied, and their file is not kept any longer', async () => {
  const drop = await currentDrop(web, cookie);
  const file = byName.get('2026-06.csv');
  const mapping = file?.outcome?.understood?.mapping;
  expect(mapping).toMatchObject({ kind: 'bank' });
  const url = `/api/drops/${drop?.id ?? ''}/files/${file?.id ?? ''}`;
  const answer = await web.ask('POST', url, { cookie, body: { mapping: JSON.parse(JSON.stringify(mapping)) as object, check: false, newAccount: true } });
  expect([answer.statusCode, answer.body]).toEqual([202, '{"done":true}']);
  const after = await endedDrop(web, cookie);
  expect(after.files.find(({ name }) => name === '2026-06.csv')).toMatchObject({ kept: false, outcome: { stage: 'applied', created: { bankLines: 3 } } });
  expect((await web.ask('POST', url, { cookie, body: { mapping: null, check: false, newAccount: false } })).statusCode).toBe(404);
});

test('a page that has a version is only told what changed since', async () => {
  const whole = await currentDrop(web, cookie);
  const rest = (await web.ask('GET', `/api/drops/current?since=${whole?.version ?? 0}`, { cookie })).json<{ drop: { files: unknown[]; version: number } }>().drop;
  expect(rest).toMatchObject({ version: whole?.version, files: [] });
});

test('reviews: why in words and figures; accepted, the invoice is owed and the statement counts', async () => {
  const reviews = (await web.ask('GET', '/api/reviews', { cookie })).json<ReviewView[]>();
  expect(reviews).toEqual([
    expect.objectContaining({ kind: 'statement', fileName: '2026-05_ecart.xml', opening: '2500.90', movement: '312.40', closing: '3500.00', difference: '686.70', reasons: [expect.objectContaining({ fr: expect.stringContaining('3500,00') })] }),
    expect.objectContaining({ kind: 'document', number: 'F2026-204', due: '630.00', gross: '360.00', buyer: 'Hôtel du Phare SAS', reasons: expect.arrayContaining([expect.objectContaining({ en: expect.stringContaining('630') })]) }),
  ]);
  expect((await web.ask('GET', '/api/reviews/count', { cookie })).json()).toEqual({ waiting: 2 });
  const [statement, invoice] = reviews;
  expect((await web.ask('POST', `/api/reviews/statements/${statement?.id ?? ''}/accept`, { cookie })).statusCode).toBe(200);
  expect((await web.ask('POST', `/api/reviews/documents/${invoice?.id ?? ''}`, { cookie, body: { decision: 'accepted' } })).statusCode).toBe(200);
  expect((await web.ask('POST', `/api/reviews/documents/${invoice?.id ?? ''}`, { cookie, body: { decision: 'discarded' } })).statusCode).toBe(404);
  expect((await web.ask('GET', '/api/reviews/count', { cookie })).json()).toEqual({ waiting: 0 });
  const found = (await web.ask('GET', '/api/customers?search=F2026-204', { cookie })).json<CustomerPage>();
  expect(found.rows).toMatchObject([{ name: 'Hôtel du Phare SAS' }]);
});

test('the customer shows the status of an invoice and its files, which are saved under their names', async () => {
  const found = (await web.ask('GET', '/api/customers?search=F2026-203', { cookie })).json<CustomerPage>();
  const customer = (await web.ask('GET', `/api/customers/${found.rows[0]?.id ?? ''}`, { cookie })).json<CustomerDetail>();
  const item = customer.items.find(({ document }) => document === 'F2026-203');
  expect(item?.files.map(({ type }) => type)).toEqual(['pdf', 'xml']);
  const [pdf] = item?.files ?? [];
  const saved = await web.ask('GET', `/api/documents/${pdf?.document ?? ''}/files/${pdf?.id ?? ''}`, { cookie });
  expect(saved.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="F2026-203.pdf"; filename*=UTF-8''F2026-203.pdf`, 'content-security-policy': "default-src 'none'; sandbox" });
  expect(saved.rawPayload.equals(readFileSync(join(MIXED, 'factures/F2026-203.pdf')))).toBe(true);
  const hotel = (await web.ask('GET', '/api/customers?search=F2026-201', { cookie })).json<CustomerPage>();
  const disputed = (await web.ask('GET', `/api/customers/${hotel.rows[0]?.id ?? ''}`, { cookie })).json<CustomerDetail>();
  expect(disputed.items.find(({ document }) => document === 'F2026-201')).toMatchObject({ status: { code: '207', on: '2026-05-15' }, why: { reason: 'disputed' } });
});

test('another organisation sees neither drop, nor file, nor review', async () => {
  const theirs = await givenOrganisation(data.database);
  const stranger = await web.signedIn(theirs, 'owner');
  const drop = await currentDrop(web, cookie);
  const file = await data.database.inTenant(organisation, (t) => t.one<{ document_id: string; document_file_id: string }>(t.sql`select f.document_id, f.document_file_id from ${t.from('document_file')} f limit 1`));
  expect(await currentDrop(web, stranger)).toBeNull();
  expect((await web.ask('DELETE', `/api/drops/${drop?.id ?? ''}`, { cookie: stranger })).statusCode).toBe(404);
  expect((await web.ask('GET', `/api/drops/${drop?.id ?? ''}/problems.csv`, { cookie: stranger })).statusCode).toBe(404);
  expect((await web.ask('GET', `/api/documents/${file?.document_id ?? ''}/files/${file?.document_file_id ?? ''}`, { cookie: stranger })).statusCode).toBe(404);
  expect((await web.ask('GET', '/api/reviews', { cookie: stranger })).json()).toEqual([]);
});

test('the same files again: known, with when and by whom; a reader may look and not drop', async () => {
  const again = await dropFiles(web, cookie, mixed.filter(({ name }) => name === 'F2026-202.xml' || name === '2026-03.sta'));
  for (const file of again.drop.files) expect(file.outcome).toMatchObject({ stage: 'unchanged', before: { by: 'Testeuse', at: expect.stringContaining('2026-06-30') }, found: { kind: expect.any(String) } });
  const reader = await web.signedIn(organisation, 'reader');
  expect((await web.ask('GET', '/api/drops/current', { cookie: reader })).statusCode).toBe(200);
  expect((await web.ask('POST', '/api/drops', { cookie: reader, body: { files: 1, terms: null } })).statusCode).toBe(403);
});

test('what waits can be cancelled; a drop that was put away is gone, and a late file is told so', async () => {
  const id = await openDrop(web, cookie, 2);
  await sendFile(web, cookie, { drop: id, file: { name: 'a.txt', content: 'rien' } });
  expect((await web.ask('POST', `/api/drops/${id}/cancel`, { cookie })).statusCode).toBe(200);
  expect(await currentDrop(web, cookie)).toMatchObject({ state: 'ended', expected: 2, files: [{ state: 'cancelled', kept: false }] });
  expect((await web.ask('DELETE', `/api/drops/${id}`, { cookie })).statusCode).toBe(200);
  expect(await currentDrop(web, cookie)).toBeNull();
  const late = await sendFile(web, cookie, { drop: id, file: { name: 'b.txt', content: 'rien' } });
  expect([late.statusCode, late.json<{ code: string }>().code]).toEqual([404, 'request.notFound']);
});

test.each([[0], [501], [1.5]])('a drop of %d files is refused', async (files) => {
  expect((await web.ask('POST', '/api/drops', { cookie, body: { files, terms: null } })).statusCode).toBe(400);
});
