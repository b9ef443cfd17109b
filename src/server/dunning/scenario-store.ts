import { z } from 'zod';
import { CHANNELS, CONTACT_ROLES, TONES } from '#core/dunning/scenario.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import { parseCurrency } from '#core/kernel/currency.ts';
import type { ScenarioId } from '#core/kernel/id.ts';
import { decimal, money, parseDecimal } from '#core/kernel/money.ts';
import type { Money } from '#core/kernel/money.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

const moneySchema = z.object({ amount: z.string(), currency: z.string() }).transform((value, context): Money => {
  const currency = parseCurrency(value.currency);
  const amount = currency === null ? null : parseDecimal(value.amount, currency);
  if (amount !== null) return amount;
  context.addIssue({ code: 'custom', message: `not an amount: ${value.amount} ${value.currency}` });
  return money(0n, 'EUR');
});

const stepSchema = z.object({
  number: z.int().min(1), offsetDays: z.int(), minimumGapDays: z.int().min(0), channel: z.enum(CHANNELS),
  fallbackChannel: z.enum(CHANNELS).optional(), template: z.string(), tone: z.enum(TONES), contactRoles: z.array(z.enum(CONTACT_ROLES)),
  needsApproval: z.boolean(), formalNotice: z.boolean(),
}).transform(({ fallbackChannel, ...rest }) => (fallbackChannel === undefined ? rest : { ...rest, fallbackChannel }));

const definitionSchema = z.object({
  name: z.string(), scope: z.enum(['account', 'item']), entry: z.enum(['first', 'byAge']), minimumAmount: moneySchema,
  otherMinimumAmounts: z.array(moneySchema).default([]), graceDays: z.int().min(0), steps: z.array(stepSchema),
});

/** A scenario version as the database keeps it; amounts as decimal texts. */
export function scenarioToJson(scenario: ScenarioVersion): string {
  const { code: _code, version: _version, ...definition } = scenario;
  return JSON.stringify(definition, (_key, value: unknown) => {
    if (value === null || typeof value !== 'object' || !('minor' in value)) return value;
    const amount = value as Money;
    return { amount: decimal(amount), currency: amount.currency };
  });
}

/** A stored scenario version with its row id. */
export type StoredScenario = { readonly id: ScenarioId; readonly scenario: ScenarioVersion };

/** The latest version of each scenario, by code. */
export async function latestScenarios(t: Tenant): Promise<Map<string, StoredScenario>> {
  const rows = await t.rows<{ scenario_id: string; code: string; version: number; definition: unknown }>(t.sql`
    select distinct on (s.code) s.scenario_id, s.code, s.version, s.definition
    from ${t.from('scenario')} s order by s.code, s.version desc`);
  return new Map(rows.map((row) => [row.code, {
    id: row.scenario_id as ScenarioId,
    scenario: { ...definitionSchema.parse(row.definition), code: row.code, version: row.version },
  }]));
}
