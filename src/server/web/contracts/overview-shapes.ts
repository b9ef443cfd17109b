import { z } from 'zod';
import type { Overview } from '#core/api/overview.ts';

/** The first screen. */
export const overviewSchema: z.ZodType<Overview> = z.object({
  today: z.string(),
  currencies: z.array(z.object({
    currency: z.string(), outstanding: z.string(), overdue: z.string(), credits: z.string(), balance: z.string(),
    buckets: z.array(z.object({ key: z.string(), amount: z.string() })),
  })),
  customers: z.object({ total: z.number(), overdue: z.number(), overdueWithoutEmail: z.number() }),
  actions: z.object({ proposed: z.number(), approved: z.number(), claimed: z.number(), unknown: z.number(), failed: z.number(), sentToday: z.number() }),
  ledger: z.object({ importedOn: z.string().nullable(), fileName: z.string().nullable(), ageDays: z.number().nullable(), limitDays: z.number(), stale: z.boolean() }),
  lastRun: z.object({ today: z.string(), actions: z.number(), stopped: z.string().nullable() }).nullable(),
  largest: z.array(z.object({ id: z.string(), name: z.string(), overdue: z.string(), currency: z.string(), daysLate: z.number() })),
  missing: z.object({ iban: z.boolean(), senderEmail: z.boolean(), address: z.boolean() }),
  globalStop: z.boolean(),
  testAddress: z.string().nullable(),
  halt: z.object({ cause: z.enum(['bounces', 'complaints']), openedAt: z.string(), mails: z.number(), bounces: z.number(), complaints: z.number() }).nullable(),
  webhooksOff: z.number(),
  bank: z.object({ account: z.string(), lastOn: z.string(), ageDays: z.number(), limitDays: z.number(), stale: z.boolean() }).nullable(),
});
