import { z } from 'zod';
import type { DisputeReasonView, DisputeStatistics, HoldDetail, HoldPage, HoldSummary, PlanPreview } from '#core/api/holds.ts';
import { DISPUTE_OUTCOMES } from '#core/holds/dispute.ts';
import { disputeReason } from '#core/holds/dispute-reasons.ts';
import { GRACE_DAYS, GRACE_DAYS_MAX } from '#core/holds/grace.ts';
import { HOLD_KINDS, HOLD_STATES } from '#core/holds/hold-state.ts';
import { PLAN_INSTALMENTS_MAX, PLAN_PERIOD_DAYS_MAX } from '#core/holds/plan-builder.ts';
import { PROMISE_CHANNELS } from '#core/holds/promise.ts';
import { CURRENCY_DIGITS } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import { DISPUTE_GROUPINGS } from '#server/holds/dispute-statistics.ts';
import { bilingualSchema, daySchema, idSchema } from './shapes.ts';

const summary = {
  id: z.string(), kind: z.enum(HOLD_KINDS), state: z.enum(HOLD_STATES), stateText: bilingualSchema, stateOn: z.string().nullable(), customerId: z.string(), customer: z.string(), customerName: z.string(),
  itemId: z.string().nullable(), document: z.string().nullable(), itemCount: z.number().nullable(), reason: z.string().nullable(), reasonText: bilingualSchema.nullable(), currency: z.string().nullable(),
  amount: z.string().nullable(), received: z.string().nullable(), from: z.string(), until: z.string().nullable(), graceDays: z.number(), ageDays: z.number(), note: z.string().nullable(), actor: z.string(),
  endedOn: z.string().nullable(), endedReason: z.string().nullable(), promise: z.object({ by: z.string().nullable(), channel: z.string().nullable() }).nullable(),
  dispute: z.object({
    ownerName: z.string().nullable(), ownerEmail: z.string().nullable(), deadline: z.string().nullable(), late: z.boolean(), outcome: z.string().nullable(), outcomeOn: z.string().nullable(),
    disputed: z.string().nullable(),
  }).nullable(),
  plan: z.object({ acceptedOn: z.string().nullable(), acceptedBy: z.string().nullable(), nextDueOn: z.string().nullable(), nextAmount: z.string().nullable(), replaces: z.string().nullable() }).nullable(),
  insolvency: z.object({ publishedOn: z.string().nullable(), claimFiledOn: z.string().nullable(), court: z.string().nullable() }).nullable(),
};

/** A hold in a list. */
const holdSummarySchema: z.ZodType<HoldSummary> = z.object(summary);

/** A page of holds. */
export const holdPageSchema: z.ZodType<HoldPage> = z.object({
  rows: z.array(holdSummarySchema), next: z.string().nullable(),
  totals: z.array(z.object({ currency: z.string().nullable(), count: z.number(), amount: z.string() })),
});

/** A hold with all that is joined to it. */
export const holdDetailSchema: z.ZodType<HoldDetail> = z.object({
  ...summary,
  items: z.array(z.object({ id: z.string(), document: z.string(), dueOn: z.string(), openThen: z.string(), open: z.string() })),
  instalments: z.array(z.object({ dueOn: z.string(), amount: z.string(), paid: z.string(), lastDay: z.string(), state: z.enum(['paid', 'due', 'late', 'missed']) })),
  steps: z.array(z.object({ code: z.string(), text: bilingualSchema, dueOn: z.string(), doneAt: z.string().nullable(), doneBy: z.string().nullable() })),
  comments: z.array(z.object({ id: z.string(), at: z.string(), actor: z.string(), body: z.string() })),
  files: z.array(z.object({ id: z.string(), name: z.string(), type: z.string(), bytes: z.number(), at: z.string(), actor: z.string() })),
  claim: z.object({ dueOn: z.string().nullable(), article: z.string().nullable(), url: z.string().nullable(), problem: bilingualSchema.nullable() }).nullable(),
});

/** A plan as it would be. */
export const planPreviewSchema: z.ZodType<PlanPreview> = z.object({ currency: z.string(), total: z.string(), instalments: z.array(z.object({ dueOn: z.string(), amount: z.string() })) });

/** Disputes counted. */
export const disputeStatisticsSchema: z.ZodType<DisputeStatistics> = z.object({
  by: z.enum(DISPUTE_GROUPINGS), since: z.string(),
  rows: z.array(z.object({
    key: z.string(), name: bilingualSchema, currency: z.string().nullable(), open: z.number(), openAmount: z.string(), late: z.number(), ended: z.number(), endedAmount: z.string(), resolvedDays: z.number().nullable(),
  })),
});

/** How disputes are to be counted. */
export const statisticsQuery = z.object({ by: z.enum(DISPUTE_GROUPINGS).default('reason'), since: daySchema.optional() });

/** Reasons of disputes. */
export const disputeReasonsSchema: z.ZodType<readonly DisputeReasonView[]> = z.array(z.object({
  code: z.string(), family: z.string(), name: bilingualSchema, steps: z.array(z.object({ code: z.string(), text: bilingualSchema, withinDays: z.number() })),
}));

