import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import { must } from '../kernel/result.ts';
import { EXAMPLE_DEBTOR, EXAMPLE_FACTS, EXAMPLE_ITEMS } from './example.ts';
import { composeMessage } from './message-model.ts';
import type { CitedItem, ChargeSegment, MessageFacts, MessageModel } from './message-model.ts';
import { readyTemplate } from './ready-templates.ts';
import { renderMessage } from './render.ts';
import { compileTemplate } from './template.ts';

const items: fc.Arbitrary<CitedItem[]> = fc.array(
  fc.record({ late: fc.integer({ min: 1, max: 400 }), amount: fc.bigInt({ min: 1n, max: 10n ** 12n }), left: fc.integer({ min: 1, max: 100 }) }).map(({ late, amount, left }) => {
    const open = (amount * BigInt(left)) / 100n;
    return { document: 'F', kind: 'invoice' as const, issuedOn: addDays(EXAMPLE_FACTS.today, -late - 30), dueOn: addDays(EXAMPLE_FACTS.today, -late), amount: money(amount, 'EUR'), open: money(open === 0n ? 1n : open, 'EUR') };
  }),
  { minLength: 1, maxLength: 30 },
).map((drawn) => drawn.map((item, index) => ({ ...item, document: `F${index}` })));

type Composer = (facts: MessageFacts) => MessageModel;

/** Amounts of French text, in cents. */
const cents = (text: string): bigint => BigInt(text.replaceAll(/[^\d]/g, ''));

/** Invariant A14: the total printed, in the model, the sentence, the table and the payment block, is the sum of the open amounts cited. */
function totalIsTheSum(compose: Composer): void {
  const template = must(compileTemplate(readyTemplate({ step: 'reminder1', tone: 'standard', kind: 'business', withCharges: false }, 'fr')));
  fc.assert(
    fc.property(items, (cited) => {
      const model = compose({ ...EXAMPLE_FACTS, items: cited });
      const message = must(renderMessage(template, model));
      const [table] = message.blocks.flatMap((block) => (block.kind === 'items' ? [block.table] : []));
      const [payment] = message.blocks.flatMap((block) => (block.kind === 'payment' ? [block.lines] : []));
      const listed = (table?.rows ?? []).reduce((sum, row) => sum + cents(row.at(-1) ?? ''), 0n);
      const sum = cited.reduce((total, item) => total + item.open.minor, 0n);
      const printed = [cents(table?.sums[0]?.value ?? ''), cents(payment?.[0]?.value ?? ''), cents(/Rappel – (.*?€)/.exec(message.subject)?.[1] ?? '')];
      return listed === sum && model.total.minor === sum && printed.every((amount) => amount === sum);
    }),
    { numRuns: 200, seed: 20_261_122 },
  );
}

const ours: Composer = (facts) => must(composeMessage(facts));

/** The planted bug: a total kept from an earlier message to the same customer. */
function cachedTotal(): Composer {
  const cache = new Map<string, MessageModel>();
  return (facts) => {
    const model = ours(facts);
    const known = cache.get(facts.debtor.code) ?? model;
    cache.set(facts.debtor.code, known);
    return { ...model, total: known.total, grandTotal: known.grandTotal };
  };
}

/** The planted bug: the total of the first page only. */
const firstTen: Composer = (facts) => {
  const model = ours(facts);
  const total = ours({ ...facts, items: facts.items.slice(0, 10) }).total;
  return { ...model, total, grandTotal: total };
};

/** The planted bug: invoiced amounts are summed instead of open ones. */
const invoiced: Composer = (facts) => {
  const model = ours(facts);
  const total = money(facts.items.reduce((sum, item) => sum + item.amount.minor, 0n), 'EUR');
  return { ...model, total, grandTotal: total };
};

test('the amount in the message is the sum of the open amounts cited (A14)', () => {
  expect(() => totalIsTheSum(ours)).not.toThrow();
});

test.each<[string, Composer]>([
  ['cached total', cachedTotal()],
  ['total of the first ten', firstTen],
  ['amounts instead of open amounts', invoiced],
])('the property catches: %s', (_name, compose) => {
  expect(() => totalIsTheSum(compose)).toThrow(/Property failed/);
});

const segment: ChargeSegment = { document: 'F-2025-1187', from: day('2025-12-12'), to: day('2026-02-15'), days: 65, rate: { numerator: 1215n, denominator: 10_000n }, principal: money(1_234_056n, 'EUR'), interest: money(26_701n, 'EUR') };
const charges = { segments: [segment], indemnity: money(8000n, 'EUR') };

test('a formal notice adds charges to the total and leaves eight days', () => {
  const model = must(composeMessage({ ...EXAMPLE_FACTS, step: 'formalNotice', charges }));
  expect(model.total.minor).toBe(1_324_056n);
  expect(model.charges?.total.minor).toBe(34_701n);
  expect(model.grandTotal.minor).toBe(1_358_757n);
  expect(model.deadline).toBe('2026-02-23');
  expect(model.items.map((item) => item.daysLate)).toEqual([65, 49]);
});

const changed = (change: Partial<CitedItem>): CitedItem[] => EXAMPLE_ITEMS.map((item) => ({ ...item, ...change }));

test.each<[string, Partial<MessageFacts>, string]>([
  ['nothing cited', { items: [] }, 'letters.noItems'],
  ['too many items', { items: Array.from({ length: 1001 }, () => changed({})).flat() }, 'letters.tooManyItems'],
  ['a paid item', { items: changed({ open: money(0n, 'EUR') }) }, 'letters.openAmount'],
  ['more open than invoiced', { items: changed({ open: money(9_999_999n, 'EUR') }) }, 'letters.openAmount'],
  ['an item not yet due', { items: changed({ dueOn: EXAMPLE_FACTS.today }) }, 'letters.notOverdue'],
  ['two currencies', { items: [...EXAMPLE_ITEMS, ...changed({ amount: money(1n, 'USD'), open: money(1n, 'USD') })] }, 'letters.mixedCurrency'],
  ['charges in another currency', { charges: { segments: [], indemnity: money(4000n, 'USD') } }, 'letters.mixedCurrency'],
  ['charges to a consumer', { charges, debtor: { ...EXAMPLE_DEBTOR, kind: 'consumer' } }, 'letters.consumerCharges'],
  ['charges of a document not cited', { charges: { ...charges, segments: [{ ...segment, document: 'F-9' }] } }, 'letters.chargeSegment'],
  ['charges over days that do not count', { charges: { ...charges, segments: [{ ...segment, days: 66 }] } }, 'letters.chargeSegment'],
  ['charges beyond today', { charges: { ...charges, segments: [{ ...segment, to: day('2026-02-16'), days: 66 }] } }, 'letters.chargeSegment'],
  ['a negative indemnity', { charges: { ...charges, indemnity: money(-1n, 'EUR') } }, 'letters.indemnity'],
  ['a deadline today', { deadline: EXAMPLE_FACTS.today }, 'letters.deadline'],
  ['a name of 201 characters', { debtor: { ...EXAMPLE_DEBTOR, name: 'x'.repeat(201) } }, 'letters.fieldTooLong'],
  ['an address of eight lines', { debtor: { ...EXAMPLE_DEBTOR, addressLines: Array<string>(8).fill('x') } }, 'letters.addressTooLong'],
  ['thanks for what is still open', { step: 'thankYou' }, 'letters.notSettled'],
])('%s makes no message', (_name, change, code) => {
  const model = composeMessage({ ...EXAMPLE_FACTS, ...change });
  expect(model.ok ? [] : model.error.map((problem) => problem.code)).toContain(code);
});
