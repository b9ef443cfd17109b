import { z } from 'zod';
import type { CustomerScenarioView, DryRunView, ImpactView, NextDaysView, ProposedCustomer, RulesCheck, ScenarioPreview } from '#core/api/scenarios.ts';
import { DAYS_AHEAD_MAX } from '#core/dunning/next-days.ts';
import { definitionBody, codeParams } from './scenario-shapes.ts';
import { amountSchema, bilingualSchema, daySchema, idSchema, problemSchema } from './shapes.ts';

/** Days a preview looks ahead when nobody says how many. */
const DAYS_AHEAD = 30;
const daysAhead = z.coerce.number().int().min(1).max(DAYS_AHEAD_MAX).default(DAYS_AHEAD);

/** What is to come for a customer. */
export const nextDaysSchema: z.ZodType<NextDaysView> = z.object({
  from: z.string(),
  days: z.array(z.object({
    today: z.string(),
    actions: z.array(z.object({
      purpose: z.string(), kind: z.string(), channel: z.string(), step: z.number(), scenario: z.string(), total: z.string(), currency: z.string(), documents: z.array(z.string()),
      needsApproval: z.boolean(), formalNotice: z.boolean(),
    })),
    changes: z.array(z.object({ document: z.string(), acts: z.boolean(), reason: z.string(), step: z.number().nullable(), until: z.string().nullable(), text: bilingualSchema })),
  })),
});
/** How many days of it. */
export const nextDaysQuery = z.object({ days: daysAhead });

/** Which customer, under which definition: the one given, else the draft, else the version in force. */
export const previewBody = z.strictObject({ customer: idSchema<'customer'>(), definition: definitionBody.nullable().default(null), days: daysAhead });
/** What a scenario would do for a customer. */
export const previewSchema: z.ZodType<ScenarioPreview> = z.object({
  customer: z.object({ id: z.string(), code: z.string(), name: z.string() }), owes: z.boolean(), next: nextDaysSchema,
  messages: z.array(z.object({
    step: z.number(), key: z.string(), today: z.string(), planned: z.boolean(), channel: z.string(), to: z.string().nullable(), reachable: z.boolean(), documents: z.array(z.string()),
    total: z.string(), currency: z.string(), subject: z.string(), text: z.string(), html: z.string().nullable(), problems: z.array(problemSchema),
  })),
});
/** Customers worth a look. */
export const proposedSchema: z.ZodType<readonly ProposedCustomer[]> = z.array(z.object({
  id: z.string(), code: z.string(), name: z.string(), because: z.enum(['late', 'nearDue', 'manyItems']), days: z.number(), documents: z.number(),
}));

/** What publishing would change today. */
export const impactSchema: z.ZodType<ImpactView> = z.object({
  customers: z.number(), withOpenItems: z.number(), documents: z.number(), today: z.string(), actionsBefore: z.number(), actionsAfter: z.number(), customersChanged: z.number(),
});

const caught = z.object({ customers: z.number(), withOpenItems: z.number() });
/** Rules being written. */
export const rulesCheckSchema: z.ZodType<RulesCheck> = z.object({ problems: z.array(problemSchema), rules: z.array(caught), chosen: caught, standard: caught, customers: z.number() });

/** The scenario of one customer. */
export const customerScenarioSchema: z.ZodType<CustomerScenarioView> = z.object({
  code: z.string(), name: z.string(), version: z.number(), chosen: z.string().nullable(), because: bilingualSchema,
});
/** A person's choice for a customer; null: the rules and the default. */
export const customerScenarioBody = z.strictObject({ scenario: codeParams.shape.code.nullable() });

/** The day of a dry run. */
export const dryRunQuery = z.object({ day: daySchema });
/** What a run would do. */
export const dryRunSchema: z.ZodType<DryRunView> = z.object({
  today: z.string(), stopped: z.string().nullable(), decisions: z.number(), actions: z.number(),
  proposed: z.array(z.object({ scenario: z.string(), step: z.number(), purpose: z.string(), channel: z.string(), count: z.number(), totals: z.array(amountSchema) })),
  reasons: z.array(z.object({ reason: z.string(), count: z.number() })),
});
