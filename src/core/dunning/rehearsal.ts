import type { Currency } from '../kernel/currency.ts';
import { addDays, later } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { ContactId, ItemId } from '../kernel/id.ts';
import type { ProposedAction } from './decision.ts';
import type { AccountFacts, ItemFacts } from './facts.ts';
import type { DayToCome } from './next-days.ts';
import { recipientOf } from './recipient.ts';
import type { Channel, Step } from './scenario.ts';
import { dueOffset } from './steps.ts';

/** What a step would cite of an account, and whom it would reach. `planned` says whether it comes up in the days looked at; else the day is when it would if nothing else stood in the way. */
export type RehearsedStep = {
  readonly step: Step;
  readonly today: Day;
  readonly planned: boolean;
  readonly channel: Channel;
  readonly contactId: ContactId | null;
  /** False: nobody can be written to on the step's channels. */
  readonly reachable: boolean;
  readonly currency: Currency;
  readonly items: readonly { readonly itemId: ItemId; readonly document: string; readonly amount: bigint }[];
};

/** Each step of an account's scenario with what it would say: as planned in the days to come, else as it would stand for its items. Empty when nothing is open under the scenario. */
export function rehearseSteps(account: AccountFacts, days: readonly DayToCome[], today: Day): RehearsedStep[] {
  const { scenario } = account;
  const own = account.items.filter((item) => item.settled === undefined && (item.scenario ?? scenario).code === scenario.code);
  const currency = largestCurrency(own);
  if (currency === null) return [];
  const items = own.filter((item) => item.currency === currency).toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0));
  return scenario.steps.map((step) => plannedStep(step, days, scenario.code) ?? imaginedStep(step, { account, items, currency, today }));
}

function largestCurrency(items: readonly ItemFacts[]): Currency | null {
  const counts = new Map<Currency, number>();
  for (const { currency } of items) counts.set(currency, (counts.get(currency) ?? 0) + 1);
  let best: Currency | null = null;
  for (const [currency, count] of counts) if (best === null || count > (counts.get(best) ?? 0)) best = currency;
  return best;
}

function plannedStep(step: Step, days: readonly DayToCome[], code: string): RehearsedStep | null {
  const isIts = (action: ProposedAction): boolean => action.purpose === 'dunning' && action.scenarioCode === code && action.step === step.number;
  for (const { today, actions } of days) {
    const action = actions.find(isIts);
    if (action === undefined) continue;
    const items = action.items.map(({ itemId, document, amount }) => ({ itemId, document, amount }));
    return { step, today, planned: true, channel: action.channel, contactId: action.contactId, reachable: true, currency: action.currency, items };
  }
  return null;
}

type Imagining = { readonly account: AccountFacts; readonly items: readonly ItemFacts[]; readonly currency: Currency; readonly today: Day };

/** The step on the first day it could come up for the oldest item it is for: a notice cites what is not late by then, the others what is. */
function imaginedStep(step: Step, { account, items, currency, today }: Imagining): RehearsedStep {
  const ahead = (item: ItemFacts): Day => addDays(item.dueOn, dueOffset(item, account.scenario, step));
  const leader = items.find((item) => ahead(item) >= today) ?? items[0];
  if (leader === undefined) throw new Error('a rehearsal without items');
  const on = later(today, ahead(leader));
  const notice = dueOffset(leader, account.scenario, step) <= 0 && step.anchor !== 'previousStep';
  const cited = items.filter((item) => (notice ? item.dueOn >= on : item.dueOn < on));
  const listed = (cited.length === 0 ? [leader] : cited).map(({ itemId, document, open }) => ({ itemId, document, amount: open }));
  const recipient = recipientOf(account, step);
  return {
    step, today: on, planned: false, channel: recipient.channel, contactId: recipient.found ? recipient.contactId : null, reachable: recipient.found, currency,
    items: account.scenario.scope === 'item' ? listed.slice(0, 1) : listed,
  };
}
