import { z } from 'zod';
import { FREEZE_REASONS } from '#core/channels/compare-journal.ts';
import type { FrozenView, JournalPage, ReconciledView } from '#core/api/journal.ts';

const bilingual = z.object({ fr: z.string(), en: z.string() });

/** Why nothing leaves. */
export const frozenSchema: z.ZodType<FrozenView> = z.object({ because: z.enum(FREEZE_REASONS), at: z.string(), by: z.string().nullable(), reason: z.string().nullable() });

/** The journal as a page shows it. */
export const journalPageSchema: z.ZodType<JournalPage> = z.object({
  frozen: frozenSchema.nullable(), disagrees: z.enum(FREEZE_REASONS).nullable(), fault: bilingual.nullable(), where: z.string().nullable(), begun: z.boolean(),
  sends: z.array(z.object({
    ref: z.string(), customer: z.string(), customerId: z.string().nullable(), customerName: z.string().nullable(), day: z.string(), channel: z.string(), step: z.number(), total: z.string(),
    currency: z.string(), outcome: z.enum(['accepted', 'refused', 'unknown']), test: z.boolean(), sha256: z.string(),
  })),
  count: z.number(), others: z.number(), torn: z.number(), waiting: z.number(), mayReconcile: z.boolean(), cannotApply: bilingual.nullable(),
});

const reason = z.string().trim().min(5).max(500);

/** How a freeze ends, and why. */
export const reconcileBody = z.strictObject({ how: z.enum(['applied', 'adopted']), reason });

/** What a reconciliation wrote. */
export const reconciledSchema: z.ZodType<ReconciledView> = z.object({
  sent: z.number(), parked: z.number(), waiting: z.number(), refused: z.number(), tests: z.number(), dropped: z.number(), backToProposed: z.number(), webhooksOff: z.number(),
});
