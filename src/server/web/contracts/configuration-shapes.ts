import { z } from 'zod';
import type { CheckView, CompanyView, DunningPage, DunningView } from '#core/api/configuration.ts';
import { dunningSettingsSchema } from '#server/dunning/policy.ts';

/** The company as letters print it. */
export const companySchema: z.ZodType<CompanyView> = z.object({
  name: z.string(), legalForm: z.string().nullable(), capital: z.string().nullable(), siren: z.string().nullable(), rcsCity: z.string().nullable(),
  vatNumber: z.string().nullable(), address: z.array(z.string()), postalCode: z.string().nullable(), city: z.string().nullable(), country: z.string(),
  phone: z.string().nullable(), email: z.string().nullable(), iban: z.string().nullable(), bic: z.string().nullable(), signatory: z.string().nullable(), defaultTerms: z.string(),
});

const text = (max: number) => z.string().trim().max(max).nullable().transform((value) => (value === '' ? null : value));

/** What a person may change of the company. */
export const companyBody = z.strictObject({
  name: z.string().trim().min(1).max(200), legalForm: text(60), capital: text(60), siren: text(20), rcsCity: text(80), vatNumber: text(20),
  address: z.array(z.string().trim().max(120)).max(4), postalCode: text(12), city: text(80), country: z.string().trim().length(2), phone: text(30),
  email: text(254), iban: text(60), bic: text(20), signatory: text(120), defaultTerms: z.string().trim().min(1).max(200),
});

const settingsView = z.object({
  scenario: z.string(), ledgerLimitDays: z.number(), contactCap: z.object({ contacts: z.number(), windowDays: z.number() }).nullable(), closedDays: z.array(z.string()),
  globalStop: z.boolean(), automatic: z.boolean(), approveEverything: z.boolean(), formalNoticeDays: z.number(),
  contactHours: z.object({ business: z.array(z.array(z.tuple([z.number(), z.number()]))), consumer: z.array(z.array(z.tuple([z.number(), z.number()]))) }),
}) satisfies z.ZodType<DunningView>;

/** Dunning settings and the scenarios to choose from. */
export const dunningPageSchema: z.ZodType<DunningPage> = z.object({
  settings: settingsView,
  scenarios: z.array(z.object({
    code: z.string(), name: z.string(), version: z.number(),
    steps: z.array(z.object({
      number: z.number(), offsetDays: z.number(), minimumGapDays: z.number(), channel: z.string(), fallbackChannel: z.string().nullable(), tone: z.string(),
      formalNotice: z.boolean(), needsApproval: z.boolean(), key: z.string(), kind: z.string(), anchor: z.string(), approval: z.string(),
    })),
  })),
});

/** Dunning settings as a person saves them: whole, but for the stop of everything. */
export const dunningBody = dunningSettingsSchema.omit({ globalStop: true });

/** Named invariants. */
export const checksSchema: z.ZodType<readonly CheckView[]> = z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() }));
