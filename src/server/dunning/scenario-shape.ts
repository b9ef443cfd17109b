import { z } from 'zod';
import { ANCHORS, APPROVALS, CHANNELS, CONTACT_ROLES, isTask, keyOfOffset, STEP_KINDS, TONES } from '#core/dunning/scenario.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import { parseCurrency } from '#core/kernel/currency.ts';
import { decimal, money, parseDecimal } from '#core/kernel/money.ts';
import type { Money } from '#core/kernel/money.ts';
import { SEGMENTS } from '#core/risk/segment.ts';

/** An amount as JSON carries it. */
export const moneySchema = z.object({ amount: z.string().max(40), currency: z.string().max(3) }).transform((value, context): Money => {
  const currency = parseCurrency(value.currency);
  const amount = currency === null ? null : parseDecimal(value.amount, currency);
  if (amount !== null) return amount;
  context.addIssue({ code: 'custom', message: `not an amount: ${value.amount} ${value.currency}` });
  return money(0n, 'EUR');
});

/** Bounds of an amount. */
export const boundsSchema = z.object({ from: moneySchema.nullable().default(null), below: moneySchema.nullable().default(null) });

const LIST_MAX = 20;
const CURRENCIES_MAX = 10;
const segments = z.array(z.enum(SEGMENTS)).max(SEGMENTS.length);

const conditionsSchema = z.object({
  overdueTotals: z.array(boundsSchema).max(CURRENCIES_MAX).exactOptional(), ageFrom: z.int().exactOptional(), ageTo: z.int().exactOptional(),
  segmentsIn: segments.exactOptional(), segmentsOut: segments.exactOptional(), languages: z.array(z.enum(['fr', 'en'])).max(2).exactOptional(),
});

const roles = z.array(z.enum(CONTACT_ROLES)).max(LIST_MAX);

/** A version stored before steps had keys, anchors, kinds and approvals is read as what it meant. */
const stepSchema = z.object({
  number: z.int().min(1), key: z.string().max(40).exactOptional(), kind: z.enum(STEP_KINDS).exactOptional(), anchor: z.enum(ANCHORS).default('dueDate'), offsetDays: z.int(),
  minimumGapDays: z.int().min(0), channel: z.enum(CHANNELS), fallbackChannel: z.enum(CHANNELS).exactOptional(), template: z.string().max(80), tone: z.enum(TONES),
  contactRoles: roles, copyRoles: roles.exactOptional(), conditions: conditionsSchema.exactOptional(), approval: z.enum(APPROVALS).exactOptional(),
  needsApproval: z.boolean().exactOptional(), formalNotice: z.boolean(),
}).transform(({ needsApproval, ...step }) => ({
  ...step,
  key: step.key ?? keyOfOffset(step.offsetDays),
  kind: step.kind ?? (isTask(step.channel) ? 'task' as const : 'message' as const),
  approval: step.approval ?? (needsApproval === true ? 'one' as const : 'none' as const),
}));

/** A scenario without its code and version, as the database keeps it and the API carries it; amounts are decimal texts. */
export const definitionSchema = z.object({
  name: z.string().max(200), scope: z.enum(['account', 'item']), entry: z.union([z.enum(['first', 'byAge']), z.object({ step: z.string().max(40) })]), minimumAmount: moneySchema,
  otherMinimumAmounts: z.array(moneySchema).max(LIST_MAX).default([]), graceDays: z.int().min(0),
  thankYou: z.object({ template: z.string().max(80), channel: z.enum(CHANNELS), contactRoles: roles, onlyWhenReminded: z.boolean() }).nullable().default(null),
  steps: z.array(stepSchema).max(100),
});
/** The same, read. */
export type Definition = z.output<typeof definitionSchema>;

/** Any value as JSON text with amounts as decimal texts. */
export function jsonWithAmounts(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || !('minor' in inner)) return inner;
    const amount = inner as Money;
    return { amount: decimal(amount), currency: amount.currency };
  });
}

/** A scenario version as the database keeps it; amounts as decimal texts. */
export function scenarioToJson(scenario: ScenarioVersion): string {
  const { code: _code, version: _version, ...definition } = scenario;
  return jsonWithAmounts(definition);
}
