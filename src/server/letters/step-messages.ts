import type { AccountFacts } from '#core/dunning/facts.ts';
import type { RehearsedStep } from '#core/dunning/rehearsal.ts';
import { isTask } from '#core/dunning/scenario.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { composeActions } from './compose.ts';
import type { ComposedAction } from './compose.ts';
import type { ActionForMessage } from './message-facts.ts';

/** A step's message in words; a task without words has neither subject nor text. */
export type StepMessageWords = { readonly subject: string; readonly text: string; readonly html: string | null; readonly problems: readonly Problem[] };

const NO_WORDS: StepMessageWords = { subject: '', text: '', html: null, problems: [] };

/** Composes what rehearsed steps would say to a customer, each as of its own day, in their order; words only, nothing is kept. */
export async function stepMessages(t: Tenant, steps: readonly RehearsedStep[], of: { account: AccountFacts; today: Day; formalNoticeDays: number }): Promise<StepMessageWords[]> {
  const found = new Map<number, StepMessageWords>();
  const actions = steps.flatMap((one, index) => (one.step.template === '' ? [] : [{ index, on: one.today, action: actionOf(one, index, of.account) }]));
  for (const [on, group] of Map.groupBy(actions, (one) => one.on)) {
    const composed = await composeActions(t, group.map(({ action }) => action), { today: on, formalNoticeDays: of.formalNoticeDays, letters: null });
    for (const [place, one] of composed.entries()) {
      const index = group[place]?.index;
      if (index !== undefined) found.set(index, wordsOf(one));
    }
  }
  // Interest of a day to come may need a rate that is not published yet: the message is then the one of today.
  const failed = actions.filter(({ index, on }) => on > of.today && (found.get(index)?.problems.length ?? 0) > 0);
  const again = failed.length === 0 ? [] : await composeActions(t, failed.map(({ action }) => action), { today: of.today, formalNoticeDays: of.formalNoticeDays, letters: null });
  for (const [place, one] of again.entries()) {
    const index = failed[place]?.index;
    if (index !== undefined) found.set(index, wordsOf(one));
  }
  return steps.map((_step, index) => found.get(index) ?? NO_WORDS);
}

function wordsOf({ composed }: ComposedAction): StepMessageWords {
  if (!composed.ok) return { ...NO_WORDS, problems: composed.error };
  const { subject, text, html } = composed.value.rendered;
  return { subject, text, html, problems: [] };
}

/** An action that is only thought of; its id is its place and is in no table. */
function actionOf({ step, channel, contactId, currency, items }: RehearsedStep, index: number, { customer, contacts }: AccountFacts): ActionForMessage {
  const actionId = parseId<'action'>(String(index + 1));
  if (actionId === null) throw new Error('a place that is no id');
  return {
    actionId, channel, templateCode: step.template, tone: step.tone, formalNotice: step.formalNotice && !isTask(channel), chargesAllowed: customer.kind !== 'consumer', currency,
    customerId: customer.id, contactId, recipient: contacts.find((one) => one.contactId === contactId)?.email ?? null,
    imagined: items.map(({ itemId, amount }) => ({ itemId, amount })),
  };
}
