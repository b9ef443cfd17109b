import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ScenarioDefinition, StepDefinition } from '#core/api/scenarios.ts';
import { ANCHORS } from '#core/dunning/scenario.ts';
import { STEPS_MAX } from '#core/dunning/scenario-check.ts';
import { addStep, anchorStep, asKind, blankDefinition, changed, changeStep, codeOf, copyName, daysOf, duplicateStep, moveStep, onChannel, placeStep, removeStep, restoreStep, undone } from './edits.ts';

const step = (number: number, offsetDays: number, rest: Partial<StepDefinition> = {}): StepDefinition => ({
  number, key: `k${number}`, kind: 'message', anchor: 'dueDate', offsetDays, minimumGapDays: 3, channel: 'email', fallbackChannel: 'letter', template: 'reminder1', tone: 'neutral',
  contactRoles: ['accountsPayable'], approval: 'none', formalNotice: false, ...rest,
});
const of = (...steps: StepDefinition[]): ScenarioDefinition => ({ ...blankDefinition('Essai', 'EUR'), steps });
const said = ({ steps }: ScenarioDefinition): string => steps.map(({ number, key, anchor, offsetDays }) => `${number}:${key}${anchor === 'dueDate' ? '' : anchor === 'issueDate' ? ' facture' : ' suite'}${offsetDays < 0 ? '' : '+'}${offsetDays}`).join(' ');
const basis = of(step(1, -3), step(2, 7), step(3, 8, { anchor: 'previousStep' }), step(4, 30));

test.each<[string, ScenarioDefinition | null, string]>([
  ['a day later', moveStep(basis, 'k2', 1), '1:k1-3 2:k2+8 3:k3 suite+8 4:k4+30'],
  ['past another: the order follows, and who is counted from it comes along', moveStep(basis, 'k2', 30), '1:k1-3 2:k4+30 3:k2+37 4:k3 suite+8'],
  ['on the day of another: the order stays', moveStep(basis, 'k2', 23), '1:k1-3 2:k2+30 3:k3 suite+8 4:k4+30'],
  ['a step counted from the one before is at least a day after it', moveStep(basis, 'k3', -99), '1:k1-3 2:k2+7 3:k3 suite+1 4:k4+30'],
  ['no notice earlier than a quarter', moveStep(basis, 'k1', -500), '1:k1-90 2:k2+7 3:k3 suite+8 4:k4+30'],
  ['to a day of the line', placeStep(basis, 'k3', 20), '1:k1-3 2:k2+7 3:k3 suite+13 4:k4+30'],
  ['added after', addStep(basis, 'after', 'n'), '1:k1-3 2:k2+7 3:k3 suite+8 4:k4+30 5:n+37'],
  ['added before', addStep(basis, 'before', 'n'), '1:n-6 2:k1-3 3:k2+7 4:k3 suite+8 5:k4+30'],
  ['the first of all', addStep(of(), 'after', 'n'), '1:n+7'],
  ['twice', duplicateStep(basis, 'k4', 'n'), '1:k1-3 2:k2+7 3:k3 suite+8 4:k4+30 5:n+31'],
  ['twice, counted from the step before', duplicateStep(basis, 'k3', 'n'), '1:k1-3 2:k2+7 3:k3 suite+8 4:n suite+8 5:k4+30'],
  ['removed: the follower is counted from the one before', removeStep(basis, 'k2'), '1:k1-3 2:k3 suite+8 3:k4+30'],
  ['removed: nothing is before the follower', removeStep(of(step(1, 7), step(2, 8, { anchor: 'previousStep' })), 'k1'), '1:k2+15'],
  ['counted from the invoice, on the same day', anchorStep(basis, 'k4', 'issueDate'), '1:k1-3 2:k2+7 3:k3 suite+8 4:k4 facture+60'],
  ['counted from the step before, on the same day', anchorStep(basis, 'k4', 'previousStep'), '1:k1-3 2:k2+7 3:k3 suite+8 4:k4 suite+15'],
])('%s', (_, found, expected) => expect(found === null ? null : said(found)).toBe(expected));

test('a scenario takes no more steps than can be read', () => {
  let full: ScenarioDefinition = of();
  for (let made = 0; made < STEPS_MAX; made += 1) full = addStep(full, 'after', `n${made}`) ?? full;
  expect(full.steps).toHaveLength(STEPS_MAX);
  expect([addStep(full, 'after', 'more'), duplicateStep(full, 'n0', 'more')]).toEqual([null, null]);
});

test('who enters at a step that is removed enters at the first one', () => {
  expect(removeStep({ ...basis, entry: { step: 'k4' } }, 'k4').entry).toBe('first');
  expect(removeStep({ ...basis, entry: { step: 'k4' } }, 'k2').entry).toEqual({ step: 'k4' });
});

test('a removed step comes back where it was, with what was changed since kept', () => {
  const before: ScenarioDefinition = { ...basis, entry: { step: 'k2' } };
  const since = moveStep(removeStep(before, 'k2'), 'k4', 5);
  expect(said(restoreStep(since, before, 'k2'))).toBe('1:k1-3 2:k2+7 3:k3 suite+8 4:k4+35');
  expect(restoreStep(since, before, 'k2').entry).toEqual({ step: 'k2' });
  expect([restoreStep(basis, before, 'k2'), restoreStep(basis, before, 'nobody')]).toEqual([basis, basis]);
});

