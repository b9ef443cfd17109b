import { expect, test } from 'vitest';
import { addDays } from '../kernel/day.ts';
import { accountAt } from './account-then.ts';
import { decideAccount } from './decide.ts';
import { doneAt } from './done-so-far.ts';
import { comparedWith, explainThen } from './explain-then.ts';
import { explanation } from './explain.ts';
import { HISTORY_FROM, momentOf, noonOf } from './given-history.ts';
import { givenContact, givenId, givenPolicy } from './given.ts';
import { ALWAYS } from './history.ts';
import type { AccountHistory, Ground, ItemHistory } from './history.ts';
import { FIRM_SCENARIO, STANDARD_SCENARIO } from './ready-scenarios.ts';

const dueOn = addDays(HISTORY_FROM, 30);
const always = <Value>(value: Value) => [{ at: ALWAYS, value }];

const ITEM: ItemHistory = {
  itemId: givenId(1), document: 'F-1', kind: 'invoice', currency: 'EUR', amount: 100_000n, issuedOn: HISTORY_FROM, firstSeenOn: HISTORY_FROM, estimated: false, known: { from: noonOf(5), until: null },
  dueOn: always(dueOn), scenario: always(null), allocations: [{ id: 1n, credit: givenId(9), by: 'receipt', amount: 100_000n, on: addDays(HISTORY_FROM, 40), at: noonOf(45), reverses: null }],
};
const HISTORY: AccountHistory = {
  customerId: givenId(7), known: { from: ALWAYS, until: null }, inLegalCase: false, credits: [], holds: [], contactsMade: [], actions: [], bank: [], leftHoldOuts: [], items: [ITEM],
  customer: always({ id: givenId<'customer'>(7), code: 'C7', name: 'Client', kind: 'business', language: 'fr', place: { country: 'FR', postalCode: '75011' }, hasPostalAddress: true }),
  contacts: [{ contactId: givenId(1), known: { from: ALWAYS, until: null }, facts: always(givenContact()), bounced: [] }],
  scenario: [...always(null), { at: noonOf(42), value: 'firm' }], segment: [...always(null), { at: noonOf(35), value: 'atRisk' }],
};

function ground(place: number, rest: Partial<Ground> = {}): Ground {
  return { policy: givenPolicy(momentOf(place).today), scenarios: new Map([['standard', STANDARD_SCENARIO], ['firm', FIRM_SCENARIO]]), standardScenario: 'standard', assignment: { version: 0, rules: [] }, holdOuts: [], ...rest };
}

const seenAt = (place: number, rest: Partial<Ground> = {}) => accountAt(HISTORY, ground(place, rest), { moment: momentOf(place), done: doneAt(HISTORY, momentOf(place), HISTORY_FROM) });

test.each([
  ['before the ledger knew the invoice', 4, null],
  ['known, nobody chose a scenario', 20, { scenario: 'standard', chosen: 'default', segment: null }],
  ['the segment of the 35th day', 36, { scenario: 'standard', chosen: 'default', segment: 'atRisk' }],
  ['paid on the 40th day, not known yet on the 44th; a person chose the scenario on the 42nd', 44, { scenario: 'firm', chosen: 'customer', segment: 'atRisk' }],
  ['the payment is known', 45, null],
])('as of then: %s', (_name, place, expected) => {
  const account = seenAt(place);
  expect(account === null ? null : { scenario: account.scenario.code, chosen: account.chosen?.by, segment: account.segment }).toEqual(expected);
});

test('a control group is part of the facts of then, and is told in both languages', () => {
  const holdOuts = [{ id: '3', code: 'standard', sharePercent: 50, seed: 1, former: { ...STANDARD_SCENARIO, version: 1 } }];
  const customers = Array.from({ length: 40 }, (_, index) => ({ ...HISTORY, customerId: givenId<'customer'>(index + 1) }));
  const told = customers.map((history) => {
    const account = accountAt(history, ground(37, { holdOuts, scenarios: new Map([['standard', { ...STANDARD_SCENARIO, version: 2 }]]) }), { moment: momentOf(37), done: doneAt(history, momentOf(37), HISTORY_FROM) });
    const [decision] = account === null ? [] : decideAccount(givenPolicy(momentOf(37).today), account).decisions;
    return { version: account?.scenario.version, arm: account?.arm, text: decision === undefined ? null : explanation(decision) };
  });
  expect(new Set(told.map(({ version, arm }) => `${version} ${arm}`))).toEqual(new Set(['1 former', '2 new']));
  expect(told.find(({ arm }) => arm === 'former')?.text).toMatchObject({ fr: expect.stringContaining('Ce client est dans le groupe témoin') as string, en: expect.stringContaining('This customer is in the control group') as string });
});

test.each([
  [{ why: 'notKnownYet', document: 'F-1' }, 'F-1 n’était pas encore dans le grand livre d’Acquit ce jour-là.', 'F-1 was not in Acquit\'s ledger yet on that day.'],
  [{ why: 'notIssuedYet', document: 'F-1', issuedOn: HISTORY_FROM }, 'F-1 n’était pas encore émise : elle est du 5 janvier 2026.', 'F-1 was not issued yet: it is of 5 January 2026.'],
  [{ why: 'settled', document: 'F-1' }, 'F-1 était entièrement réglée ce jour-là, d’après ce qui était connu : rien à relancer.', 'F-1 was fully paid on that day, as far as was known: nothing to chase.'],
  [{ why: 'takenOut', document: 'F-1' }, 'F-1 avait été retirée du grand livre ce jour-là.', 'F-1 had been taken out of the ledger on that day.'],
] as const)('nothing to decide: %j', (none, fr, en) => {
  expect(explainThen(none)).toEqual({ fr, en });
});

test('beside what was recorded: the same, another, nothing', () => {
  const recorded = { text: { fr: 'F-1 attend.', en: 'F-1 waits.' } };
  expect(comparedWith(null, null)).toBeNull();
  expect(comparedWith(recorded, true)?.fr).toBe('C’est ce que le passage de ce jour-là avait décidé et enregistré.');
  expect(comparedWith(recorded, false)).toMatchObject({ fr: expect.stringContaining('autre chose : F-1 attend.') as string, en: expect.stringContaining('something else: F-1 waits.') as string });
});
