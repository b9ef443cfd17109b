import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSiren, parseSiret, parseVatNumber, sirenOfSiret, sirenOfVatNumber } from './company-numbers.ts';

describe('SIREN and SIRET', () => {
  test('published numbers are right, written with or without spaces', () => {
    expect(parseSiren('732829320')).toBe('732829320');
    expect(parseSiren('732 829 320')).toBe('732829320');
    expect(parseSiren('732\u202f829\u00a0320')).toBe('732829320');
    expect(parseSiret('732 829 320 00074')).toBe('73282932000074');
  });

  test('establishments of La Poste pass by the sum of their digits', () => {
    expect(parseSiret('35600000049837')).toBe('35600000049837');
    expect(parseSiret('35600000049838')).toBeNull();
  });

  test.each(['', '73282932', '7328293201', '732829321', '000000000', '73282932A', '٧٣٢٨٢٩٣٢٠', '732829320'.repeat(9)])('"%s" is no SIREN', (text) => {
    expect(parseSiren(text)).toBeNull();
  });

  test('a SIRET whose SIREN part is wrong is none, even when its own digit is right', () => {
    // 14 digits that pass Luhn as a whole, with a SIREN that does not.
    expect(parseSiret('73282932100073')).toBeNull();
    expect(parseSiret('73282932000075')).toBeNull();
  });

  test('any single wrong digit is seen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 13 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const right = '73282932000074';
        const wrong = right.slice(0, at) + ((Number(right[at]) + by) % 10).toString() + right.slice(at + 1);
        expect(parseSiret(wrong)).toBeNull();
      }),
      { seed: 7 },
    );
  });

  test('the company of an establishment', () => {
    const siret = parseSiret('73282932000074');
    expect(siret === null ? null : sirenOfSiret(siret)).toBe('732829320');
  });
});

describe('VAT numbers', () => {
  test.each([
    ['FR44732829320', 'FR44732829320', '732829320'],
    ['fr 83 404 833 048', 'FR83404833048', '404833048'],
    // New keys with a letter are known to the tax office alone.
    ['FRK7399859412', 'FRK7399859412', '399859412'],
    ['DE123456789', 'DE123456789', null],
    ['NL8200.98.395.B.01', 'NL820098395B01', null],
    ['CHE-123.456.789', 'CHE123456789', null],
    ['EL123456789', 'EL123456789', null],
  ])('%s', (written, kept, siren) => {
    const vatNumber = parseVatNumber(written);
    expect(vatNumber).toBe(kept);
    expect(vatNumber === null ? null : sirenOfVatNumber(vatNumber)).toBe(siren);
  });

  test.each(['FR45732829320', 'FRO0732829320', 'FR4473282932', 'FR', '123456789', 'DEABC', '', 'D1234567'])('"%s" is none', (text) => {
    expect(parseVatNumber(text)).toBeNull();
  });
});
