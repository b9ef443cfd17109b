import { z } from 'zod';
import { ACTION_VIEWS } from '#core/api/actions.ts';
import type { ActionPage, ActionPreview, ActionsApproved, ActionsMoved } from '#core/api/actions.ts';
import type { RunOutcome, SendOutcome } from '#core/api/jobs.ts';
import { SEGMENTS } from '#core/risk/segment.ts';
import { bilingualSchema, idSchema, problemSchema } from './shapes.ts';

/** One list of actions. */
export const actionPageSchema: z.ZodType<ActionPage> = z.object({
  rows: z.array(z.object({
    id: z.string(), customerId: z.string(), customer: z.string(), customerName: z.string(), channel: z.string(), recipient: z.string().nullable(), step: z.number(),
    scenario: z.string(), offsetDays: z.number(), tone: z.string(), total: z.string(), currency: z.string(), documents: z.array(z.string()), state: z.string(),
    stateReason: z.string().nullable(), stateAt: z.string(), today: z.string(), formalNotice: z.boolean(), firmer: z.boolean(), sentOn: z.string().nullable(),
    test: z.boolean(), approvalsNeeded: z.number(), approvedOnceBy: z.string().nullable(), approvedOnceByMe: z.boolean(),
    purpose: z.enum(['dunning', 'copy', 'thankYou']), task: z.boolean(), segment: z.enum(SEGMENTS).nullable(), taskNote: z.string().nullable(),
  })),
  truncated: z.boolean(),
  counts: z.object({ proposed: z.number(), approved: z.number(), unknown: z.number(), failed: z.number(), sent: z.number(), cancelled: z.number() }),
});

/** Which list. */
export const actionsQuery = z.object({ state: z.enum(ACTION_VIEWS).default('proposed'), customer: idSchema<'customer'>().optional() });

/** The message of an action. */
export const actionPreviewSchema: z.ZodType<ActionPreview> = z.object({
  id: z.string(), stored: z.boolean(), channel: z.string(), to: z.string().nullable(), from: z.string().nullable(), subject: z.string(), text: z.string(),
  html: z.string().nullable(), hasLetter: z.boolean(), hasMail: z.boolean(),
  documents: z.array(z.object({ document: z.string(), dueOn: z.string(), open: z.string() })), total: z.string(), currency: z.string(),
  problems: z.array(problemSchema),
});

/** Actions named one by one: as many as one page shows. */
const IDS_MAX = 2000;

/** Which actions to move. */
export const idsBody = z.strictObject({ ids: z.array(idSchema<'action'>()).min(1).max(IDS_MAX) });
/** Which actions to approve: some, or every proposed one. */
export const approveBody = z.strictObject({ ids: z.union([z.literal('all'), z.array(idSchema<'action'>()).min(1).max(IDS_MAX)]) });
/** What a person says of a parked action. */
export const resolveBody = z.strictObject({ arrived: z.boolean() });
/** Actions that were moved. */
export const movedSchema: z.ZodType<ActionsMoved> = z.object({ ids: z.array(z.string()) });
/** What became of an approval. */
export const approvedSchema: z.ZodType<ActionsApproved> = z.object({
  ids: z.array(z.string()), once: z.array(z.string()), samePerson: z.array(z.string()), tasks: z.array(z.string()), message: bilingualSchema.nullable(),
});

/** Whether a run keeps what it finds. */
export const runBody = z.strictObject({ dryRun: z.boolean() });

/** What a run did. */
export const runOutcomeSchema: z.ZodType<RunOutcome> = z.object({
  today: z.string(), dryRun: z.boolean(), stopped: z.enum(['ledgerStale', 'bankStale', 'globalStop']).nullable(), decisions: z.number(), actions: z.number(),
  reasons: z.array(z.object({ reason: z.string(), count: z.number() })),
});

/** What became of what was handed over. */
export const sendOutcomeSchema: z.ZodType<SendOutcome> = z.object({
  sent: z.number(), failed: z.number(), unknown: z.number(), waiting: z.number(), tested: z.number(),
  cancelled: z.array(z.object({ action: z.string(), reason: z.string() })), expired: z.array(z.object({ action: z.string(), reason: z.string() })),
  stopped: z.enum(['globalStop', 'breakerOpen', 'frozen', 'journal']).nullable(), said: z.object({ fr: z.string(), en: z.string() }).nullable(),
});
