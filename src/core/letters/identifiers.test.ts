import fc from 'fast-check';
import { expect, test } from 'vitest';
import { money } from '../kernel/money.ts';
import { must } from '../kernel/result.ts';
import { creditorReference, formatCreditorReference, parseCreditorReference } from '../kernel/creditor-reference.ts';
import { epcPayload, utf8Length } from './epc.ts';
import type { EpcTransfer } from './epc.ts';
import { formatIban, parseBic, parseIban } from '#core/kernel/iban.ts';

test('L1 the reference of 539007547034 is RF18 5390 0754 7034', () => {
  const reference = must(creditorReference('539007547034'));
  expect(reference).toBe('RF18539007547034');
  expect(formatCreditorReference(reference)).toBe('RF18 5390 0754 7034');
  expect(must(creditorReference('FA20260112'))).toBe('RF36FA20260112');
});

test.each(['RF18 5390 0754 7034', 'rf18539007547034', 'RF18\u00A05390\u202F07547034'])('L2 %s is valid once normalised', (text) => {
  expect(must(parseCreditorReference(text))).toBe('RF18539007547034');
});

test.each([
  ['L3 RF99', 'RF99539007547034', 'reference.checkDigits'],
  ['L3 no RF', '18539007547034', 'reference.malformed'],
  ['L3 22 characters', `RF00${'1'.repeat(22)}`, 'reference.tooLong'],
  ['no payload', 'RF18', 'reference.malformed'],
  ['a letter that upper-cases to ASCII', 'RF18539007547ı34', 'reference.malformed'],
  ['one digit changed', 'RF18539007547035', 'reference.checkDigits'],
])('%s is refused', (_name, text, error) => expect(parseCreditorReference(text)).toEqual({ ok: false, error }));

test('L3 more than 21 characters make no reference, separators do not count', () => {
  expect(creditorReference('A'.repeat(22))).toEqual({ ok: false, error: 'reference.tooLong' });
  expect(creditorReference('')).toEqual({ ok: false, error: 'reference.malformed' });
  expect(creditorReference('Éts-12')).toEqual({ ok: false, error: 'reference.malformed' });
  expect(must(creditorReference('c-004.21/b'))).toBe(must(creditorReference('C00421B')));
});

test('L4 leading zeros do not change the check digits', () => {
  expect(must(creditorReference('000539007547034')).slice(2, 4)).toBe('18');
});

test('every reference made reads back, and any one changed digit is noticed', () => {
  const checked = fc.check(
    fc.property(fc.stringMatching(/^[A-Z0-9]{1,21}$/), fc.nat(), (payload, at) => {
      const reference = must(creditorReference(payload));
      const place = 4 + (at % payload.length);
      const other = reference[place] === '7' ? '8' : '7';
      const changed = reference.slice(0, place) + other + reference.slice(place + 1);
      return parseCreditorReference(reference).ok && (!/\d/.test(reference[place] ?? '') || !parseCreditorReference(changed).ok);
    }),
    { seed: 20_261_122 },
  );
  expect(checked).toMatchObject({ failed: false, counterexample: null });
});

test('an IBAN reads with spaces and in small letters, and prints in groups', () => {
  const iban = must(parseIban('fr14 2004 1010 0505 0001 3M02 606'));
  expect(iban).toBe('FR1420041010050500013M02606');
  expect(formatIban(iban)).toBe('FR14 2004 1010 0505 0001 3M02 606');
  expect(parseIban('DE89370400440532013000').ok).toBe(true);
});

test.each([
  ['FR1420041010050500013M02607', 'iban.checkDigits'],
  ['FR142004101005050001', 'iban.length'],
  ['FR14-2004-1010', 'iban.malformed'],
  ['', 'iban.malformed'],
  ['FR14\u200B20041010050500013M02606', 'iban.malformed'],
  ['F'.repeat(10_000), 'iban.length'],
])('IBAN %s: %s', (text, error) => expect(parseIban(text)).toEqual({ ok: false, error }));

test('a BIC has 8 or 11 characters', () => {
  expect(parseBic('psstfrppnte')).toBe('PSSTFRPPNTE');
  expect(parseBic('BNPAFRPP')).toBe('BNPAFRPP');
  for (const wrong of ['BNPAFRP', 'BNPAFRPPXX', '1NPAFRPP', 'BNPA1RPP', '']) expect(parseBic(wrong)).toBeNull();
});

const TRANSFER: EpcTransfer = { name: 'Menuiserie des Trois Rivières', iban: 'FR14 2004 1010 0505 0001 3M02 606', bic: 'PSSTFRPPNTE', amount: money(1230n, 'EUR'), reference: 'RF18 5390 0754 7034' };

test('the QR payload follows EPC069-12 version 002, line by line', () => {
  expect(must(epcPayload(TRANSFER)).split('\n')).toEqual(['BCD', '002', '1', 'SCT', 'PSSTFRPPNTE', 'Menuiserie des Trois Rivières', 'FR1420041010050500013M02606', 'EUR12.30', '', 'RF18539007547034']);
  expect(must(epcPayload({ ...TRANSFER, bic: null, reference: 'Facture F-2025-1187' })).split('\n').slice(4)).toEqual(['', 'Menuiserie des Trois Rivières', 'FR1420041010050500013M02606', 'EUR12.30', '', '', 'Facture F-2025-1187']);
});

test.each<[string, Partial<EpcTransfer>, string]>([
  ['dollars', { amount: money(1230n, 'USD') }, 'letters.epcCurrency'],
  ['nothing to pay', { amount: money(0n, 'EUR') }, 'letters.epcAmount'],
  ['a negative amount', { amount: money(-1n, 'EUR') }, 'letters.epcAmount'],
  ['a billion', { amount: money(100_000_000_000n, 'EUR') }, 'letters.epcAmount'],
  ['no account', { iban: null }, 'letters.epcNoIban'],
  ['a wrong account', { iban: 'FR1420041010050500013M02607' }, 'letters.epcIban'],
  ['a wrong BIC', { bic: 'X' }, 'letters.epcBic'],
  ['no name', { name: ' \u202E ' }, 'letters.epcName'],
  ['free text over 140', { reference: 'x'.repeat(141) }, 'letters.epcText'],
  ['free text over 331 bytes', { reference: '株'.repeat(100) }, 'letters.epcTooLong'],
])('no QR code for %s', (_name, change, code) => {
  const payload = epcPayload({ ...TRANSFER, ...change });
  expect(payload.ok ? '' : payload.error.code).toBe(code);
});

test('whatever the name and the text, a payload keeps its lines and its limits', () => {
  const checked = fc.check(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 140 }), (name, reference) => {
      const payload = epcPayload({ ...TRANSFER, name, reference });
      if (!payload.ok) return true;
      const lines = payload.value.split('\n');
      return lines.length <= 11 && lines[6] === 'FR1420041010050500013M02606' && lines[7] === 'EUR12.30' && (lines[5]?.length ?? 0) <= 70 && utf8Length(payload.value) <= 331;
    }),
    { seed: 20_261_122, numRuns: 500 },
  );
  expect(checked).toMatchObject({ failed: false, counterexample: null });
});
