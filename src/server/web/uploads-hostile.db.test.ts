import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportView } from '#core/api/imports.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { dropFiles, openDrop, sendFile } from '#server/testing/drops.ts';
import type { Dropped } from '#server/testing/drops.ts';
import { givenOrganisation } from '#server/testing/given.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';

const fixture = (name: string): Buffer => readFileSync(fileURLToPath(new URL(`../../../fixtures/mixed/${name}`, import.meta.url)));
const PDF = fixture('factures/F2026-203.pdf');
const ZIP = fixture('juin.zip');

let data: TestDatabase;
let web: TestWeb;
beforeAll(async () => {
  data = await testDatabase();
  web = await testWeb(data);
});
afterAll(async () => {
  await web.app.close();
  await data.drop();
});

/** A company of its own, so that no file is known from another case. */
async function signedIn(): Promise<{ organisation: OrganisationId; cookie: string }> {
  const organisation = await givenOrganisation(data.database, { entity: { siren: '000900019', legalForm: 'SAS', capital: '1 €', rcsCity: 'Nantes', address: ['3 quai'], postalCode: '44000', city: 'Nantes', email: 'a@b.test', iban: 'FR1420041010050500013M02606', signatory: 'C' } });
  return { organisation, cookie: await web.signedIn(organisation, 'collector') };
}

async function dropped(file: Dropped) {
  const { organisation, cookie } = await signedIn();
  const { drop } = await dropFiles(web, cookie, [file]);
  const [first] = drop.files;
  if (first === undefined) throw new Error('nothing was dropped');
  return { organisation, cookie, file: first };
}

const codesOf = (file: { outcome: { problems: readonly { code: string }[] } | null }): string[] => (file.outcome?.problems ?? []).map(({ code }) => code);

/** Files of documents as another way in may have stored them: under the very name they came with. */
async function stored(name: string, mediaType: 'application/pdf' | 'application/xml' = 'application/pdf'): Promise<{ organisation: OrganisationId; cookie: string; url: string }> {
  const { organisation, cookie } = await signedIn();
  const content = Buffer.from('%PDF-1.7 <script>alert(1)</script>');
  const ids = await data.database.inTenant(organisation, async (t) => {
    const document = await t.one<{ document_id: string }>(t.sql`
      ${t.into('document', 'number, type_code, kind, issued_on, currency, due, buyer_name, details')}
      values (${t.org}, 'F-1', '380', 'invoice', '2026-05-01'::date, 'EUR', 100, 'Client', '{}'::jsonb) returning document_id`);
    const file = await t.one<{ document_file_id: string }>(t.sql`
      ${t.into('document_file', 'document_id, media_type, file_name, sha256, content')}
      values (${t.org}, ${document?.document_id ?? ''}::bigint, ${mediaType}, ${name}, ${createHash('sha256').update(content).digest()}::bytea, ${content}::bytea) returning document_file_id`);
    return { document: document?.document_id ?? '', file: file?.document_file_id ?? '' };
  });
  return { organisation, cookie, url: `/api/documents/${ids.document}/files/${ids.file}` };
}

