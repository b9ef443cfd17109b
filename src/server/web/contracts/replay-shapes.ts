import { z } from 'zod';
import type { ReplayBody, ReplayPage, ReplayView } from '#core/api/replay.ts';
import type { ReplayResult } from '#core/dunning/replay-tally.ts';
import { CHANNELS } from '#core/dunning/scenario.ts';
import type { Day } from '#core/kernel/day.ts';
import { REPLAY_MONTHS, REPLAY_MONTHS_MAX } from '#server/dunning/replays.ts';
import { jobSchema } from './shapes.ts';

/** How a replay is asked for. */
export const replayBody = z.strictObject({
  version: z.int().min(1).nullable().default(null), months: z.int().min(1).max(REPLAY_MONTHS_MAX).default(REPLAY_MONTHS), basis: z.enum(['known', 'dated']).default('known'),
  population: z.enum(['assigned', 'everybody']).default('assigned'),
}) satisfies z.ZodType<ReplayBody>;

/** Written by the server itself: a day, not to be read again. */
const dayText = z.custom<Day>((value) => typeof value === 'string');
const channels = z.partialRecord(z.enum(CHANNELS), z.number());
const week = z.object({ messages: z.number(), approvals: z.number(), letters: z.number(), tasks: z.number() });
const counts = z.object({ replayed: z.number(), done: z.number() });

const resultSchema: z.ZodType<ReplayResult> = z.object({
  from: dayText, until: dayText, months: z.array(z.object({ month: z.string(), replayed: channels, done: channels })), weeks: z.array(z.object({ week: dayText, replayed: week, done: week })),
  customers: z.number(), chased: counts, unreachable: z.number(), formalNotices: counts, thanks: counts, selfPaying: z.object({ customers: z.number(), messages: z.number(), days: z.number() }),
  steps: z.array(z.object({ step: z.number(), count: z.number() })),
});

const viewSchema: z.ZodType<ReplayView> = z.object({
  version: z.number().nullable(), months: z.number(), basis: z.enum(['known', 'dated']), population: z.enum(['assigned', 'everybody']), endedAt: z.string(), by: z.string(), stale: z.boolean(), result: resultSchema,
});

/** A replay under way, and once it is kept its number. */
export const replayJobSchema = jobSchema(z.object({ id: z.string() }));

/** The page of a scenario's replays. */
export const replayPageSchema: z.ZodType<ReplayPage> = z.object({
  code: z.string(), name: z.string(), version: z.number(), hasDraft: z.boolean(),
  history: z.object({ knownSince: z.string().nullable(), knownDays: z.number(), datedSince: z.string().nullable(), datedDays: z.number(), daysMin: z.number() }),
  running: replayJobSchema.nullable(), last: viewSchema.nullable(),
});

/** The scenario in a path. */
export const replayParams = z.object({ code: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/) });
/** A replay under way. */
export const replayJobParams = replayParams.extend({ job: z.string().max(64) });
