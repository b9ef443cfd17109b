import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, day, daysBetween } from '../kernel/day.ts';
import { decideAccount } from './decide.ts';
import type { AccountFacts, ItemFacts } from './facts.ts';
import { decisionOf, givenAccount, givenItem, givenPolicy, timeline } from './given.ts';
import type { Decide } from './given.ts';
import { FIRM_SCENARIO, STANDARD_SCENARIO } from './ready-scenarios.ts';
import { scenarioDiff } from './scenario-diff.ts';
import type { ScenarioVersion, Step } from './scenario.ts';

const winter = { from: '2026-01-01', to: '2026-08-31' };
const renumber = (steps: readonly Step[]): Step[] => steps.map((step, index) => ({ ...step, number: index + 1 }));
const version = (number: number, steps: readonly Step[], rest: Partial<ScenarioVersion> = {}): ScenarioVersion => ({ ...STANDARD_SCENARIO, version: number, steps: renumber(steps), ...rest });
const [notice, first, second, third, formal] = STANDARD_SCENARIO.steps as [Step, Step, Step, Step, Step];
const step = (key: string, offsetDays: number, rest: Partial<Step> = {}): Step => ({ ...first, key, offsetDays, ...rest });

/** The key of each step sent and its day, when the scenario is another one from a day on. */
function sentKeys(account: AccountFacts, changes: { readonly [from: string]: ScenarioVersion }, decide: Decide = decideAccount): string[] {
  const lines: string[] = [];
  const scenarioOn = (today: string): ScenarioVersion => Object.entries(changes).findLast(([from]) => today >= from)?.[1] ?? account.scenario;
  timeline(account, {
    ...winter, morning: (current, today) => ({ ...current, scenario: scenarioOn(today) }),
    decide: (policy, current) => {
      const decided = decide(policy, current);
      for (const action of decided.actions) lines.push(`${policy.today.slice(5)} ${action.items.map(({ creditedKey }) => creditedKey ?? '-').join('+')}`);
      return decided;
    },
  });
  return lines;
}

test('a step inserted after what was done is sent, one inserted before it never is', () => {
  const inserted = version(2, [notice, first, step('call-back', 11), second, third, formal]);
  expect(sentKeys(givenAccount(), { '2026-03-10': inserted })).toEqual(['02-27 before-3', '03-09 day-7', '03-13 call-back', '03-20 day-15', '04-01 day-30', '04-16 day-45']);
  expect(sentKeys(givenAccount(), { '2026-03-18': inserted })).toEqual(['02-27 before-3', '03-09 day-7', '03-17 day-15', '04-01 day-30', '04-16 day-45']);
});

test('a step removed: the others go on, nothing at its age or before is sent', () => {
  const removed = version(2, [notice, first, third, formal]);
  expect(sentKeys(givenAccount(), { '2026-03-10': removed })).toEqual(['02-27 before-3', '03-09 day-7', '04-01 day-30', '04-16 day-45']);
  const replaced = version(2, [notice, first, step('other', 12), third, formal]);
  expect(sentKeys(givenAccount(), { '2026-03-18': replaced })).toEqual(['02-27 before-3', '03-09 day-7', '03-17 day-15', '04-01 day-30', '04-16 day-45']);
});

test('a step moved keeps what was done under its key, wherever it stands now', () => {
  const later = version(2, [notice, { ...first, offsetDays: 20 }, { ...second, offsetDays: 25 }, third, formal]);
  expect(sentKeys(givenAccount(), { '2026-03-10': later })).toEqual(['02-27 before-3', '03-09 day-7', '03-27 day-15', '04-07 day-30', '04-17 day-45']);
  const swapped = version(2, [notice, { ...second, offsetDays: 7 }, { ...first, offsetDays: 15 }, third, formal]);
  expect(sentKeys(givenAccount(), { '2026-03-10': swapped })).toEqual(['02-27 before-3', '03-09 day-7', '04-01 day-30', '04-16 day-45']);
  expect(sentKeys(givenAccount(), { '2026-03-18': swapped })).toEqual(['02-27 before-3', '03-09 day-7', '03-17 day-15', '04-01 day-30', '04-16 day-45']);
});

