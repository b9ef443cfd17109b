import { z } from 'zod';
import { DISMISS_REASONS, WRITE_OFF_REASONS } from '#core/api/matching.ts';
import type { AutomaticResult, DismissedView, LinePage, LineRuleView, LineView, MatchingSettings, MatchingSummary, OpenAccount, OpenLineView, PartView, Placed, PlacedView, ProposalView } from '#core/api/matching.ts';
import { parseLineKey } from '#server/matching/line-keys.ts';
import type { LineKey } from '#server/matching/line-keys.ts';
import { bilingualSchema, idSchema } from './shapes.ts';

/** Lines on one page at most; a person looks at one after the other. */
const PAGE_MAX = 50;
const PAGE = 20;
/** Customers one transfer is shared out to, and documents of one of them: a buying group that pays a month. */
const USES_MAX = 50;
const PARTS_MAX = 1000;
const NOTE_CHARS_MAX = 1000;
const REASON_CHARS_MAX = 200;
/** Rules sent at most; the settings say how many may be kept. */
const RULES_MAX = 200;
const WORDS_MAX = 100;

const customerSchema = z.object({ id: z.string(), code: z.string(), name: z.string() });

const partSchema: z.ZodType<PartView> = z.object({
  item: z.string(), customer: customerSchema, document: z.string().nullable(), label: z.string().nullable(), kind: z.string(), issuedOn: z.string(), dueOn: z.string().nullable(),
  open: z.string(), amount: z.string(),
});

const proposalSchema: z.ZodType<ProposalView> = z.object({
  customer: customerSchema, parts: z.array(partSchema), credits: z.array(partSchema), writeOff: z.object({ amount: z.string(), reason: z.enum(['bankFees', 'rounding', 'discount']) }).nullable(),
  left: z.string(), confidence: z.number(), evidence: z.array(bilingualSchema),
});

const lineFields = {
  key: z.string(), kind: z.enum(['bankLine', 'credit']), bookedOn: z.string(), amount: z.string(), currency: z.string(), account: z.string().nullable(), payer: z.string().nullable(),
  payerIban: z.string().nullable(), text: z.string(), references: z.array(z.string()),
} satisfies { [Field in keyof LineView]: z.ZodType<LineView[Field]> };

/** A line to be placed. */
export const openLineSchema: z.ZodType<OpenLineView> = z.object({
  ...lineFields, customer: customerSchema.nullable(), holdsBack: customerSchema.nullable(), proposals: z.array(proposalSchema), complete: z.boolean(), why: bilingualSchema.nullable(),
  notices: z.array(bilingualSchema),
});

const pageOf = <Line>(line: z.ZodType<Line>): z.ZodType<LinePage<Line>> => z.object({ lines: z.array(line), next: z.string().nullable() });

/** A page of lines to be placed. */
export const openPageSchema = pageOf(openLineSchema);

/** A page of what was placed. */
export const placedPageSchema: z.ZodType<LinePage<PlacedView>> = pageOf(z.object({
  ...lineFields, match: z.string(), customers: z.array(customerSchema), documents: z.array(z.object({ document: z.string(), amount: z.string() })),
  writeOff: z.object({ amount: z.string(), reason: z.string() }).nullable(), left: z.string(), automatic: z.boolean(), confidence: z.number().nullable(), evidence: z.array(bilingualSchema),
  madeAt: z.string(), actor: z.string(), undone: z.object({ at: z.string(), actor: z.string(), reason: z.string() }).nullable(), fixed: bilingualSchema.nullable(),
}));

/** A page of what a person set aside. */
export const dismissedPageSchema: z.ZodType<LinePage<DismissedView>> = pageOf(z.object({ ...lineFields, reason: z.string(), note: z.string().nullable(), at: z.string(), actor: z.string() }));

/** Where lettrage stands. */
export const matchingSummarySchema: z.ZodType<MatchingSummary> = z.object({
  open: z.object({ lines: z.number(), credits: z.number(), sums: z.array(z.object({ currency: z.string(), amount: z.string() })) }), placed: z.number(), dismissed: z.number(),
  automatic: z.object({ applied: z.number(), undone: z.number(), since: z.string().nullable() }), noBank: z.boolean(),
});

