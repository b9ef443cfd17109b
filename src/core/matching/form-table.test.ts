import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Beginnings, FORM, FormTableBuilder, Rolling } from './form-table.ts';
import type { Form, FormTable } from './form-table.ts';

type Entry = { readonly form: Form; readonly owner: number; readonly text: string };
const anyEntry: fc.Arbitrary<Entry> = fc.record({ form: fc.constantFrom(...Object.values(FORM)), owner: fc.nat(50), text: fc.stringMatching(/^[ab01.]{1,4}$/) });

function tableOf(entries: readonly Entry[]): FormTable {
  const builder = new FormTableBuilder();
  for (const { form, owner, text } of entries) builder.add(form, owner, text);
  return builder.build();
}

test('what was added is found by its form, in the order it was added, and nothing else is', () => {
  fc.assert(fc.property(fc.array(anyEntry, { maxLength: 60 }), fc.stringMatching(/^[ab01.]{1,4}$/), (entries, text) => {
    const table = tableOf(entries);
    for (const form of Object.values(FORM)) {
      expect(table.carrying(text).filter((one) => one.form === form).map(({ owner }) => owner)).toEqual(entries.filter((one) => one.form === form && one.text === text).map(({ owner }) => owner));
    }
    expect(table.mayHave(new Rolling().set(text))).toBe(entries.some((one) => one.text === text));
  }), { seed: 20_261_122, numRuns: 500 });
});

test('a text is the same however it was put together', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (first, second) => {
    const rolling = new Rolling().set(first);
    rolling.append(`zz${second}`, 2);
    expect(rolling).toEqual(new Rolling().set(first + second));
  }));
});

test('numbers that follow one another are told apart, by the hundred thousand', () => {
  const entries = Array.from({ length: 100_000 }, (_, owner): Entry => ({ form: FORM.compact, owner, text: `fa26${String(owner).padStart(6, '0')}` }));
  const table = tableOf(entries);
  const found = entries.filter(({ text, owner }) => table.carrying(text).map((one) => one.owner).join(' ') === String(owner));
  expect(found).toHaveLength(entries.length);
  const absent = entries.filter(({ text }) => table.mayHave(new Rolling().set(`x${text}`)));
  expect(absent).toEqual([]);
});

test('an empty table has nothing', () => {
  const table = tableOf([]);
  expect(table.mayHave(new Rolling().set('fa1'))).toBe(false);
  expect(table.carrying('fa1')).toEqual([]);
});

test('texts begin as one that was added does, or surely do not', () => {
  const anyText = fc.stringMatching(/^[a-c0-2]{2,4}$/);
  fc.assert(fc.property(fc.array(anyText, { maxLength: 6 }), anyText, (texts, asked) => {
    const beginnings = new Beginnings();
    for (const text of texts) beginnings.add(text);
    expect(beginnings.has(asked)).toBe(texts.some((text) => text.length >= Math.min(3, asked.length) && text.startsWith(asked.slice(0, 3))));
  }), { seed: 20_261_122, numRuns: 1000 });
});
