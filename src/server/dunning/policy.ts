import { z } from 'zod';
import { contactHoursProblems, DEFAULT_CONTACT_HOURS } from '#core/dunning/contact-hours.ts';
import type { WeekHours } from '#core/dunning/contact-hours.ts';
import type { PolicyFacts } from '#core/dunning/facts.ts';
import { daysBetween, parseDay } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { workingDaysBetween } from '#core/ledger/calendar.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { bankFreshness, followedAccounts } from './bank-freshness.ts';
import { sendingSettingsSchema } from './sending-settings.ts';
import type { SendingSettings } from './sending-settings.ts';

const daySchema = z.string().transform((text, context): Day => {
  const day = parseDay(text);
  if (day !== null) return day;
  context.addIssue({ code: 'custom', message: `not a day: ${text}` });
  return z.NEVER;
});

const WEEK_DAYS = 7;
const MINUTE_MAX = 24 * 60;
const weekSchema = z.array(z.array(z.tuple([z.int().min(0).max(MINUTE_MAX), z.int().min(0).max(MINUTE_MAX)])).max(3)).length(WEEK_DAYS);
const copied = (hours: WeekHours): [number, number][][] => hours.map((windows) => windows.map(([from, until]) => [from, until]));
const DEFAULT_HOURS = { business: copied(DEFAULT_CONTACT_HOURS.business), consumer: copied(DEFAULT_CONTACT_HOURS.consumer) };

/** Settings of an organisation's dunning; kept in its profile. */
export const dunningSettingsSchema = z.object({
  /** Scenario of the customers that name none. */
  scenario: z.string().default('standard'),
  /** Working days after which an import is too old to chase on. A small firm imports once a month; a team sets 1. */
  ledgerLimitDays: z.int().min(1).max(366).default(40),
  contactCap: z.object({ contacts: z.int().min(1).max(100), windowDays: z.int().min(1).max(366) }).nullable().default({ contacts: 3, windowDays: 7 }),
  closedDays: z.array(daySchema).max(400).default([]),
  globalStop: z.boolean().default(false),
  /** True: the worker runs each morning by itself; else a person starts the run. */
  automatic: z.boolean().default(false),
  /** True: nothing leaves before a person approved it, whatever the step says. */
  approveEverything: z.boolean().default(true),
  /** When in the day a customer may be contacted, in its own time; by default the hours of the product (docs/law, HAR-02). */
  contactHours: z.object({ business: weekSchema, consumer: weekSchema }).default(DEFAULT_HOURS)
    .refine((hours) => contactHoursProblems(hours).length === 0, { error: 'hours overlap, are not in order, or leave no hour open in the week' }),
  /** Days given by a formal notice to pay. */
  formalNoticeDays: z.int().min(1).max(60).default(8),
});
/** The settings as parsed, defaults filled in. */
export type DunningSettings = z.infer<typeof dunningSettingsSchema>;

/** What decisions of today rest on beside the accounts themselves. */
export type Policy = { readonly facts: PolicyFacts; readonly settings: DunningSettings; readonly sending: SendingSettings; readonly timeZone: string };

/** Reads the organisation's policy as of a day. */
export async function readPolicy(t: Tenant, today: Day): Promise<Policy> {
  const profile = await t.one<{ time_zone: string; country: string; dunning: unknown; sending: unknown }>(
    t.sql`select p.time_zone, p.country, p.dunning, p.sending from ${t.from('profile')} p`);
  if (profile === null) throw new Error('the organisation has no profile');
  const settings = dunningSettingsSchema.parse(profile.dunning);
  const sending = sendingSettingsSchema.parse(profile.sending);
  // A list of customers covers no day: it says nothing of what was paid. Nor does a statement of the bank make the ledger newer.
  const last = await t.one<{ applied_on: Day | null }>(t.sql`
    select max(i.applied_on) as applied_on from ${t.from('import')} i where i.status = 'applied' and i.covers_until is not null
      and not exists (select from ${t.from('bank_statement')} s where s.import_id = i.import_id)`);
  const importedOn = last?.applied_on ?? null;
  const place = { country: profile.country, postalCode: null };
  const ageDays = importedOn === null ? null : daysBetween(importedOn, today) <= 0 ? 0 : workingDaysBetween(importedOn, today, place);
  const accounts = await followedAccounts(t, { today, place, settings: sending });
  return {
    settings,
    sending,
    timeZone: profile.time_zone,
    facts: {
      today,
      ledger: { ageDays, limitDays: settings.ledgerLimitDays },
      bank: bankFreshness(accounts, sending.bankLimitDays),
      closedDays: settings.closedDays,
      contactCap: settings.contactCap,
      globalStop: settings.globalStop,
      contactHours: settings.contactHours,
    },
  };
}
