import { z } from 'zod';
import type { FileView, ReviewView } from '#core/api/reviews.ts';
import { bilingualSchema } from './shapes.ts';

const kept = { id: z.string(), importId: z.string(), fileName: z.string(), reasons: z.array(bilingualSchema), currency: z.string() };

/** A file of a document that can be saved. */
export const fileSchema: z.ZodType<FileView> = z.object({ id: z.string(), document: z.string(), type: z.enum(['pdf', 'xml']) });

/** What waits for a person. */
export const reviewsSchema: z.ZodType<readonly ReviewView[]> = z.array(z.discriminatedUnion('kind', [
  z.object({
    ...kept, kind: z.literal('statement'), account: z.string(), name: z.string().nullable(), from: z.string().nullable(), until: z.string().nullable(), opening: z.string().nullable(),
    movement: z.string(), closing: z.string().nullable(), difference: z.string().nullable(), lines: z.number(),
  }),
  z.object({
    ...kept, kind: z.literal('document'), number: z.string(), buyer: z.string(), issuedOn: z.string(), dueOn: z.string().nullable(), gross: z.string().nullable(), due: z.string(),
    files: z.array(fileSchema),
  }),
]));

/** How much waits. */
export const reviewCountSchema = z.object({ waiting: z.number() });

/** What a person says of an invoice set aside. */
export const decisionBody = z.strictObject({ decision: z.enum(['accepted', 'discarded']) });
