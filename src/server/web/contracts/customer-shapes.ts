import { z } from 'zod';
import { CUSTOMER_FILTERS, CUSTOMER_SORTS } from '#core/api/customers.ts';
import type { CustomerDetail, CustomerPage, CustomerSums, DecisionHistory, WhyThenView } from '#core/api/customers.ts';
import { CONTACT_ROLES } from '#core/dunning/scenario.ts';
import { fileSchema } from './review-shapes.ts';
import { bilingualSchema } from './shapes.ts';

const sumsSchema = z.object({
  currency: z.string(), balance: z.string(), outstanding: z.string(), overdue: z.string(), credits: z.string(), daysLate: z.number(),
}) satisfies z.ZodType<CustomerSums>;

/** A page of customers. */
export const customerPageSchema: z.ZodType<CustomerPage> = z.object({
  currency: z.string(), total: z.number(), next: z.string().nullable(),
  rows: z.array(z.object({ id: z.string(), code: z.string(), name: z.string(), hasEmail: z.boolean(), held: z.boolean(), sums: z.array(sumsSchema) })),
});

/** How the list is asked for. */
export const customersQuery = z.object({
  search: z.string().trim().max(100).default(''), sort: z.enum(CUSTOMER_SORTS).default('overdue'), filter: z.enum(CUSTOMER_FILTERS).default('all'),
  after: z.string().max(1000).optional(), currency: z.string().length(3).optional(),
});

const whySchema = z.object({ acts: z.boolean(), reason: z.string(), text: bilingualSchema, step: z.number().nullable(), until: z.string().nullable() });

/** Everything on one customer. */
export const customerDetailSchema: z.ZodType<CustomerDetail> = z.object({
  id: z.string(), code: z.string(), name: z.string(), kind: z.enum(['business', 'consumer', 'public']), language: z.enum(['fr', 'en']),
  siren: z.string().nullable(), vatNumber: z.string().nullable(), address: z.array(z.string()), postalCode: z.string().nullable(), city: z.string().nullable(),
  country: z.string(), terms: z.string().nullable(), scenario: z.string().nullable(), inLegalCase: z.boolean(), payerGroup: z.string().nullable(),
  sums: z.array(sumsSchema),
  contacts: z.array(z.object({
    id: z.string(), name: z.string().nullable(), email: z.string().nullable(), phone: z.string().nullable(), roles: z.array(z.string()), bounced: z.boolean(), refused: z.array(z.string()),
  })),
  items: z.array(z.object({
    id: z.string(), document: z.string().nullable(), label: z.string().nullable(), kind: z.string(), side: z.enum(['debit', 'credit']), currency: z.string(),
    issuedOn: z.string(), dueOn: z.string().nullable(), daysLate: z.number().nullable(), amount: z.string(), open: z.string(), estimated: z.boolean(),
    why: whySchema.nullable(), scenario: z.string().nullable(), status: z.object({ code: z.string(), on: z.string() }).nullable(), files: z.array(fileSchema),
  })),
  itemsTruncated: z.boolean(),
  timeline: z.array(z.object({
    at: z.string(), on: z.string(), kind: z.enum(['action', 'hold', 'holdEnded', 'import', 'receipt', 'change']), detail: z.string(), channel: z.string().nullable(),
    step: z.number().nullable(), count: z.number().nullable(), documents: z.string().nullable(), amount: z.string().nullable(), currency: z.string().nullable(),
    actor: z.string(), actionId: z.string().nullable(), note: z.string().nullable(),
  })),
  pendingActions: z.number(),
});

/** Past decisions of an item. */
export const decisionHistorySchema: z.ZodType<DecisionHistory> = z.array(z.object({
  today: z.string(), acts: z.boolean(), reason: z.string(), text: bilingualSchema, step: z.number().nullable(), actionId: z.string().nullable(),
}));

const optionalText = (max: number) => z.string().trim().max(max).nullable().transform((text) => (text === '' ? null : text));

/** What a person may change of a customer. */
export const customerBody = z.strictObject({
  name: z.string().trim().min(1).max(300), kind: z.enum(['business', 'consumer', 'public']), language: z.enum(['fr', 'en']), siren: optionalText(20), vatNumber: optionalText(20),
  address: z.array(z.string().trim().max(120)).max(4), postalCode: optionalText(12), city: optionalText(80), country: z.string().trim().length(2),
  terms: optionalText(200), scenario: optionalText(60), payerGroup: optionalText(80),
});

/** What a person may change of a contact. */
export const contactBody = z.strictObject({
  name: optionalText(120), email: optionalText(254), phone: optionalText(30), roles: z.array(z.enum(CONTACT_ROLES)).min(1).max(CONTACT_ROLES.length),
});

/** Why an item was chased or not on a past day. */
export const whyThenSchema: z.ZodType<WhyThenView> = z.object({
  today: z.string(), acts: z.boolean().nullable(), reason: z.string().nullable(), step: z.number().nullable(), text: bilingualSchema,
  recorded: z.object({ acts: z.boolean(), reason: z.string(), text: bilingualSchema }).nullable(), same: z.boolean().nullable(), compared: bilingualSchema.nullable(),
});
