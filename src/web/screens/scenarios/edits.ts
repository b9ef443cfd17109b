import type { ScenarioDefinition, StepDefinition } from '#core/api/scenarios.ts';
import { isTask } from '#core/dunning/scenario.ts';
import type { Anchor, Channel, StepKind } from '#core/dunning/scenario.ts';
import { NAME_LENGTH_MAX, NOTICE_DAYS_MAX, OFFSET_DAYS_MAX, STEPS_MAX } from '#core/dunning/scenario-check.ts';

/** Days from invoice to due date that a step counted from the invoice is drawn with: the term of French law where nothing else was agreed (C. com. L441-10). */
export const DRAWN_TERM_DAYS = 30;
/** Days after the last step at which the next one is proposed, and the day of the first of all. */
const NEXT_AFTER_DAYS = 7;
/** A notice three days ahead leaves time to pay and is not forgotten again. */
const NOTICE_DAYS = 3;
const GAP_DAYS = 3;

/** Texts in the order in which reminders grow firmer. */
const LADDER = [{ template: 'reminder1', tone: 'friendly' }, { template: 'reminder2', tone: 'neutral' }, { template: 'reminder3', tone: 'firm' }] as const;

/** A scenario without steps. */
export const blankDefinition = (name: string, currency: string): ScenarioDefinition => ({
  name, scope: 'account', entry: 'first', minimumAmount: { amount: '0', currency }, otherMinimumAmounts: [], graceDays: 0, thankYou: null, steps: [],
});

/** A code made from a name that nobody has: "Grands comptes" is "grands-comptes", then "grands-comptes-2". */
export function codeOf(name: string, taken: ReadonlySet<string>): string {
  const plain = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^[^a-z]+|-+$/g, '').slice(0, 30).replace(/-+$/, '');
  const base = plain === '' ? 'scenario' : plain;
  for (let number = 1; ; number += 1) {
    const code = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(code)) return code;
  }
}

/** A name for a copy that fits. */
export const copyName = (name: string, word: string): string => `${name.slice(0, NAME_LENGTH_MAX - word.length - 1)} ${word}`;

/** Days after the due date at which each step is drawn, as the engine counts them for an invoice with a usual term. */
export function daysOf(steps: readonly StepDefinition[]): number[] {
  const days: number[] = [];
  for (const { anchor, offsetDays } of steps) {
    days.push(anchor === 'dueDate' ? offsetDays : anchor === 'issueDate' ? offsetDays - DRAWN_TERM_DAYS : Math.max(0, days.at(-1) ?? 0) + offsetDays);
  }
  return days;
}

/** Steps in the order of their days, numbered; one counted from the step before stays behind that one. Equal days keep their order. */
export function ordered(steps: readonly StepDefinition[]): StepDefinition[] {
  const days = daysOf(steps);
  const blocks: { day: number; steps: StepDefinition[] }[] = [];
  for (const [index, step] of steps.entries()) {
    const last = blocks.at(-1);
    if (step.anchor === 'previousStep' && last !== undefined) last.steps.push(step);
    else blocks.push({ day: days[index] ?? 0, steps: [step] });
  }
  return blocks.toSorted((a, b) => a.day - b.day).flatMap((block) => block.steps).map((step, index) => ({ ...step, number: index + 1 }));
}

const withSteps = (definition: ScenarioDefinition, steps: readonly StepDefinition[]): ScenarioDefinition => ({ ...definition, steps: ordered(steps) });

/** Where a new step goes: around the due date. */
export type Side = 'before' | 'after';

/** Adds a step under a key that no version of the scenario ever had; null when there is no room. */
export function addStep(definition: ScenarioDefinition, side: Side, key: string): ScenarioDefinition | null {
  const { steps } = definition;
  if (steps.length >= STEPS_MAX) return null;
  const days = daysOf(steps);
  const common = { number: steps.length + 1, key, kind: 'message', anchor: 'dueDate', channel: 'email', contactRoles: ['accountsPayable', 'management', 'buyer'], approval: 'none', formalNotice: false } as const;
  if (side === 'before') {
    const first = Math.min(0, ...days.filter((day) => day <= 0));
    return withSteps(definition, [{ ...common, offsetDays: clamped(first - NOTICE_DAYS, 'dueDate'), minimumGapDays: 1, template: 'preDue', tone: 'friendly' }, ...steps]);
  }
  const reminders = days.filter((day) => day > 0).length;
  const rung = LADDER[Math.min(reminders, LADDER.length - 1)] ?? LADDER[0];
  const last = Math.max(0, ...days);
  return withSteps(definition, [...steps, { ...common, fallbackChannel: 'letter', offsetDays: clamped(last + NEXT_AFTER_DAYS, 'dueDate'), minimumGapDays: GAP_DAYS, ...rung }]);
}

/** The step again a day later, under a key of its own; a formal notice is not made twice. Null when there is no room. */
export function duplicateStep(definition: ScenarioDefinition, key: string, fresh: string): ScenarioDefinition | null {
  const { steps } = definition;
  const at = steps.findIndex((step) => step.key === key);
  const step = steps[at];
  if (step === undefined || steps.length >= STEPS_MAX) return null;
  const offsetDays = step.anchor === 'previousStep' ? step.offsetDays : clamped(step.offsetDays + 1, step.anchor);
  return withSteps(definition, steps.toSpliced(at + 1, 0, { ...asNotice(step, false), key: fresh, offsetDays }));
}

