import { z } from 'zod';
import { checkAssignment, RULE_VALUES_MAX, RULES_MAX } from '#core/dunning/assignment.ts';
import type { Assignment, AssignmentRule } from '#core/dunning/assignment.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { SEGMENTS } from '#core/risk/segment.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By } from './actions.ts';
import { boundsSchema, jsonWithAmounts } from './scenario-shape.ts';
import { scenariosInUse } from './scenario-store.ts';

const TEXT_MAX = 200;

/** Rules as the database keeps them and the API carries them; amounts are decimal texts. */
export const rulesSchema = z.array(z.object({
  name: z.string().max(TEXT_MAX), scenario: z.string().max(TEXT_MAX),
  when: z.object({
    segments: z.array(z.enum(SEGMENTS)).max(SEGMENTS.length).exactOptional(), kinds: z.array(z.enum(['business', 'consumer', 'public'])).max(3).exactOptional(),
    languages: z.array(z.enum(['fr', 'en'])).max(2).exactOptional(), countries: z.array(z.string().regex(/^[A-Z]{2}$/)).max(RULE_VALUES_MAX).exactOptional(),
    accountPrefixes: z.array(z.string().trim().min(1).max(80)).max(RULE_VALUES_MAX).exactOptional(), openTotals: z.array(boundsSchema).max(RULE_VALUES_MAX).exactOptional(),
  }),
})).max(2 * RULES_MAX);

/** The rules in force; version 0 without any when none were ever saved. */
export async function readAssignment(t: Tenant): Promise<Assignment> {
  const row = await t.one<{ version: number; rules: unknown }>(t.sql`
    select a.version, a.rules from ${t.from('assignment')} a order by a.version desc limit 1`);
  return row === null ? { version: 0, rules: [] } : { version: row.version, rules: rulesSchema.parse(row.rules) };
}

/** Rules saved as a new version when nothing is wrong with them; `version` is null when they were not, the problems say why. */
export type SavedRules = { readonly version: number | null; readonly problems: readonly Problem[] };

/** Serialises who saves rules and who retires scenarios, so that no rule names one that is gone. */
export const CHOICES_LOCK = 4_180_007;

/** Checks the rules and saves them as the next version. */
export async function saveAssignment(t: Tenant, rules: readonly AssignmentRule[], by: By): Promise<SavedRules> {
  await t.run(t.sql`select pg_advisory_xact_lock(${CHOICES_LOCK}, hashtext(${t.organisation}))`);
  const problems = checkAssignment(rules, new Set((await scenariosInUse(t)).keys()));
  if (problems.some(({ severity }) => severity === 'error')) return { version: null, problems };
  const { version: before } = await readAssignment(t);
  const version = before + 1;
  await t.run(t.sql`
    ${t.into('assignment', 'version, rules, created_at, created_by')}
    values (${t.org}, ${version}, ${jsonWithAmounts(rules)}::jsonb, ${by.clock.now()}::timestamptz, ${by.actor})`);
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: 'assignment.changed', subject: 'assignment',
    facts: { version, rules: rules.map(({ name, scenario }) => `${name}: ${scenario}`) },
  });
  return { version, problems };
}
