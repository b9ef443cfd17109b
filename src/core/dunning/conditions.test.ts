import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import { SEGMENTS } from '../risk/segment.ts';
import { decideAccount } from './decide.ts';
import { explainDecision } from './explain.ts';
import type { AccountFacts } from './facts.ts';
import { decisionOf, givenAccount, givenHold, givenId, givenItem, givenPolicy, givenStep, givenStepDone, timeline } from './given.ts';
import type { Decide } from './given.ts';
import { STANDARD_SCENARIO } from './ready-scenarios.ts';
import type { ScenarioVersion, Step, StepConditions } from './scenario.ts';

const eur = (amount: bigint) => money(amount, 'EUR');
const when = (number: number, conditions: StepConditions): ScenarioVersion => ({
  ...STANDARD_SCENARIO, steps: STANDARD_SCENARIO.steps.map((step) => (step.number === number ? { ...step, conditions } : step)),
});
const stepOn = (today: string, account: Partial<AccountFacts>): number | null => decisionOf(decideAccount(givenPolicy(today), givenAccount(account))).step;
const { customer } = givenAccount();

// F-1 is 7 days late and owes 1 000.00: its next step is 2, unless it is passed over; then 3 is waited for.
test.each<[string, StepConditions, Partial<AccountFacts>, number]>([
  ['total at its lower bound', { overdueTotals: [{ from: eur(100_000n), below: null }] }, {}, 2],
  ['total one cent under it', { overdueTotals: [{ from: eur(100_001n), below: null }] }, {}, 3],
  ['total one cent under the upper bound', { overdueTotals: [{ from: null, below: eur(100_001n) }] }, {}, 2],
  ['total at the upper bound', { overdueTotals: [{ from: null, below: eur(100_000n) }] }, {}, 3],
  ['a bound in another currency says nothing', { overdueTotals: [{ from: money(1n, 'USD'), below: null }] }, {}, 2],
  ['what is disputed is not in the total', { overdueTotals: [{ from: eur(100_000n), below: null }] }, { holds: [givenHold('dispute', { itemId: givenId(1), amount: 1n })] }, 3],
  ['another late item is', { overdueTotals: [{ from: eur(100_001n), below: null }] }, { items: [givenItem(), givenItem({ number: 2, open: 1n, dueOn: day('2026-03-08') })] }, 2],
  ['one not late yet is not', { overdueTotals: [{ from: eur(100_001n), below: null }] }, { items: [givenItem(), givenItem({ number: 2, open: 1n, dueOn: day('2026-04-08') })] }, 3],
  ['age within', { ageFrom: 7, ageTo: 7 }, {}, 2],
  ['age under', { ageFrom: 8 }, {}, 3],
  ['age over', { ageTo: 6 }, {}, 3],
  ['segment in', { segmentsIn: ['atRisk'] }, { segment: 'atRisk' }, 2],
  ['segment of others', { segmentsIn: ['atRisk'] }, { segment: 'goodPayer' }, 3],
  ['segment not known is in none', { segmentsIn: ['atRisk'] }, {}, 3],
  ['segment out', { segmentsOut: ['strategic'] }, { segment: 'strategic' }, 3],
  ['segment not known is not out', { segmentsOut: ['strategic'] }, {}, 2],
  ['language', { languages: ['fr'] }, {}, 2],
  ['another language', { languages: ['fr'] }, { customer: { ...customer, language: 'en' } }, 3],
])('%s', (...[, conditions, account, expected]) => {
  expect(stepOn('2026-03-09', { scenario: when(2, conditions), ...account })).toBe(expected);
});

test('a step passed over is not waited for, is told, and its turn comes when its condition holds', () => {
  const scenario = when(3, { ageFrom: 20 });
  expect(timeline(givenAccount({ scenario }), { from: '2026-01-01', to: '2026-06-30' }).map((line) => line.slice(0, 17))).toEqual([
    '2026-02-27 step 1', '2026-03-09 step 2', '2026-03-23 step 3', '2026-04-02 step 4', '2026-04-16 step 5',
  ]);
  const waits = decisionOf(decideAccount(givenPolicy('2026-03-17'), givenAccount({ scenario, items: [givenItem({ lastStepDone: givenStepDone(givenStep(2), '2026-03-09') })] })));
  expect(waits).toMatchObject({ reason: 'stepDone', step: 4, facts: { passedOver: '3 age' } });
  expect(explainDecision(waits, 'fr')).toContain('L’étape 3 est passée : le retard de la pièce est hors de ses bornes.');
  expect(explainDecision(waits, 'en')).toContain('Step 3 is passed over: the lateness of the document is outside its bounds.');
});

