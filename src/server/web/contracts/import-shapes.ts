import { z } from 'zod';
import type { ImportOutcome, ImportView, UndoOutcome } from '#core/api/imports.ts';
import { TARGET_FIELDS } from '#core/intake/table/open-item-row.ts';
import { bilingualSchema, problemSchema } from './shapes.ts';

const createdSchema = z.object({ customers: z.number(), debits: z.number(), credits: z.number(), allocations: z.number() });

/** Lines of a preamble over the titles, and columns of a sheet, far beyond any export. */
const LINES_MAX = 1000;
const COLUMNS_MAX = 400;

/** A mapping a person agreed to. */
export const mappingSchema = z.strictObject({
  headerLine: z.int().min(0).max(LINES_MAX), columns: z.partialRecord(z.enum(TARGET_FIELDS), z.int().min(0).max(COLUMNS_MAX)),
  decimalStyle: z.enum(['comma', 'point']).nullable(), dayOrder: z.enum(['dmy', 'mdy']).nullable(),
});

/** What became of a file. */
export const importOutcomeSchema: z.ZodType<ImportOutcome> = z.object({
  stage: z.enum(['toConfirm', 'applied', 'unchanged', 'refused']), upload: z.string().nullable(), importId: z.string().nullable(), fileName: z.string(),
  format: z.string().nullable(), lines: z.number(), created: createdSchema, changed: z.record(z.string(), z.number()),
  totals: z.object({ debit: z.string(), credit: z.string(), balance: z.string() }), problems: z.array(problemSchema), problemsTotal: z.number(),
  understood: z.object({
    headers: z.array(z.string()), sample: z.array(z.array(z.string())),
    mapping: z.object({ headerLine: z.number(), columns: z.record(z.string(), z.number()), decimalStyle: z.string().nullable(), dayOrder: z.string().nullable() }),
    notes: z.array(z.object({ column: z.number(), field: z.string().nullable(), confidence: z.string(), reason: bilingualSchema })), remembered: z.boolean(),
  }).nullable(),
});

/** The history of imports. */
export const importsSchema: z.ZodType<readonly ImportView[]> = z.array(z.object({
  id: z.string(), fileName: z.string(), format: z.string(), lines: z.number(), status: z.enum(['applied', 'undone']), appliedAt: z.string(), appliedOn: z.string(),
  actor: z.string(), problems: z.number(), created: createdSchema, balance: z.string().nullable(),
}));

/** Problems of an import. */
export const problemsSchema = z.array(problemSchema);

/** What became of taking an import back. */
export const undoSchema: z.ZodType<UndoOutcome> = z.object({
  status: z.enum(['undone', 'blocked']), blocking: z.array(z.object({ code: z.string(), message: bilingualSchema })),
});

/** How a kept file is to be read: with a mapping, only looked at or applied. */
export const applyBody = z.strictObject({ mapping: mappingSchema.nullable(), terms: z.string().trim().max(200).nullable(), check: z.boolean() });

/** What is kept of an import's summary. */
export const summarySchema = z.object({
  created: createdSchema.partial().default({}), totals: z.object({ balance: z.string() }).partial().default({}),
});