test('all offsets moved earlier: two levels never on one day, and the gaps hold from the last one done', () => {
  const sooner = version(2, [notice, { ...first, offsetDays: 2 }, { ...second, offsetDays: 3 }, { ...third, offsetDays: 4 }, { ...formal, offsetDays: 5 }]);
  expect(sentKeys(givenAccount(), { '2026-03-18': sooner })).toEqual(['02-27 before-3', '03-09 day-7', '03-17 day-15', '03-27 day-30', '04-07 day-45']);
});

test('another scenario midway: by age, each level once', () => {
  expect(sentKeys(givenAccount(), { '2026-03-18': FIRM_SCENARIO })).toEqual(['02-27 before-3', '03-09 day-7', '03-17 day-15', '03-23 day-20', '04-02 day-30']);
  expect(sentKeys(givenAccount(), { '2026-03-18': FIRM_SCENARIO, '2026-03-24': STANDARD_SCENARIO })).toEqual(['02-27 before-3', '03-09 day-7', '03-17 day-15', '03-23 day-20', '04-02 day-30', '04-16 day-45']);
});

test.each<[string, Step[], string[]]>([
  // F-1 was issued on 31 January and is due on 2 March.
  ['issue date: day 37 is seven days late, day 20 a notice', [step('issued', 20, { anchor: 'issueDate' }), step('late', 37, { anchor: 'issueDate' })], ['02-20 issued', '03-09 late']],
  ['previous step: three days after the one before was done', [first, step('after', 3, { anchor: 'previousStep', minimumGapDays: 1 })], ['03-09 day-7', '03-12 after']],
  ['previous step: the gap is kept when it is longer', [first, step('after', 3, { anchor: 'previousStep', minimumGapDays: 8 })], ['03-09 day-7', '03-17 after']],
  ['previous step passed over: counted from the one before that', [first, { ...second, conditions: { ageTo: 1 } }, step('after', 3, { anchor: 'previousStep', minimumGapDays: 1 })], ['03-09 day-7', '03-12 after']],
])('anchors: %s', (...[, steps, expected]) => {
  expect(sentKeys(givenAccount({ scenario: version(1, steps) }), {})).toEqual(expected);
});

test('entry by key: an item late when first seen starts there, one that becomes late here at the beginning', () => {
  const scenario: ScenarioVersion = { ...STANDARD_SCENARIO, entry: { step: 'day-15' } };
  const seen = (firstSeenOn: string): ItemFacts => givenItem({ firstSeenOn: day(firstSeenOn) });
  const next = (item: ItemFacts): number | null => decisionOf(decideAccount(givenPolicy('2026-03-20'), givenAccount({ scenario, items: [item] }))).step;
  expect([next(seen('2026-03-18')), next(seen('2026-02-01'))]).toEqual([3, 2]);
});

test('an item of its own scenario goes its own way; credits and the day’s one message are still the account’s', () => {
  const own = { ...STANDARD_SCENARIO, code: 'slow', steps: renumber([step('only', 40)]) };
  const items = [givenItem(), givenItem({ number: 2, scenario: own })];
  const decided = decideAccount(givenPolicy('2026-03-09'), givenAccount({ items, chosen: { by: 'default' } }));
  expect(decided.actions.map(({ scenarioCode, items: listed }) => [scenarioCode, listed.map(({ document }) => document)])).toEqual([['standard', ['F-1']]]);
  expect(decisionOf(decided, 1).facts).toMatchObject({ scenario: 'standard', chosenBy: 'default' });
  expect(decisionOf(decided, 2)).toMatchObject({ reason: 'stepDone', until: '2026-04-11', facts: { scenario: 'slow', chosenBy: 'item' } });
  const both = decideAccount(givenPolicy('2026-04-13'), givenAccount({ items: [givenItem(), givenItem({ number: 2, scenario: own, dueOn: day('2026-03-02') })] }));
  expect([both.actions.length, decisionOf(both, 2).reason, decisionOf(both, 2).facts['sameDay']]).toEqual([1, 'capReached', true]);
  const credits = [{ currency: 'EUR', amount: 150_000n } as const];
  expect(decideAccount(givenPolicy('2026-04-13'), givenAccount({ items, credits })).actions).toHaveLength(1);
  expect(decideAccount(givenPolicy('2026-04-13'), givenAccount({ items, credits: [{ currency: 'EUR', amount: 200_000n }] })).actions).toEqual([]);
});