test('once a later step is done, one passed over before it never comes back', () => {
  const scenario = when(3, { segmentsIn: ['atRisk'] });
  const later = (account: AccountFacts, today: string): AccountFacts => ({ ...account, segment: today > '2026-04-02' ? 'atRisk' : 'goodPayer' });
  expect(timeline(givenAccount({ scenario }), { from: '2026-01-01', to: '2026-06-30', morning: later }).map((line) => line.slice(11, 17))).toEqual(['step 1', 'step 2', 'step 4', 'step 5']);
});

test('a formal notice does not go when every reminder before it was passed over', () => {
  const scenario: ScenarioVersion = { ...STANDARD_SCENARIO, steps: STANDARD_SCENARIO.steps.map((step): Step => (step.formalNotice || step.offsetDays < 0 ? step : { ...step, conditions: { segmentsIn: ['atRisk'] } })) };
  const never = decisionOf(decideAccount(givenPolicy('2026-06-01'), givenAccount({ scenario })));
  expect(never).toMatchObject({ reason: 'stepDone', step: null, facts: { scenarioFinished: true, passedOver: '2 segment, 3 segment, 4 segment, 5 remindersFirst' } });
  expect(timeline(givenAccount({ scenario, segment: 'atRisk' }), { from: '2026-01-01', to: '2026-06-30' }).at(-1)).toContain('step 5');
});

const anySegment = fc.constantFrom(...SEGMENTS);
const anyCase = fc.record({ from: fc.bigInt({ min: 0n, max: 200_000n }), open: fc.bigInt({ min: 1n, max: 200_000n }), late: fc.integer({ min: 7, max: 80 }), segment: anySegment, wanted: anySegment });

/** Whatever is drawn: a step goes only when its conditions hold, and of two complementary steps exactly one is next. */
const complementary = (decide: Decide): void => {
  fc.assert(fc.property(anyCase, ({ from, open, late, segment, wanted }) => {
    const [notice, first, second, ...rest] = STANDARD_SCENARIO.steps;
    if (notice === undefined || first === undefined || second === undefined) return false;
    const split: Step[] = [
      { ...first, conditions: { overdueTotals: [{ from: null, below: eur(from + 1n) }], segmentsOut: [wanted] } },
      { ...second, conditions: { overdueTotals: [{ from: eur(from + 1n), below: null }] } },
    ];
    const scenario = { ...STANDARD_SCENARIO, steps: [notice, ...split, ...rest] };
    const today = addDays(day('2026-03-02'), late);
    const { step, facts } = decisionOf(decide(givenPolicy(today), givenAccount({ scenario, segment, items: [givenItem({ open })] })));
    const expected = open <= from ? (segment === wanted ? 4 : 2) : 3;
    return step === expected && (facts['passedOver'] !== undefined) === (expected !== 2);
  }), { numRuns: 300, seed: 20261122 });
};

test('conditions hold for every step that goes', () => expect(() => complementary(decideAccount)).not.toThrow());

test.each<[string, Decide]>([
  ['the upper bound included', (policy, account) => decideAccount(policy, {
    ...account, scenario: { ...account.scenario, steps: account.scenario.steps.map((step) => ({ ...step, ...(step.conditions === undefined ? {} : { conditions: {
      ...step.conditions, overdueTotals: (step.conditions.overdueTotals ?? []).map(({ from, below }) => ({ from, below: below === null ? null : eur(below.minor + 1n) })),
    } }) })) },
  })],
  ['segments forgotten', (policy, account) => decideAccount(policy, { ...account, segment: null })],
  ['a step waited for instead of passed over', (policy, account) => {
    const decided = decideAccount(policy, account);
    return { ...decided, decisions: decided.decisions.map((decision) => (decision.facts['passedOver'] === undefined ? decision : { ...decision, step: 2 })) };
  }],
])('planted bug found: %s', (_, decide) => expect(() => complementary(decide)).toThrow(/Property failed/));
