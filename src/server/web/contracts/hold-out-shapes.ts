import { z } from 'zod';
import type { HoldOutBody, HoldOutPage, HoldOutView } from '#core/api/hold-out.ts';
import type { Effect, Interval } from '#core/dunning/effect.ts';
import { HOLD_OUT_SHARE_MAX } from '#core/dunning/hold-out.ts';
import { amountSchema } from './shapes.ts';

/** How a test is asked for; a share of 0 is refused with a sentence. */
export const holdOutBody = z.strictObject({
  sharePercent: z.int().min(0).max(HOLD_OUT_SHARE_MAX), formerVersion: z.int().min(1).nullable().default(null), formerScenario: z.string().max(40).nullable().default(null),
}) satisfies z.ZodType<HoldOutBody>;

const interval: z.ZodType<Interval> = z.object({ value: z.number(), low: z.number(), high: z.number() });
const beside = { new: z.number(), former: z.number(), gained: interval };
const armCount = z.object({ customers: z.number(), items: z.number(), paid: z.number() });
const counted = { arms: z.object({ new: armCount, former: armCount }), horizonDays: z.number() };
const effectSchema: z.ZodType<Effect> = z.discriminatedUnion('measurable', [
  z.object({ ...counted, measurable: z.literal(true), measured: z.object({ days: z.object(beside), weightedDays: z.object(beside), collected: z.array(z.object({ byDays: z.number(), ...beside })) }) }),
  z.object({ ...counted, measurable: z.literal(false), because: z.enum(['fewCustomers', 'fewPayments', 'shortFollowUp']) }),
]);

const viewSchema: z.ZodType<HoldOutView> = z.object({
  id: z.string(), version: z.number(), formerCode: z.string(), formerName: z.string(), formerVersion: z.number(), sharePercent: z.number(), seed: z.number(), startedOn: z.string(), startedBy: z.string(), endedOn: z.string().nullable(),
  sizes: z.object({ new: z.number(), former: z.number(), left: z.object({ new: z.number(), former: z.number() }) }), effect: effectSchema,
  saved: z.object({ due: amountSchema, financing: amountSchema, low: amountSchema, high: amountSchema, ratePercent: z.string() }).nullable(),
});

/** The tests of a scenario. */
export const holdOutPageSchema: z.ZodType<HoldOutPage> = z.object({
  code: z.string(), name: z.string(), version: z.number(), versions: z.array(z.number()), others: z.array(z.object({ code: z.string(), name: z.string() })), tests: z.array(viewSchema),
});