const anyStep = fc.record({ gap: fc.integer({ min: 0, max: 6 }), jump: fc.integer({ min: 1, max: 9 }), anchor: fc.constantFrom('dueDate' as const, 'dueDate' as const, 'previousStep' as const) });
const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 6 }).map((drawn) => {
  let offset = 0;
  return drawn.map(({ gap, jump, anchor }, index): Step => {
    offset += jump;
    return index > 0 && anchor === 'previousStep' ? step(`s${index}`, jump, { anchor, minimumGapDays: gap }) : step(`s${index}`, offset, { minimumGapDays: gap });
  });
});
const anyEdit = fc.record({ keep: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), extra: fc.integer({ min: 1, max: 60 }), on: fc.integer({ min: 3, max: 60 }), missed: fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 20 }) });

/** However a scenario is edited and whichever nights are missed: no key twice, never two on one day, gaps kept, the new version's order never backwards. */
const check = (decide: Decide): void => {
  fc.assert(fc.property(anySteps, anyEdit, (steps, edit) => {
    const before = version(1, steps);
    const kept = steps.filter((_, index) => edit.keep[index] === true && (index > 0 || steps[0] !== undefined)).map((one) => (one.anchor === 'previousStep' ? { ...one, anchor: 'dueDate' as const, offsetDays: one.offsetDays + 30 } : one));
    const after = version(2, [...kept, step('extra', edit.extra)].toSorted((a, b) => a.offsetDays - b.offsetDays));
    const changesOn = addDays(day('2026-03-02'), edit.on);
    const sent: { on: string; key: string; version: number }[] = [];
    timeline(givenAccount({ scenario: before }), {
      from: '2026-03-02', to: '2026-07-31', missed: (today) => edit.missed.includes(daysBetween(day('2026-03-02'), today)),
      morning: (account, today) => ({ ...account, scenario: today >= changesOn ? after : before }),
      decide: (policy, account) => {
        const decided = decide(policy, account);
        const twice = decide(policy, account);
        if (twice.actions.map(({ key }) => key).join() !== decided.actions.map(({ key }) => key).join()) throw new Error('Property failed: not the same keys');
        for (const action of decided.actions) for (const { creditedKey } of action.items) sent.push({ on: policy.today, key: creditedKey ?? '', version: account.scenario.version });
        return decided;
      },
    });
    const places = sent.filter((one) => one.version === 2).map(({ key }) => after.steps.findIndex((one) => one.key === key));
    return new Set(sent.map(({ key }) => key)).size === sent.length && new Set(sent.map(({ on }) => on)).size === sent.length
      && places.every((place, index) => index === 0 || place > (places[index - 1] ?? -1));
  }), { numRuns: 150, seed: 20261122 });
};

test('A13, B7: however a scenario is edited nothing is sent again, nothing goes backwards, never two levels on one day', () => expect(() => check(decideAccount)).not.toThrow());

const seeing = (change: (item: ItemFacts) => ItemFacts): Decide => (policy, account) => decideAccount(policy, { ...account, items: account.items.map(change) });
const forgetKeys = (item: ItemFacts): ItemFacts => {
  const { doneKeys: _keys, furthestOffset: _furthest, lastStepDone, ...rest } = item;
  return { ...rest, lastStepDone: lastStepDone === null ? null : { ...lastStepDone, offsetDays: -90, number: 0 } };
};