/** The download of a stored file: never anything a browser would run, frame or guess at. */
async function download(name: string, mediaType: 'application/pdf' | 'application/xml' = 'application/pdf'): Promise<string> {
  const { cookie, url } = await stored(name, mediaType);
  const answer = await web.ask('GET', url, { cookie });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({ 'content-type': mediaType, 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox", 'cache-control': 'no-store' });
  expect(answer.headers['set-cookie']).toBeUndefined();
  const header = String(answer.headers['content-disposition']);
  expect(header).toMatch(/^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]+"; filename\*=UTF-8''[\w.!#$&+^`|~%-]+$/);
  return header;
}

const utf8Name = (header: string): string => decodeURIComponent(header.split("filename*=UTF-8''")[1] ?? '');

describe('type lies: the content decides, the name only warns', () => {
  test('S3-031 a PDF named .xlsx is read as the PDF it is, with a warning, and saved as .pdf', async () => {
    const { organisation, cookie, file } = await dropped({ name: 'F2026-203.xlsx', content: PDF });
    expect(file).toMatchObject({ format: 'facturx', outcome: { stage: 'applied' } });
    expect(codesOf(file)).toContain('intake.nameDisagrees');
    const kept = await data.database.inTenant(organisation, (t) => t.one<{ document_id: string; document_file_id: string }>(t.sql`select f.document_id, f.document_file_id from ${t.from('document_file')} f where f.media_type = 'application/pdf'`));
    const saved = await web.ask('GET', `/api/documents/${kept?.document_id ?? ''}/files/${kept?.document_file_id ?? ''}`, { cookie });
    expect(utf8Name(String(saved.headers['content-disposition']))).toBe('F2026-203.xlsx.pdf');
  });

  test.each([
    ['S3-032', 'HTML named .pdf', { name: 'facture.pdf', content: '<!doctype html><html><script>alert(1)</script></html>' }],
    ['S3-033', 'SVG named .png', { name: 'logo.png', content: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>' }],
    ['S3-034', 'PHP named .pdf', { name: 'facture.pdf', content: '<?php system($_GET["c"]); ?>' }],
    ['S3-035', 'a page that is also a PDF', { name: 'facture.pdf', content: Buffer.concat([Buffer.from('<html><script>alert(1)</script>'), PDF]) }],
    ['S3-036', 'a PDF that is also an archive', { name: 'facture.pdf', content: Buffer.concat([PDF, ZIP]) }],
  ] satisfies readonly (readonly [string, string, Dropped])[])('%s %s is refused with its reason, and nothing of it is kept', async (_id, _what, given) => {
    const { cookie, file } = await dropped(given);
    expect(file).toMatchObject({ kept: false, outcome: { stage: 'refused', importId: null, problems: [{ severity: 'error', message: { fr: expect.any(String), en: expect.any(String) } }] } });
    expect((await web.ask('GET', '/api/imports', { cookie })).json<ImportView[]>()).toEqual([]);
  });

  test('S3-037 a table that its sender calls text/html is read as the table it is', async () => {
    const { file } = await dropped({ name: 'factures.csv', type: 'text/html', content: 'Client;Facture;Date;Échéance;Montant\r\nPetit;F-1;20/04/2026;20/05/2026;450,00\r\n' });
    expect(file).toMatchObject({ format: 'csv', outcome: { stage: 'toConfirm' } });
  });

  test.each([
    ['S3-038', 'no extension', 'facture', []], ['S3-039', 'a double extension', 'facture.pdf.exe', ['intake.nameDisagrees']], ['S3-040', 'upper case', 'FACTURE.PDF', []],
    ['S3-041', 'a dot that is none', 'facture\u2024pdf', []],
  ] as const)('%s %s: a PDF named so is read as a PDF', async (...given) => {
    const [, , name, warnings] = given;
    const { file } = await dropped({ name, content: PDF });
    expect(file).toMatchObject({ format: 'facturx', outcome: { stage: 'applied' } });
    expect(codesOf(file)).toEqual(warnings);
  });

  test.each([
    ['S3-038', 'facture', 'facture.pdf'], ['S3-039', 'facture.pdf.exe', 'facture.pdf.exe.pdf'], ['S3-040', 'FACTURE.PDF', 'FACTURE.PDF'], ['S3-041', 'facture\u2024pdf', 'facture\u2024pdf.pdf'],
    ['S3-032', 'facture.html', 'facture.html.pdf'], ['S3-033', 'logo.svg', 'logo.svg.pdf'], ['S3-034', 'facture.php', 'facture.php.pdf'], ['S3-031', 'facture.xlsx', 'facture.xlsx.pdf'],
  ])('%s %s is handed over as %s, whatever it contains', async (_id, name, expected) => {
    expect(utf8Name(await download(name))).toBe(expected);
  });

  test('S3-035 S3-036 S3-037 bytes that are also a page are saved, not shown: attachment, their own type, no guessing, a sandbox', async () => {
    expect(await download('page.html', 'application/xml')).toMatch(/^attachment; filename="page\.html\.xml"/);
  });
});

/** A name, what it is called in the lists, and what its download is called. */
const NAMES: readonly (readonly [string, string, string, string])[] = [
  ['S3-057', '../../x', 'x', 'x.pdf'],
  ['S3-057', '..\\..\\windows\\x.pdf', 'x.pdf', 'x.pdf'],
  ['S3-058', 'a\r\nSet-Cookie: x=1', 'aSet-Cookie: x=1', 'aSet-Cookie: x=1.pdf'],
  ['S3-059', 'a".pdf', 'a".pdf', 'a".pdf'],
  ['S3-060', 'a;b.pdf', 'a;b.pdf', 'a;b.pdf'],
  ['S3-061', 'con.pdf', '_con.pdf', '_con.pdf'],
  ['S3-062', `${'n'.repeat(296)}.pdf`, `${'n'.repeat(116)}.pdf`, `${'n'.repeat(116)}.pdf`],
  ['S3-063', 'facture 🧾 payée.pdf', 'facture 🧾 payée.pdf', 'facture 🧾 payée.pdf'],
  ['S3-064', 'facture\u202egpj.exe', 'facturegpj.exe', 'facturegpj.exe.pdf'],
  ['S3-065', '', 'import', 'document.pdf'],
  ['S3-066', '...', 'import', 'document.pdf'],
];

/** A name in the title of a test: what cannot be seen is written out, what is long is cut. */
const shown = (name: string): string => JSON.stringify(name.length > 40 ? `${name.slice(0, 20)}… (${name.length} characters)` : name).replace('\u202e', '\\u202e');

describe('names: shown and saved in one line, never a path', () => {
  test.each(NAMES.map(([id, name, listed]) => [id, shown(name), name, listed] as const))('%s %s is listed', async (...given) => {
    const [, , name, listed] = given;
    const { cookie } = await signedIn();
    const drop = await openDrop(web, cookie, 1);
    const answer = await sendFile(web, cookie, { drop, file: { name, content: PDF, path: `dossier/${name}` } });
    expect(answer.statusCode).toBe(201);
    const [file] = (await web.ask('GET', '/api/drops/current', { cookie })).json<{ drop: { files: { name: string; folder: string }[] } }>().drop.files;
    const said = file?.name.replace('%0D%0A', '').replace('%22', '"');
    expect(said).toBe(listed);
    expect(file?.folder.split(' / ').every((part) => !part.includes('..'))).toBe(true);
  });

  test.each(NAMES.map(([id, name, , saved]) => [id, shown(name), name, saved] as const))('%s %s is saved', async (...given) => {
    const [, , name, saved] = given;
    expect(utf8Name(await download(name))).toBe(saved);
  });

  test('S3-058 a name that breaks its line in the form itself is read as a name or not at all', async () => {
    const { cookie } = await signedIn();
    const drop = await openDrop(web, cookie, 1);
    const answer = await sendFile(web, cookie, { drop, file: { name: 'a\r\nSet-Cookie: x=1', content: PDF }, rawName: true });
    expect([201, 400, 422]).toContain(answer.statusCode);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('S3-057 a member of an archive named as a path stays inside', async () => {
    const { file, cookie } = await dropped({ name: 'juin.zip', content: ZIP });
    const { drop } = (await web.ask('GET', '/api/drops/current', { cookie })).json<{ drop: { files: { parent: string | null; name: string; folder: string }[] } }>();
    expect(drop.files.filter(({ parent }) => parent === file.id).map(({ name, folder }) => [folder, name])).toEqual([['juin', '2026-06-01_camt053.xml'], ['juin', 'F2026-205.xml']]);
  });
});

describe('problems as a table hold no formula', () => {
  test.each([['=1+1.txt'], ['@SUM(A1).txt'], ['+cmd.txt'], ['-2+3.txt']])('%s', async (name) => {
    const { cookie } = await dropped({ name, content: 'rien' });
    const { drop } = (await web.ask('GET', '/api/drops/current', { cookie })).json<{ drop: { id: string } }>();
    const csv = await web.ask('GET', `/api/drops/${drop.id}/problems.csv?language=en`, { cookie });
    expect(csv.body.split('\r\n')[1]).toMatch(/^"'[=@+-]/);
  });
});
