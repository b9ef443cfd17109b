import { z } from 'zod';
import type {
  AssignmentView, CustomerSegmentView, DraftKept, DraftView, SavedView, ScenarioDefinition, ScenarioLine, ScenarioWhole, SegmentsView, VersionView,
} from '#core/api/scenarios.ts';
import { ANCHORS, APPROVALS, CHANNELS, CONTACT_ROLES, STEP_KINDS, TONES } from '#core/dunning/scenario.ts';
import { SEGMENTS } from '#core/risk/segment.ts';
import { rulesSchema } from '#server/dunning/assignment-store.ts';
import { definitionSchema } from '#server/dunning/scenario-shape.ts';
import { thresholdsSchema } from '#server/risk/segments.ts';
import { amountSchema, bilingualSchema, idSchema, problemSchema } from './shapes.ts';

const segment = z.enum(SEGMENTS);
const bounds = z.object({ from: amountSchema.nullable(), below: amountSchema.nullable() });
const language = z.enum(['fr', 'en']);
const role = z.enum(CONTACT_ROLES);

const stepShape = z.object({
  number: z.number(), key: z.string(), kind: z.enum(STEP_KINDS), anchor: z.enum(ANCHORS), offsetDays: z.number(), minimumGapDays: z.number(), channel: z.enum(CHANNELS),
  fallbackChannel: z.enum(CHANNELS).exactOptional(), template: z.string(), tone: z.enum(TONES), contactRoles: z.array(role), copyRoles: z.array(role).exactOptional(),
  conditions: z.object({
    overdueTotals: z.array(bounds).exactOptional(), ageFrom: z.number().exactOptional(), ageTo: z.number().exactOptional(), segmentsIn: z.array(segment).exactOptional(),
    segmentsOut: z.array(segment).exactOptional(), languages: z.array(language).exactOptional(),
  }).exactOptional(),
  approval: z.enum(APPROVALS), formalNotice: z.boolean(),
});

/** A scenario as it is written; amounts are decimal texts. */
export const definitionView: z.ZodType<ScenarioDefinition> = z.object({
  name: z.string(), scope: z.enum(['account', 'item']), entry: z.union([z.enum(['first', 'byAge']), z.object({ step: z.string() })]), minimumAmount: amountSchema,
  otherMinimumAmounts: z.array(amountSchema), graceDays: z.number(),
  thankYou: z.object({ template: z.string(), channel: z.enum(CHANNELS), contactRoles: z.array(role), onlyWhenReminded: z.boolean() }).nullable(), steps: z.array(stepShape),
});

const whole = { code: z.string(), version: z.number(), definition: definitionView };
/** One version whole. */
export const scenarioWholeSchema: z.ZodType<ScenarioWhole> = z.object(whole);
/** A draft. */
export const draftSchema: z.ZodType<DraftView> = z.object({
  ...whole, basedOn: z.number().nullable(), changedAt: z.string(), changedBy: z.string(), stamp: z.string(), problems: z.array(problemSchema), changes: z.array(bilingualSchema),
});
/** A draft once kept. */
export const draftKeptSchema: z.ZodType<DraftKept> = z.object({ problems: z.array(problemSchema), changes: z.array(bilingualSchema), stamp: z.string() });
/** What the writer of a draft last saw: nothing at all ("new"), no draft ("none"), or a draft by its stamp; without it the draft is written over. */
export const draftQuery = z.object({ seen: z.string().regex(/^(?:new|none|[0-9a-f]{32})$/).optional() });
/** The list of scenarios. */
export const scenarioLinesSchema: z.ZodType<readonly ScenarioLine[]> = z.array(z.object({
  code: z.string(), name: z.string(), version: z.number(), steps: z.number(), retired: z.boolean(), hasDraft: z.boolean(),
  uses: z.object({ isDefault: z.boolean(), rules: z.number(), customers: z.number(), items: z.number() }),
}));
/** The versions of a scenario. */
export const versionsSchema: z.ZodType<readonly VersionView[]> = z.array(z.object({
  version: z.number(), name: z.string(), createdAt: z.string(), createdBy: z.string().nullable(), changes: z.array(bilingualSchema),
}));
/** What changed between two versions. */
export const changesSchema = z.array(bilingualSchema);
/** What became of a save. */
export const savedSchema: z.ZodType<SavedView> = z.object({ version: z.number().nullable(), problems: z.array(problemSchema) });
/** Problems alone. */
export const problemsSchema = z.object({ problems: z.array(problemSchema) });

