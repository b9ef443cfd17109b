import { z } from 'zod';
import { BOUNCES_PER_THOUSAND_MAX, COMPLAINTS_PER_HUNDRED_THOUSAND_MAX } from '#core/dunning/breaker.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Beyond it no mail server of a company takes more, and a rate is none any more. */
const RATE_MAX = 1_000_000;
/** Bank accounts that one organisation can leave out of the gate. */
const ACCOUNTS_MAX = 200;
/** Characters of the key of a bank account (an IBAN, or what the bank calls it). */
const ACCOUNT_KEY_MAX = 80;

const address = z.string().trim().max(254).refine((text) => parseRecipient(text).ok, { message: 'not one plain e-mail address' });
const rate = z.int().min(1).max(RATE_MAX);

/** The fields of how messages are sent, without their defaults: the shape a person saves whole. */
export const sendingFields = {
  /** Every e-mail goes to this one address and nothing counts as sent; null: test mode is off. */
  testAddress: address.nullable(),
  /** A formal notice needs two different persons. */
  fourEyes: z.boolean(),
  /** E-mails in an hour and a day, in all and to one recipient domain; null: as many as the mail server takes. */
  rates: z.strictObject({ perHour: rate, perDay: rate, perDomainHour: rate, perDomainDay: rate }).nullable(),
  /** Days after its approval an action is looked at again instead of being sent as it stands. */
  approvalDays: z.int().min(1).max(60),
  /** Shares at which e-mail stops; they can be made tighter only. */
  breaker: z.strictObject({
    bouncesPerThousand: z.int().min(1).max(BOUNCES_PER_THOUSAND_MAX),
    complaintsPerHundredThousand: z.int().min(1).max(COMPLAINTS_PER_HUNDRED_THOUSAND_MAX),
  }),
  /** Working days after which the last statement of a bank account that is imported regularly is too old; null: the bank is not looked at. */
  bankLimitDays: z.int().min(1).max(366).nullable(),
  /** Keys of bank accounts that are not waited for: closed, or not used by customers. */
  bankAccountsLeftOut: z.array(z.string().min(1).max(ACCOUNT_KEY_MAX)).max(ACCOUNTS_MAX),
} as const;

/** How an organisation's messages are sent; kept in its profile. */
export const sendingSettingsSchema = z.object({
  testAddress: sendingFields.testAddress.default(null),
  fourEyes: sendingFields.fourEyes.default(false),
  rates: sendingFields.rates.default(null),
  // A week: what was approved on a Friday still leaves the Friday after a holiday.
  approvalDays: sendingFields.approvalDays.default(7),
  breaker: sendingFields.breaker.default({ bouncesPerThousand: BOUNCES_PER_THOUSAND_MAX, complaintsPerHundredThousand: COMPLAINTS_PER_HUNDRED_THOUSAND_MAX }),
  bankLimitDays: sendingFields.bankLimitDays.default(3),
  bankAccountsLeftOut: sendingFields.bankAccountsLeftOut.default([]),
});
/** The settings as parsed, defaults filled in. */
export type SendingSettings = z.infer<typeof sendingSettingsSchema>;

/** Reads how the organisation sends. */
export async function readSending(t: Tenant): Promise<SendingSettings> {
  const profile = await t.one<{ sending: unknown }>(t.sql`select p.sending from ${t.from('profile')} p`);
  if (profile === null) throw new Error('the organisation has no profile');
  return sendingSettingsSchema.parse(profile.sending);
}
