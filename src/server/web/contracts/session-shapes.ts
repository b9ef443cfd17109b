import { z } from 'zod';
import type { Membership, SessionView } from '#core/api/session.ts';
import { frozenSchema } from './journal-shapes.ts';
import { idSchema } from './shapes.ts';

const membershipSchema = z.object({
  id: z.string(), code: z.string(), name: z.string(), role: z.enum(['owner', 'collector', 'reader']), sample: z.boolean(),
}) satisfies z.ZodType<Membership>;

/** Who is signed in and where. */
export const sessionSchema: z.ZodType<SessionView> = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string(), language: z.enum(['fr', 'en']), hasPassword: z.boolean() }),
  organisation: membershipSchema.extend({ currency: z.string(), timeZone: z.string(), today: z.string(), empty: z.boolean() }),
  organisations: z.array(membershipSchema),
  channels: z.object({ mail: z.boolean(), letter: z.boolean() }),
  testAddress: z.string().nullable(),
  stop: z.object({ reason: z.string().nullable(), at: z.string().nullable(), by: z.string().nullable(), mayEnd: z.boolean() }).nullable(),
  frozen: frozenSchema.nullable(),
  expiresAt: z.string(),
});

/** A one-time link's token. */
export const linkBody = z.strictObject({ token: z.string().min(20).max(100) });

/** E-mail and password. */
export const passwordSignInBody = z.strictObject({ email: z.string().trim().min(3).max(254), password: z.string().min(1).max(1000) });

/** What a person says of themselves. */
export const accountBody = z.strictObject({ name: z.string().trim().min(1).max(200), email: z.string().trim().min(3).max(254), language: z.enum(['fr', 'en']) });

/** A new password, with the present one when there is one. */
export const passwordBody = z.strictObject({ current: z.string().max(1000), next: z.string().max(1000) });

/** The organisation to work in. */
export const organisationBody = z.strictObject({ organisation: idSchema<'organisation'>() });