/** What is open on an account. */
export const openAccountSchema: z.ZodType<OpenAccount> = z.object({ customer: customerSchema, debits: z.array(partSchema), credits: z.array(partSchema), truncated: z.boolean() });

/** What was made of a line. */
export const placedSchema: z.ZodType<Placed> = z.object({ match: z.string() });

/** What went by itself. */
export const automaticResultSchema: z.ZodType<AutomaticResult> = z.object({ applied: z.number(), linked: z.number(), left: z.number() });

/** How a list is asked for. */
export const linesQuery = z.object({ after: z.string().max(200).optional(), limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE), search: z.string().trim().max(100).default('') });

/** The currency of an account. */
export const accountQuery = z.object({ currency: z.string().length(3) });

/** "line-12" or "credit-34". */
export const lineKeySchema = z.string().max(26).transform((text, context): LineKey => {
  const key = parseLineKey(text);
  if (key !== null) return key;
  context.addIssue({ code: 'custom', message: 'not a line' });
  return z.NEVER;
});

const amount = z.string().trim().max(24);
const note = z.string().trim().max(NOTE_CHARS_MAX).nullable().transform((text) => (text === '' ? null : text));
const part = z.strictObject({ item: idSchema<'item'>(), amount });

/** What a person decides on a line. */
export const placingBody = z.strictObject({
  line: lineKeySchema,
  uses: z.array(z.strictObject({
    customer: idSchema<'customer'>(), parts: z.array(part).max(PARTS_MAX), credits: z.array(part).max(PARTS_MAX),
    writeOff: z.strictObject({ amount, reason: z.enum(WRITE_OFF_REASONS), note }).nullable(),
  })).max(USES_MAX),
});

/** Why a line is no customer's money. */
export const dismissBody = z.strictObject({ line: lineKeySchema, reason: z.enum(DISMISS_REASONS), note });
/** Which line is put back. */
export const restoreBody = z.strictObject({ line: lineKeySchema });
/** Which match is taken back, and why. */
export const undoBody = z.strictObject({ match: idSchema<'match'>(), reason: z.string().trim().min(1).max(REASON_CHARS_MAX) });
/** Whose a line is not. */
export const refuseBody = z.strictObject({ line: lineKeySchema, customer: idSchema<'customer'>() });
/** What is let go of a debt without money. */
export const writeOffBody = z.strictObject({ item: idSchema<'item'>(), amount, reason: z.enum(WRITE_OFF_REASONS), note });

const ruleSchema = z.strictObject({
  name: z.string().max(100), amountFrom: amount.nullable(), amountTo: amount.nullable(), currency: z.string().trim().max(3).nullable(), words: z.array(z.string().max(100)).max(WORDS_MAX),
  without: z.array(z.string().max(100)).max(WORDS_MAX),
  outcome: z.union([z.strictObject({ kind: z.enum(['match', 'propose', 'ignore']) }), z.strictObject({ kind: z.literal('customer'), customer: z.string().max(19) })]),
}) satisfies z.ZodType<LineRuleView>;

/** Settings of lettrage, as they are shown and as a person sends them; their bounds are checked where they are kept, with a sentence each. */
export const matchingSettingsSchema = z.strictObject({
  afterImport: z.boolean(), automaticFrom: z.number(), tolerance: z.strictObject({ percent: amount, capUnits: z.number() }), partPayments: z.enum(['automatic', 'propose']),
  writeOffs: z.enum(['automatic', 'propose']), rememberedPayers: z.number().nullable(), imputation: z.enum(['principalFirst', 'interestFirst']), oldestFirst: z.boolean(),
  earlyPayment: z.strictObject({ rate: amount, days: z.number(), on: z.enum(['both', 'net']) }).nullable(), lines: z.array(ruleSchema).max(RULES_MAX),
}) satisfies z.ZodType<MatchingSettings>;