const optionalText = (max: number) => z.string().trim().max(max).nullable().default(null).transform((text) => (text === '' ? null : text));
const amountText = z.string().trim().min(1).max(24);
const reasonText = z.string().max(40).transform((text, context) => {
  const reason = disputeReason(text);
  if (reason !== null) return reason;
  context.addIssue({ code: 'custom', message: 'not a reason of the list' });
  return z.NEVER;
});
const yes = z.enum(['true', 'false']).default('false');
/** Several words of a list with commas between them. */
const several = <Word extends string>(words: readonly [Word, ...Word[]]) => z.string().max(200).transform((text) => text.split(',')).pipe(z.array(z.enum(words)).min(1)).optional();

/** How the list is asked for; `mine`: those whose owner is the person who asks. */
export const holdsQuery = z.object({
  kind: several(HOLD_KINDS), state: several(HOLD_STATES), customer: idSchema<'customer'>().optional(), owner: z.string().trim().min(1).max(200).optional(), reason: reasonText.optional(),
  withoutOwner: yes, late: yes, mine: yes, oldestFirst: yes, agedDaysMin: z.coerce.number().int().min(0).max(10_000).optional(), all: yes, before: idSchema<'hold'>().optional(),
});

const emailText = z.string().trim().max(254).nullable().default(null).transform((text, context) => {
  if (text === null || text === '') return null;
  const parsed = parseRecipient(text);
  if (parsed.ok) return text;
  context.addIssue({ code: 'custom', message: 'not an e-mail address' });
  return z.NEVER;
});
const onCustomer = { customerId: idSchema<'customer'>(), from: daySchema.optional(), note: optionalText(1000) };
const graceDays = z.number().int().min(0).max(GRACE_DAYS_MAX).default(GRACE_DAYS);
/** Items one promise or plan covers at most: a letter lists no more either. */
const ITEMS_MAX = 1000;
const items = z.array(idSchema<'item'>()).min(1).max(ITEMS_MAX);
const dispute = { reason: reasonText, amount: amountText.nullable().default(null), ownerName: optionalText(200), ownerEmail: emailText, deadline: daySchema.nullable().default(null) };

/** A hold as a person enters it, each kind with what it needs; of insolvency `from` is the day of the judgment. */
export const newHoldBody = z.discriminatedUnion('kind', [
  z.strictObject({
    ...onCustomer, kind: z.literal('promise'), items: items.nullable().default(null), amount: amountText.nullable().default(null), until: daySchema, graceDays, by: optionalText(200),
    currency: z.enum(Object.keys(CURRENCY_DIGITS) as [Currency, ...Currency[]]).optional(),
    channel: z.enum(PROMISE_CHANNELS).nullable().default(null),
  }),
  z.strictObject({ ...onCustomer, ...dispute, kind: z.literal('dispute'), itemId: idSchema<'item'>() }),
  z.strictObject({ ...onCustomer, kind: z.literal('pause'), itemId: idSchema<'item'>().nullable().default(null), until: daySchema, reason: z.string().trim().min(1).max(200) }),
  z.strictObject({ ...onCustomer, kind: z.literal('insolvency'), court: optionalText(200), publishedOn: daySchema.nullable().default(null) }),
]);

/** What a person changes of a dispute. */
export const disputeBody = z.strictObject({ ...dispute, note: optionalText(1000) });
/** How a dispute is decided. */
export const decisionBody = z.strictObject({ outcome: z.enum(DISPUTE_OUTCOMES), amount: amountText.nullable().default(null), note: optionalText(1000) });
/** A comment. */
export const commentBody = z.strictObject({ body: z.string().trim().min(1).max(4000) });
/** A step ticked, or its tick taken back. */
export const stepBody = z.strictObject({ done: z.boolean() });
/** What is learnt of insolvency proceedings. */
export const insolvencyBody = z.strictObject({ publishedOn: daySchema.nullable(), claimFiledOn: daySchema.nullable() });

const period = z.discriminatedUnion('every', [
  z.strictObject({ every: z.literal('month') }), z.strictObject({ every: z.literal('week') }), z.strictObject({ every: z.literal('days'), days: z.number().int().min(1).max(PLAN_PERIOD_DAYS_MAX) }),
]);
/** A plan to be shown before it is kept. */
export const previewBody = z.strictObject({ customerId: idSchema<'customer'>(), items, count: z.number().int().min(1).max(PLAN_INSTALMENTS_MAX), firstOn: daySchema, period });
/** A plan to be kept, proposed (`acceptedBy` null) or agreed, in the place of another one or not. */
export const planBody = z.strictObject({
  customerId: idSchema<'customer'>(), items, instalments: z.array(z.strictObject({ dueOn: daySchema, amount: amountText })).min(1).max(PLAN_INSTALMENTS_MAX), graceDays,
  acceptedBy: optionalText(200), note: optionalText(1000), replaces: idSchema<'hold'>().nullable().default(null),
});
/** Who agreed to a plan. */
export const acceptBody = z.strictObject({ acceptedBy: z.string().trim().min(1).max(200) });
/** The language a plan is printed in; the customer's own without it. */
export const scheduleQuery = z.object({ language: z.enum(['fr', 'en']).optional() });
/** Why a hold ends. */
export const endHoldBody = z.strictObject({ reason: z.string().trim().min(1).max(200) });
/** What was entered. */
export const madeSchema = z.object({ id: z.string() });