/** The code of a scenario in a path. */
export const codeParams = z.object({ code: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/) });
/** A version of one. */
export const versionParams = codeParams.extend({ version: z.coerce.number().int().min(1).max(1_000_000) });
/** Two versions to compare. */
export const diffQuery = z.object({ from: z.coerce.number().int().min(1), to: z.coerce.number().int().min(1) });
/** A scenario written by a person. */
export const definitionBody = definitionSchema;

/** The rules in force. */
export const assignmentSchema: z.ZodType<AssignmentView> = z.object({
  version: z.number(),
  rules: z.array(z.object({
    name: z.string(), scenario: z.string(),
    when: z.object({
      segments: z.array(segment).exactOptional(), kinds: z.array(z.enum(['business', 'consumer', 'public'])).exactOptional(), languages: z.array(language).exactOptional(),
      countries: z.array(z.string()).exactOptional(), accountPrefixes: z.array(z.string()).exactOptional(), openTotals: z.array(bounds).exactOptional(),
    }),
  })),
});
/** Rules written by a person. */
export const assignmentBody = z.strictObject({ rules: rulesSchema });
/** The scenario of one item; null: that of the account. */
export const itemScenarioBody = z.strictObject({ scenario: codeParams.shape.code.nullable() });

const pair = z.tuple([z.number(), z.number()]).readonly();
const thresholds = z.object({
  windowMonths: z.number(), onTimeDays: z.number(), goodLateDaysMax: z.number(), goodOnTimePercentMin: z.number(), goodOverdueDaysMax: z.number(), riskLateDaysMin: z.number(),
  riskOverdueDaysMin: z.number(), newMonths: z.number(), newPayments: z.number(),
});
/** Segments with thresholds and counts. */
export const segmentsSchema: z.ZodType<SegmentsView> = z.object({
  thresholds,
  bounds: z.object({
    windowMonths: pair, onTimeDays: pair, goodLateDaysMax: pair, goodOnTimePercentMin: pair, goodOverdueDaysMax: pair, riskLateDaysMin: pair, riskOverdueDaysMin: pair, newMonths: pair, newPayments: pair,
  }),
  counts: z.record(segment, z.number()), names: z.record(segment, bilingualSchema),
});
/** Thresholds by a person. */
export const thresholdsBody = thresholdsSchema;
/** Customers looked at and changed. */
export const recomputedSchema = z.object({ customers: z.number(), changed: z.number() });
/** The segment of one customer. */
export const customerSegmentSchema: z.ZodType<CustomerSegmentView> = z.object({
  segment, chosenByPerson: z.boolean(), ruleSegment: segment, reason: bilingualSchema, since: z.string().nullable(),
  history: z.array(z.object({ segment: segment.nullable(), reason: bilingualSchema, on: z.string(), actor: z.string() })),
});
/** A person's choice; null takes it back. */
export const chooseSegmentBody = z.strictObject({ segment: segment.nullable(), note: z.string().trim().max(500).nullable() });

/** The path of a customer. */
export const customerParams = z.object({ id: idSchema<'customer'>() });
/** The path of an item. */
export const itemParams = z.object({ id: idSchema<'item'>() });
/** The path of a task. */
export const taskParams = z.object({ id: idSchema<'action'>() });
/** What became of a task. */
export const taskBody = z.strictObject({ done: z.boolean(), note: z.string().trim().max(2000).nullable().transform((text) => (text === '' ? null : text)) });
