import type { DisputeStatistics, HoldDetail, HoldPage, HoldSummary } from '#core/api/holds.ts';
import { disputeReasonName, disputeSteps } from '#core/holds/dispute-reasons.ts';
import { HOLD_STATE_NAMES } from '#core/holds/hold-state.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import { addDays, daysBetween } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { HoldId } from '#core/kernel/id.ts';
import { decimal, decimalMinor, money } from '#core/kernel/money.ts';
import { disputeStatistics } from '#server/holds/dispute-statistics.ts';
import type { DisputeGrouping } from '#server/holds/dispute-statistics.ts';
import { listComments, listFiles } from '#server/holds/hold-files.ts';
import { coveredItems, pageOfHolds, shownState, tickedSteps } from '#server/holds/hold-list.ts';
import type { HoldTotal, ListedHold } from '#server/holds/hold-list.ts';
import { deadlineOf } from '#server/holds/insolvency.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Digits an amount without a known currency is shown with: those of the euro. */
const DIGITS = 2;
const text = (minor: bigint | null, currency: Currency | null): string | null => (minor === null ? null : decimalMinor(minor, currency === null ? DIGITS : currencyDigits(currency)));

/** Names of the people of an organisation by the actor that events know them by; whoever is none of them is shown as noted. */
type Names = ReadonlyMap<string, string>;

/** What a filter finds in all, as it travels. */
export const totalsView = (totals: readonly HoldTotal[]): HoldPage['totals'] => totals.map(({ currency, count, amount }) => ({ currency, count, amount: text(amount, currency) ?? '' }));

/** A hold as lists show it on a day. */
export function summaryOf(listed: ListedHold, today: Day, names: Names): HoldSummary {
  const { hold, label, plan } = listed;
  const state = shownState(listed);
  const { currency } = hold;
  const next = plan?.next ?? null;
  return {
    id: hold.holdId, kind: hold.kind, state, stateText: HOLD_STATE_NAMES[state], stateOn: hold.endedOn ?? listed.on, customerId: hold.customerId, customer: label.customer, customerName: label.customerName,
    itemId: hold.itemId, document: label.document, itemCount: hold.items === null ? null : hold.items.size, reason: label.reason, reasonText: label.reason === null || hold.kind !== 'dispute' ? null : disputeReasonName(label.reason),
    currency, amount: text(listed.wanted ?? hold.amount, currency), received: text(listed.received, currency), from: hold.from, until: hold.until, graceDays: hold.graceDays,
    ageDays: Math.max(0, daysBetween(hold.from, hold.endedOn ?? today)), note: label.note, actor: names.get(label.actor) ?? label.actor, endedOn: hold.endedOn, endedReason: hold.endedReason,
    promise: hold.kind === 'promise' ? { by: label.promisedBy, channel: label.channel } : null,
    dispute: hold.kind === 'dispute' ? {
      ownerName: label.ownerName, ownerEmail: label.ownerEmail, deadline: label.deadlineOn, late: hold.endedOn === null && label.deadlineOn !== null && label.deadlineOn < today, outcome: hold.outcome, outcomeOn: hold.outcomeOn,
      disputed: text(label.disputed, currency),
    } : null,
    plan: hold.kind === 'plan' ? {
      acceptedOn: hold.acceptedOn, acceptedBy: label.acceptedBy, nextDueOn: next?.dueOn ?? null, nextAmount: next === null ? null : text(next.minor - next.paid, currency), replaces: label.replaces,
    } : null,
    insolvency: hold.kind === 'insolvency' ? { publishedOn: label.publishedOn, claimFiledOn: label.claimFiledOn, court: label.court } : null,
  };
}

/** One hold with all that is joined to it; null when there is none of this number. */
export async function readHold(t: Tenant, holdId: HoldId, { today, names }: { today: Day; names: Names }): Promise<HoldDetail | null> {
  const named = (actor: string): string => names.get(actor) ?? actor;
  const [listed] = (await pageOfHolds(t, { holdId }, today)).holds;
  if (listed === undefined) return null;
  const { hold, label, plan } = listed;
  const items = await coveredItems(t, holdId);
  const ticked = hold.kind === 'dispute' ? await tickedSteps(t, holdId) : new Map<string, { at: string; by: string }>();
  const deadline = hold.kind === 'insolvency' ? await deadlineOf(t, label.publishedOn) : null;
  return {
    ...summaryOf(listed, today, names),
    items: items.map((item) => ({ id: item.itemId, document: item.document, dueOn: item.dueOn, openThen: decimal(money(item.openThen, item.currency)), open: decimal(money(item.open, item.currency)) })),
    instalments: (plan?.instalments ?? []).map(({ dueOn, minor, paid, lastDay, state }) => ({ dueOn, lastDay, state, amount: text(minor, hold.currency) ?? '', paid: text(paid, hold.currency) ?? '' })),
    steps: hold.kind === 'dispute' ? disputeSteps(label.reason).map((step) => ({
      code: step.code, text: step.text, dueOn: addDays(hold.from, step.withinDays), doneAt: ticked.get(step.code)?.at ?? null, doneBy: named(ticked.get(step.code)?.by ?? '') || null,
    })) : [],
    comments: (await listComments(t, holdId)).map((row) => ({ id: row.hold_comment_id, at: row.at, actor: named(row.actor), body: row.body })),
    files: (await listFiles(t, holdId)).map((row) => ({ id: row.hold_file_id, name: row.file_name, type: row.media_type, bytes: row.bytes, at: row.at, actor: named(row.actor) })),
    claim: deadline === null ? null : {
      dueOn: deadline.ok ? deadline.value.on : null, article: deadline.ok ? deadline.value.rule.article : null, url: deadline.ok ? deadline.value.rule.url : null, problem: deadline.ok ? null : deadline.error.message,
    },
  };
}

/** Disputes counted, with their keys in words. */
export async function countDisputes(t: Tenant, of: { by: DisputeGrouping; since: Day; today: Day }): Promise<DisputeStatistics> {
  const rows = await disputeStatistics(t, of);
  const nobody = { fr: 'Personne', en: 'Nobody' };
  return {
    by: of.by, since: of.since,
    rows: rows.map((row) => ({
      key: row.key, name: of.by === 'reason' ? disputeReasonName(row.key) : row.key === '' ? nobody : of.by === 'age' ? { fr: `${row.key} jours`, en: `${row.key} days` } : { fr: row.key, en: row.key }, currency: row.currency,
      open: row.open, openAmount: text(row.openAmount, row.currency) ?? '', late: row.late, ended: row.ended, endedAmount: text(row.endedAmount, row.currency) ?? '', resolvedDays: row.resolvedDays,
    })),
  };
}