test('a task has no fallback, no copies and no formal notice; a message has words', () => {
  const notice = step(1, 45, { formalNotice: true, copyRoles: ['legal'], channel: 'registeredLetter' });
  const call = asKind(notice, 'task');
  expect(call).toMatchObject({ kind: 'task', channel: 'call', template: '', formalNotice: false });
  expect([Object.hasOwn(call, 'fallbackChannel'), Object.hasOwn(call, 'copyRoles')]).toEqual([false, false]);
  expect(asKind(call, 'message')).toMatchObject({ kind: 'message', channel: 'email', template: 'reminder1' });
  expect(Object.hasOwn(onChannel(step(1, 7), 'letter'), 'fallbackChannel')).toBe(false);
});

test('codes are made from names, and nobody has them', () => {
  expect(['Grands comptes', 'Été & Cie !', '42', 'Grands   comptes'].map((name) => codeOf(name, new Set(['grands-comptes', 'grands-comptes-2'])))).toEqual(['grands-comptes-3', 'ete-cie', 'scenario', 'grands-comptes-3']);
  expect(copyName('x'.repeat(80), '(copie)')).toHaveLength(80);
});

test('changes in one field in a row are taken back at once, others one by one', () => {
  const start = { past: [], now: basis, tag: null };
  const typed = ['E', 'Es', 'Ess'].reduce((history, name) => changed(history, { ...history.now, name }, 'name'), changed(start, moveStep(basis, 'k2', 1), null));
  expect(typed.past).toHaveLength(2);
  expect(undone(typed).now.name).toBe('Essai');
  expect(said(undone(undone(typed)).now)).toBe(said(basis));
  expect(undone(start)).toBe(start);
  expect(changed(start, basis, 'name')).toBe(start);
});

type Edit = { readonly what: 'move' | 'place' | 'remove' | 'copy' | 'add' | 'anchor'; readonly at: number; readonly days: number };
const edits = fc.array(fc.record({ what: fc.constantFrom('move', 'place', 'remove', 'copy', 'add', 'anchor'), at: fc.nat(19), days: fc.integer({ min: -200, max: 400 }) }), { maxLength: 30 });

function apply(definition: ScenarioDefinition, { what, at, days }: Edit, fresh: string): ScenarioDefinition {
  const key = definition.steps[at % Math.max(definition.steps.length, 1)]?.key ?? '';
  switch (what) {
    case 'move': return moveStep(definition, key, days);
    case 'place': return placeStep(definition, key, days);
    case 'remove': return removeStep(definition, key);
    case 'copy': return duplicateStep(definition, key, fresh) ?? definition;
    case 'add': return addStep(definition, days < 0 ? 'before' : 'after', fresh) ?? definition;
    case 'anchor': return anchorStep(definition, key, ANCHORS[Math.abs(days) % ANCHORS.length] ?? 'dueDate');
  }
}

/** Numbers 1, 2, 3…, keys once each, nobody counted from nothing, and days that only fall where a step follows one of its own. */
function sound({ steps }: ScenarioDefinition): boolean {
  const days = daysOf(steps);
  const heads = days.filter((_day, index) => steps[index]?.anchor !== 'previousStep');
  return steps.every(({ number }, index) => number === index + 1) && new Set(steps.map(({ key }) => key)).size === steps.length
    && heads.every((day, index) => day >= (heads[index - 1] ?? Number.NEGATIVE_INFINITY)) && steps.every(({ anchor, offsetDays }) => anchor !== 'previousStep' || offsetDays >= 1);
}

const always = (edit: typeof apply): void => fc.assert(fc.property(edits, (list) => {
  let now = basis;
  return list.every((one, index) => {
    now = edit(now, one, `f${index}`);
    return sound(now);
  });
}), { numRuns: 300, seed: 20_261_122 });

test('whatever is done to the steps, they stay in order and numbered', () => expect(() => always(apply)).not.toThrow());

test.each<[string, typeof apply]>([
  ['a move that forgets the order', (definition, edit, fresh) => (edit.what === 'move' ? { ...definition, steps: definition.steps.map((one, index) => (index === edit.at % definition.steps.length ? { ...one, offsetDays: one.offsetDays + edit.days } : one)) } : apply(definition, edit, fresh))],
  ['a copy under the same key', (definition, edit, fresh) => (edit.what === 'copy' ? apply(definition, edit, definition.steps[0]?.key ?? fresh) : apply(definition, edit, fresh))],
  ['numbers with a hole after a removal', (definition, edit, fresh) => (edit.what === 'remove' ? { ...definition, steps: definition.steps.slice(1) } : apply(definition, edit, fresh))],
])('planted bug found: %s', (_, edit) => expect(() => always(edit)).toThrow(/Property failed/));

test('a change of one step leaves the others as they are', () => {
  const after = changeStep(basis, 'k2', (one) => ({ ...one, tone: 'firm' }));
  expect(after.steps.filter((one, index) => one.tone !== basis.steps[index]?.tone).map(({ key }) => key)).toEqual(['k2']);
});
