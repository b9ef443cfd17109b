import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { EXAMPLE_CREDITOR, EXAMPLE_DEBTOR, EXAMPLE_FACTS, EXAMPLE_ITEMS } from '#core/letters/example.ts';
import { composeMessage } from '#core/letters/message-model.ts';
import { renderMessage } from '#core/letters/render.ts';
import { compileTemplate } from '#core/letters/template.ts';
import { letterData } from './letter-data.ts';
import { openLetterMaker } from './pdf.ts';
import type { LetterMaker } from './pdf.ts';

let canary: Server;
let port = 0;
let connections = 0;
let maker: LetterMaker;

beforeAll(async () => {
  canary = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => {
    canary.listen(0, '127.0.0.1', resolve);
  });
  const address: string | AddressInfo | null = canary.address();
  port = address === null || typeof address === 'string' ? 0 : address.port;
  maker = must(await openLetterMaker());
});

afterAll(() => {
  canary.close();
});

/** A letter with the text in every place a stranger may write: names, address, reference, document, contact. */
function letterWith(text: string) {
  const cut = text.slice(0, 60);
  const facts = {
    ...EXAMPLE_FACTS,
    creditor: { ...EXAMPLE_CREDITOR, name: `${cut} SA`, signatory: { name: cut, role: cut } },
    debtor: { ...EXAMPLE_DEBTOR, name: cut, contactName: cut, code: cut, addressLines: [cut] },
    items: EXAMPLE_ITEMS.map((item) => ({ ...item, document: cut })),
    reference: text.slice(0, 140),
  };
  const model = must(composeMessage(facts));
  const message = must(renderMessage(must(compileTemplate({ subject: 'Pour {{client.nom}}', body: 'Bonjour {{contact.nom}},\n\n{{postes.tableau}}\n\n{{paiement.bloc}}' })), model));
  return { model, message };
}

const host = (): string => `http://127.0.0.1:${port}`;

test.each([
  ['S4-070 image from a file', () => '<img src=file:///etc/passwd>'],
  ['S4-071 iframe to metadata', () => `<iframe src=${host()}/169.254.169.254>`],
  ['S4-072 style sheet', () => `<link rel=stylesheet href=${host()}>`],
  ['S4-073 @import', () => `@import url(${host()});`],
  ['S4-074 @font-face', () => `@font-face{src:url(${host()})}`],
  ['S4-075 script fetch', () => `<script>fetch("${host()}")</script>`],
  ['S4-076 object', () => `<object data="${host()}">`],
  ['S4-077 svg image', () => `<svg><image href="${host()}"/></svg>`],
  ['S4-078 meta refresh', () => `<meta http-equiv=refresh content="0;${host()}">`],
  ['S4-079 base href', () => `<base href="${host()}">`],
  ['S4-080 a page of a million pixels', () => '<style>@page{size:1000000px}</style>'],
  ['S4-081 ten thousand nested divs', () => '<div>'.repeat(10_000)],
  ['Typst panic', () => '#panic("x") ']   ,
  ['Typst read', () => '#read("/etc/passwd")'],
  ['Typst import', () => '#import "@preview/cetz:0.3.0": *'],
  ['Typst loop', () => '#while true {} $x$ *b* _i_ `c` @ref <lbl> \\ // /* */'],
  ['Typst string end', () => '"]] }) #eval("1+1")'],
])('%s: printed as text, same page, no file read, no connection', (_name, text) => {
  const { model, message } = letterWith(text());
  const data = letterData(model, message);
  const flat = JSON.stringify(data).replaceAll('\u200B', '');
  expect(flat).toContain(JSON.stringify(text().slice(0, 60).trim()).slice(1, -1));
  const plain = letterWith('x'.repeat(60));
  const letter = must(maker.make(model, message));
  expect(letter.pages).toBe(must(maker.make(plain.model, plain.message)).pages);
  expect(letter.bytes.toString('latin1')).not.toMatch(/\/URI|\/JavaScript|\/Launch|\/EmbeddedFile|root:x:0/);
  expect(connections).toBe(0);
});

test('a character the fonts have not refuses the letter and names it', () => {
  const { model, message } = letterWith('株式会社');
  expect(maker.make(model, message)).toMatchObject({ ok: false, error: { code: 'letters.undrawable', message: { fr: expect.stringContaining('株') } } });
});

test.each(['Łódź Ångström Çelik Ħal', 'ΑΦΟΙ ΠΑΠΑΔΟΠΟΥΛΟΥ', 'ООО «Ромашка»', 'Société №1 — “œuvre” ½ ² € £ $ ¥'])('%s is drawn', (text) => {
  const { model, message } = letterWith(text);
  expect(maker.make(model, message).ok).toBe(true);
});
