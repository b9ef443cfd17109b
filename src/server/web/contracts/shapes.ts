import { z } from 'zod';
import type { AmountView, Fault, ProblemView } from '#core/api/faults.ts';
import type { JobView } from '#core/api/jobs.ts';
import { parseDay } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseId } from '#core/kernel/id.ts';
import type { Id } from '#core/kernel/id.ts';

/** A sentence in both languages. */
export const bilingualSchema = z.object({ fr: z.string(), en: z.string() });

/** What a refused request answers. */
export const faultSchema: z.ZodType<Fault> = z.object({ code: z.string(), message: bilingualSchema });

/** A problem of a file or message. */
export const problemSchema: z.ZodType<ProblemView> = z.object({
  line: z.number(), severity: z.enum(['error', 'warning']), code: z.string(), message: bilingualSchema,
});

/** An amount as it travels. */
export const amountSchema: z.ZodType<AmountView> = z.object({ amount: z.string(), currency: z.string() });

/** PostgreSQL's largest bigint: a longer id is nobody's. */
const ID_MAX = 9_223_372_036_854_775_807n;

/** An id in a path or body, parsed to its brand. */
export const idSchema = <Kind extends string>() => z.string().max(19).transform((text, context): Id<Kind> => {
  const id = parseId<Kind>(text);
  if (id !== null && BigInt(id) <= ID_MAX) return id;
  context.addIssue({ code: 'custom', message: 'not an id' });
  return z.NEVER;
});

/** A calendar day in a body. */
export const daySchema = z.string().max(10).transform((text, context): Day => {
  const day = parseDay(text);
  if (day !== null) return day;
  context.addIssue({ code: 'custom', message: 'not a day (YYYY-MM-DD)' });
  return z.NEVER;
});

/** A job with the shape of its result. */
export const jobSchema = <Result>(result: z.ZodType<Result>): z.ZodType<JobView<Result>> => z.object({
  id: z.string(), kind: z.string(), status: z.enum(['running', 'done', 'failed', 'cancelled']), progress: z.object({ done: z.number(), total: z.number() }),
  result: result.nullable(), fault: faultSchema.nullable(),
});

/** The id of work that was started. */
export const startedSchema = z.object({ job: z.string() });

/** The answer of a change that has nothing else to say. */
export const doneSchema = z.object({ done: z.literal(true) });