test.each<[string, Decide]>([
  ['what was done is forgotten', seeing((item) => ({ ...forgetKeys(item), lastStepDone: null }))],
  ['a new version starts again', (policy, account) => (account.scenario.version === 1 ? decideAccount(policy, account) : seeing(forgetKeys)(policy, account))],
  ['the keys hold the time', (policy, account) => {
    const decided = decideAccount(policy, account);
    return { ...decided, actions: decided.actions.map((action) => ({ ...action, key: `${action.key}${(clock += 1)}` })) };
  }],
])('planted bug found: %s', (_, decide) => expect(() => check(decide)).toThrow(/Property failed/));
let clock = 0;

/** A10 with every anchor: nothing is asked for on the due date or before, unless it is a notice. */
const anyAnchored = fc.record({ terms: fc.integer({ min: 0, max: 60 }), offset: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 70 })), anchor: fc.constantFrom('dueDate' as const, 'issueDate' as const), late: fc.oneof(fc.integer({ min: -2, max: 6 }), fc.integer({ min: -20, max: 30 })), grace: fc.integer({ min: 0, max: 5 }), near: fc.option(fc.integer({ min: -1, max: 1 })) })
  .map(({ near, ...one }) => (near === null ? one : { ...one, offset: Math.max(1, one.late + near + (one.anchor === 'issueDate' ? one.terms : 0)) }));
const neverBefore = (decide: Decide): void => {
  fc.assert(fc.property(anyAnchored, ({ terms, offset, anchor, late, grace }) => {
    const today = day('2026-06-17');
    const dueOn = addDays(today, -late);
    const item = givenItem({ dueOn, issuedOn: addDays(dueOn, -terms), firstSeenOn: addDays(dueOn, -terms) });
    const { actions } = decide(givenPolicy(today), givenAccount({ scenario: version(1, [step('one', offset, { anchor })], { graceDays: grace }), items: [item] }));
    const chase = anchor === 'dueDate' || offset > terms;
    return actions.length === 0 || (chase ? late > grace && (anchor === 'dueDate' ? late : late + terms) >= offset : late <= 0);
  }), { numRuns: 500, seed: 20261122 });
};

test('A10: never on the due date or within the grace, whatever the days are counted from', () => expect(() => neverBefore(decideAccount)).not.toThrow());

test.each<[string, Decide]>([
  ['`<=` for `<` at the end of the grace', (policy, account) => decideAccount(policy, { ...account, scenario: { ...account.scenario, graceDays: account.scenario.graceDays - 1 } })],
  ['the issue date taken a day early', seeing((item) => ({ ...item, issuedOn: addDays(item.issuedOn, -1) }))],
])('planted bug found: %s', (_, decide) => expect(() => neverBefore(decide)).toThrow(/Property failed/));

test('what changed from one version to the next, in words', () => {
  const after = version(2, [{ ...first, offsetDays: 9, copyRoles: ['management'] }, step('call-back', 20), { ...formal, approval: 'two' }], { name: 'Rapide' });
  expect(scenarioDiff(STANDARD_SCENARIO, after).map(({ fr }) => fr)).toEqual([
    'Nom : Standard → Rapide.', 'Étape 1, rang : 2 → 1.', 'Étape 1, jour : échéance + 7 j → échéance + 9 j.', 'Étape 1, copies : aucun → direction.', 'Étape 2 ajoutée (échéance + 20 j).',
    'Étape 3, rang : 5 → 3.', 'Étape 3, approbation : une personne → deux personnes.', 'Ancienne étape 1 retirée (échéance - 3 j).', 'Ancienne étape 3 retirée (échéance + 15 j).', 'Ancienne étape 4 retirée (échéance + 30 j).',
  ]);
  expect(scenarioDiff(after, after)).toEqual([]);
});
