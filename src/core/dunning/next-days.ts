import { addDays } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { decideAccount } from './decide.ts';
import type { Decision, ProposedAction } from './decision.ts';
import type { AccountFacts, ItemFacts, PolicyFacts } from './facts.ts';
import { doneKey } from './steps.ts';

/** One day to come: what would go out, and the items whose reason to wait is another than on the day before. */
export type DayToCome = { readonly today: Day; readonly actions: readonly ProposedAction[]; readonly changes: readonly Decision[] };

/** A preview further than this guesses more than it knows. */
export const DAYS_AHEAD_MAX = 90;

/**
 * What would be done for one account in the days from `policy.today` on, as things stand: every action accepted the day it is proposed, what
 * stands already accepted at once, imports as fresh as today, nothing paid. Pure, so that a screen can show it and nothing is kept.
 */
export function nextDays(policy: PolicyFacts, account: AccountFacts, count: number): DayToCome[] {
  const days: DayToCome[] = [];
  const said = new Map<string, string>();
  let current = withStandingDone(account, policy.today);
  for (let ahead = 0; ahead < Math.min(count, DAYS_AHEAD_MAX); ahead += 1) {
    const today = addDays(policy.today, ahead);
    const { actions, decisions } = decideAccount({ ...policy, today }, current);
    const changes = decisions.filter((decision) => {
      const reason = `${decision.reason}/${decision.step ?? ''}`;
      const changed = said.get(decision.itemId) !== reason;
      said.set(decision.itemId, reason);
      return changed;
    });
    if (actions.length > 0 || changes.length > 0) days.push({ today, actions, changes });
    current = afterSending(current, actions, today);
  }
  return days;
}

/** Actions that stand are taken for done today: what comes after them is what is asked. */
function withStandingDone(account: AccountFacts, today: Day): AccountFacts {
  const contacts = new Set(account.items.flatMap(({ pendingAction }) => (pendingAction === null ? [] : [pendingAction.actionId])));
  const items = account.items.map((item): ItemFacts => {
    const { pendingAction } = item;
    if (pendingAction === null) return item;
    const scenario = item.scenario ?? account.scenario;
    const step = scenario.steps.find(({ number }) => number === pendingAction.step);
    const credited = step === undefined ? item : withStep(item, { step: step.number, key: step.key, offset: step.offsetDays }, { account: { ...account, scenario }, today });
    return { ...credited, pendingAction: null };
  });
  const made = [...contacts].map(() => ({ channel: 'email' as const, currency: null, on: today }));
  return { ...account, items, recentContacts: [...account.recentContacts, ...made] };
}

/** The account once its actions were accepted by their channel on a day. */
export function afterSending(account: AccountFacts, actions: readonly ProposedAction[], today: Day): AccountFacts {
  const thanked = new Set(actions.filter(({ purpose }) => purpose === 'thankYou').flatMap(({ items }) => items.map(({ itemId }) => itemId)));
  const kept = account.items.filter(({ itemId, settled }) => settled === undefined || !thanked.has(itemId));
  const items = kept.map((item) => actions.reduce((current, action) => afterAction(current, action, { account, today }), item));
  const noticed = actions.filter(({ channel }) => channel !== 'check');
  const made = noticed.map(({ channel, currency, purpose }) => ({ channel, currency: purpose === 'thankYou' ? null : currency, on: today }));
  return { ...account, items, recentContacts: [...account.recentContacts, ...made] };
}

type Sent = { readonly account: AccountFacts; readonly today: Day };

function afterAction(item: ItemFacts, action: ProposedAction, sent: Sent): ItemFacts {
  const listed = action.items.find(({ itemId }) => itemId === item.itemId);
  if (listed === undefined || listed.creditedStep === null || listed.creditedKey === null || listed.creditedOffset === null) return item;
  const scenario = item.scenario ?? sent.account.scenario;
  return withStep(item, { step: listed.creditedStep, key: listed.creditedKey, offset: listed.creditedOffset }, { ...sent, account: { ...sent.account, scenario } });
}

function withStep(item: ItemFacts, done: { step: number; key: string; offset: number }, { account, today }: Sent): ItemFacts {
  const { code, version } = account.scenario;
  return {
    ...item,
    lastStepDone: { number: done.step, offsetDays: done.offset, key: done.key, doneOn: today, scenarioCode: code, scenarioVersion: version },
    doneKeys: [...(item.doneKeys ?? []), doneKey(code, done.key)],
    furthestOffset: Math.max(item.furthestOffset ?? item.lastStepDone?.offsetDays ?? done.offset, done.offset),
  };
}