/** The definition without a step; who entered there enters at the first one, and a step counted from nothing is counted from the due date on the same day. */
export function removeStep(definition: ScenarioDefinition, key: string): ScenarioDefinition {
  const days = daysOf(definition.steps);
  const left = definition.steps.map((step, index) => ({ step, day: days[index] ?? 0 })).filter(({ step }) => step.key !== key)
    .map(({ step, day }, index) => (index === 0 && step.anchor === 'previousStep' ? { ...step, anchor: 'dueDate' as const, offsetDays: clamped(day, 'dueDate') } : step));
  const { entry } = definition;
  const entered = typeof entry !== 'string' && entry.step === key;
  return withSteps({ ...definition, entry: entered ? 'first' : entry }, left);
}

/** Puts a removed step back where it was; what was changed since stays. */
export function restoreStep(now: ScenarioDefinition, before: ScenarioDefinition, key: string): ScenarioDefinition {
  const at = before.steps.findIndex((step) => step.key === key);
  const step = before.steps[at];
  if (step === undefined || now.steps.length >= STEPS_MAX || now.steps.some((one) => one.key === key)) return now;
  const entered = typeof before.entry !== 'string' && before.entry.step === key && now.entry === 'first';
  return withSteps({ ...now, entry: entered ? before.entry : now.entry }, now.steps.toSpliced(at, 0, step));
}

/** Changes one step; the order follows its day. */
export const changeStep = (definition: ScenarioDefinition, key: string, change: (step: StepDefinition) => StepDefinition): ScenarioDefinition =>
  withSteps(definition, definition.steps.map((step) => (step.key === key ? change(step) : step)));

/** An offset within what its anchor allows. */
export function clamped(offsetDays: number, anchor: Anchor): number {
  return Math.min(Math.max(Math.round(offsetDays), anchor === 'previousStep' ? 1 : -NOTICE_DAYS_MAX), OFFSET_DAYS_MAX);
}

/** Moves a step by whole days. */
export const moveStep = (definition: ScenarioDefinition, key: string, byDays: number): ScenarioDefinition =>
  changeStep(definition, key, (step) => ({ ...step, offsetDays: clamped(step.offsetDays + byDays, step.anchor) }));

/** Moves a step to a day of the line, which counts from the due date. */
export function placeStep(definition: ScenarioDefinition, key: string, day: number): ScenarioDefinition {
  const at = definition.steps.findIndex((step) => step.key === key);
  const now = daysOf(definition.steps)[at];
  return now === undefined ? definition : moveStep(definition, key, day - now);
}

/** Counts a step from something else; it stays on its day as far as that can be said. */
export function anchorStep(definition: ScenarioDefinition, key: string, anchor: Anchor): ScenarioDefinition {
  const at = definition.steps.findIndex((step) => step.key === key);
  const days = daysOf(definition.steps);
  const [day = 0, before = 0] = [days[at], days[at - 1]];
  const offset = anchor === 'dueDate' ? day : anchor === 'issueDate' ? day + DRAWN_TERM_DAYS : day - Math.max(0, before);
  return changeStep(definition, key, (step) => ({ ...step, anchor, offsetDays: clamped(offset, anchor) }));
}

/** The step on another channel; a task has no fallback and no copies, and a message has words. */
export function onChannel(step: StepDefinition, channel: Channel): StepDefinition {
  const { fallbackChannel, copyRoles, ...rest } = step;
  if (isTask(channel)) return { ...rest, channel, kind: 'task', formalNotice: false };
  const kept = fallbackChannel === undefined || fallbackChannel === channel ? {} : { fallbackChannel };
  return { ...rest, ...kept, ...(copyRoles === undefined ? {} : { copyRoles }), channel, kind: 'message', template: rest.template === '' ? 'reminder1' : rest.template };
}

/** The step as a message or as a task. */
export const asKind = (step: StepDefinition, kind: StepKind): StepDefinition => {
  if (step.kind === kind) return step;
  return kind === 'task' ? { ...onChannel(step, 'call'), template: '' } : onChannel(step, 'email');
};

/** Definitions one after the other: what is now, and what was before it. Changes with one tag in a row are one. */
export type History = { readonly past: readonly ScenarioDefinition[]; readonly now: ScenarioDefinition; readonly tag: string | null };

/** Steps back that are kept: more than anybody takes back one by one. */
const PAST_MAX = 50;

/** The history after a change; one that changes nothing leaves it as it is. */
export function changed(history: History, next: ScenarioDefinition, tag: string | null): History {
  if (next === history.now) return history;
  const merged = tag !== null && tag === history.tag;
  return { past: merged ? history.past : [...history.past, history.now].slice(-PAST_MAX), now: next, tag };
}

/** The history one change earlier. */
export function undone(history: History): History {
  const before = history.past.at(-1);
  return before === undefined ? history : { past: history.past.slice(0, -1), now: before, tag: null };
}

/** A step that is the formal notice, or is it no more; its text follows, since no reminder stands for one. */
export function asNotice(step: StepDefinition, formalNotice: boolean): StepDefinition {
  if (step.formalNotice === formalNotice) return step;
  return { ...step, formalNotice, template: formalNotice ? 'formalNotice' : 'reminder3' };
}
