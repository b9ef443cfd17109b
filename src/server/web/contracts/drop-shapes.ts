import { z } from 'zod';
import { DROP_FILES_MAX } from '#core/api/drops.ts';
import type { CurrentDrop, DropFileView } from '#core/api/drops.ts';
import { importOutcomeSchema, mappingSchema, matchedSchema } from './import-shapes.ts';
import { faultSchema } from './shapes.ts';

/** Ids of drops and of their files are secrets of ours. */
const secretSchema = z.string().max(64);

/** Files about to be dropped, and the payment terms of those that have none. */
export const dropBody = z.strictObject({ files: z.int().min(1).max(DROP_FILES_MAX), terms: z.string().trim().max(200).nullable() });

/** A drop, by its id. */
export const dropParams = z.object({ drop: secretSchema });

/** A file of a drop. */
export const dropFileParams = z.object({ drop: secretSchema, file: secretSchema });

/** What changed since a version that the page has. */
export const currentQuery = z.object({ since: z.coerce.number().int().min(0).default(0) });

/** Language of a file that a person keeps. */
export const languageQuery = z.object({ language: z.enum(['fr', 'en']).default('fr') });

/** How a kept file is to be read: with columns a person settled, only looked at, or as of an account of the company's own. */
export const againBody = z.strictObject({ mapping: mappingSchema.nullable(), check: z.boolean(), newAccount: z.boolean() });

/** The drop that was opened. */
export const openedSchema = z.object({ drop: z.string() });

/** The file that arrived. */
export const arrivedSchema = z.object({ file: z.string() });

const dropFileSchema: z.ZodType<DropFileView> = z.object({
  id: z.string(), parent: z.string().nullable(), name: z.string(), folder: z.string(), bytes: z.number(), format: z.string().nullable(),
  state: z.enum(['waiting', 'reading', 'done', 'failed', 'cancelled']), progress: z.object({ done: z.number(), total: z.number() }),
  outcome: importOutcomeSchema.nullable(), fault: faultSchema.nullable(), kept: z.boolean(),
});

/** The drop on the go. */
export const currentDropSchema: z.ZodType<CurrentDrop> = z.object({
  drop: z.object({
    id: z.string(), state: z.enum(['receiving', 'working', 'ended']), expected: z.number(), startedAt: z.string(), version: z.number(), files: z.array(dropFileSchema),
    matched: matchedSchema.nullish(),
  }).nullable(),
});
