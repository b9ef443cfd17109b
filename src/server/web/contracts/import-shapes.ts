import { z } from 'zod';
import type { FoundView, ImportOutcome, ImportView, MatchedView, UndoOutcome } from '#core/api/imports.ts';
import { BANK_FIELDS } from '#core/intake/bank/table-fields.ts';
import { ROW_GROUPS, TABLE_KINDS } from '#core/intake/table/mapping.ts';
import { TARGET_FIELDS } from '#core/intake/table/open-item-row.ts';
import { bilingualSchema, problemSchema } from './shapes.ts';

const createdSchema = z.object({ customers: z.number(), debits: z.number(), credits: z.number(), allocations: z.number(), bankLines: z.number() });

const customerSchema = z.object({ id: z.string(), name: z.string() }).nullable();

const foundSchema: z.ZodType<FoundView> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ledger'), from: z.string().nullable(), until: z.string().nullable() }),
  z.object({
    kind: z.literal('bank'), accounts: z.array(z.object({
      account: z.string(), name: z.string().nullable(), currency: z.string(), from: z.string().nullable(), until: z.string().nullable(), closing: z.string().nullable(),
      lines: z.number(), toReview: z.boolean(),
    })),
  }),
  z.object({
    kind: z.literal('invoice'), number: z.string(), type: z.string(), customer: customerSchema, buyer: z.string(), currency: z.string(), due: z.string(), issuedOn: z.string(),
    dueOn: z.string().nullable(), status: z.string().nullable(), toReview: z.boolean(),
  }),
  z.object({
    kind: z.literal('status'), total: z.number(), statuses: z.array(z.object({ number: z.string(), status: z.string(), on: z.string(), customer: customerSchema })),
  }),
]);

/** Lines of a preamble over the titles, and columns of a sheet, far beyond any export. */
const LINES_MAX = 1000;
const COLUMNS_MAX = 400;

/** A mapping a person agreed to. */
export const mappingSchema = z.strictObject({
  headerLine: z.int().min(0).max(LINES_MAX), columns: z.partialRecord(z.enum([...TARGET_FIELDS, ...BANK_FIELDS]), z.int().min(0).max(COLUMNS_MAX)),
  decimalStyle: z.enum(['comma', 'point']).nullable(), dayOrder: z.enum(['dmy', 'mdy']).nullable(), kind: z.enum(TABLE_KINDS).optional(), groups: z.enum(ROW_GROUPS).optional(),
  buckets: z.array(z.int().min(0).max(COLUMNS_MAX)).max(COLUMNS_MAX).optional(), inverseSign: z.boolean().optional(), lastRowBalance: z.boolean().optional(),
});

/** What became of a file. */
export const importOutcomeSchema: z.ZodType<ImportOutcome> = z.object({
  stage: z.enum(['toConfirm', 'applied', 'unchanged', 'refused']), importId: z.string().nullable(), fileName: z.string(),
  format: z.string().nullable(), lines: z.number(), created: createdSchema, changed: z.record(z.string(), z.number()),
  totals: z.object({ debit: z.string(), credit: z.string(), balance: z.string() }), problems: z.array(problemSchema), problemsTotal: z.number(),
  errors: z.number(), found: foundSchema.nullable(), before: z.object({ at: z.string(), by: z.string() }).nullable(), foreignAccount: z.boolean(),
  understood: z.object({
    headers: z.array(z.string()), sample: z.array(z.array(z.string())),
    mapping: z.object({
      headerLine: z.number(), columns: z.record(z.string(), z.number()), decimalStyle: z.string().nullable(), dayOrder: z.string().nullable(), kind: z.string().optional(),
      groups: z.string().optional(), buckets: z.array(z.number()).optional(), inverseSign: z.boolean().optional(), lastRowBalance: z.boolean().optional(),
    }),
    notes: z.array(z.object({ column: z.number(), field: z.string().nullable(), confidence: z.string(), reason: bilingualSchema })), remembered: z.boolean(),
    profile: z.object({ key: z.string(), name: bilingualSchema }).nullable().optional(),
  }).nullable(),
});

/** What was matched by itself after imports. */
export const matchedSchema: z.ZodType<MatchedView> = z.object({ applied: z.number(), linked: z.number(), left: z.number(), fault: bilingualSchema.nullable() });

/** The history of imports. */
export const importsSchema: z.ZodType<readonly ImportView[]> = z.array(z.object({
  id: z.string(), fileName: z.string(), format: z.string(), lines: z.number(), status: z.enum(['applied', 'undone']), appliedAt: z.string(), appliedOn: z.string(),
  actor: z.string(), by: z.string(), problems: z.number(), created: createdSchema, balance: z.string().nullable(),
}));

/** Problems of an import. */
export const problemsSchema = z.array(problemSchema);

/** What became of taking an import back. */
export const undoSchema: z.ZodType<UndoOutcome> = z.object({
  status: z.enum(['undone', 'blocked']), blocking: z.array(z.object({ code: z.string(), message: bilingualSchema })),
});

/** What is kept of an import's summary. */
export const summarySchema = z.object({
  created: createdSchema.partial().default({}), totals: z.object({ balance: z.string() }).partial().default({}),
});
