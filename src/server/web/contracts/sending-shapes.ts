import { z } from 'zod';
import type { BounceNoted, BounceView, ContactNoted, RefusalView, SendingPage, SendingSaved } from '#core/api/sending.ts';
import { CHANNELS } from '#core/dunning/scenario.ts';
import { sendingFields } from '#server/dunning/sending-settings.ts';
import { daySchema, idSchema } from './shapes.ts';

/** Everything of how messages are sent, as a person saves it: whole, so that nothing is switched off by being left out. */
export const sendingBody = z.strictObject(sendingFields);

const record = { mails: z.number(), bounces: z.number(), complaints: z.number() };

/** Settings of sending with how it stands. */
export const sendingPageSchema: z.ZodType<SendingPage> = z.object({
  settings: z.object({
    testAddress: z.string().nullable(), fourEyes: z.boolean(),
    rates: z.object({ perHour: z.number(), perDay: z.number(), perDomainHour: z.number(), perDomainDay: z.number() }).nullable(),
    approvalDays: z.number(), breaker: z.object({ bouncesPerThousand: z.number(), complaintsPerHundredThousand: z.number() }),
    bankLimitDays: z.number().nullable(), bankAccountsLeftOut: z.array(z.string()),
  }),
  halt: z.object({ cause: z.enum(['bounces', 'complaints']), openedAt: z.string(), ...record }).nullable(),
  latest: z.object(record),
  accounts: z.array(z.object({ key: z.string(), lastOn: z.string(), ageDays: z.number() })),
  bounds: z.object({ bouncesPerThousand: z.number(), complaintsPerHundredThousand: z.number() }),
});

/** What a change of settings did to actions that stood. */
export const sendingSavedSchema: z.ZodType<SendingSaved> = z.object({ cancelledTests: z.number(), backForApproval: z.number() });

/** Words a person gives for what they do: enough to say something. */
const reason = z.string().trim().min(5).max(500);

/** Why e-mail may go again, or an address gets another chance. */
export const reasonBody = z.strictObject({ reason });

/** A page of what came back. */
export const bouncesSchema: z.ZodType<readonly BounceView[]> = z.array(z.object({
  id: z.string(), actionId: z.string().nullable(), address: z.string(), kind: z.string(), status: z.string().nullable(), diagnostic: z.string(), source: z.string(),
  reportedAt: z.string(), liftedAt: z.string().nullable(),
}));

/** Contacts that refuse channels. */
export const refusalsSchema: z.ZodType<readonly RefusalView[]> = z.array(z.object({
  customerId: z.string(), customerName: z.string(), contactId: z.string(), name: z.string().nullable(), email: z.string().nullable(), phone: z.string().nullable(), channels: z.array(z.string()),
}));

/** Characters of a report given by a person or a program: below the size of a JSON body. */
const REPORT_MAX = 200_000;

/** Something that came back: a report as it was received, or what a person knows of an address. */
export const bounceBody = z.union([
  z.strictObject({ report: z.string().min(1).max(REPORT_MAX) }),
  z.strictObject({ address: z.string().trim().max(254), kind: z.enum(['hard', 'complaint']), note: z.string().trim().max(500) }),
]);

/** What was noted. */
export const bounceNotedSchema: z.ZodType<BounceNoted> = z.object({ bounces: z.number(), contacts: z.number(), halted: z.boolean() });

/** An address with a reason to give it another chance. */
export const liftBody = z.strictObject({ address: z.string().trim().min(3).max(254), reason });

/** A contact made by hand. */
export const contactMadeBody = z.strictObject({
  channel: z.enum([...CHANNELS, 'visit']), on: daySchema, note: z.string().trim().max(2000).nullable().transform((text) => (text === '' ? null : text)),
});

/** A contact as noted. */
export const contactNotedSchema: z.ZodType<ContactNoted> = z.object({
  id: z.string(), contacts: z.number(), contactsMax: z.number().nullable(), overBudget: z.boolean(),
});

/** One contact made by hand of a customer. */
export const contactMadeParams = z.object({ id: idSchema<'customer'>(), made: idSchema<'contactMade'>() });

/** Channels a contact refuses, all of them. */
export const refusalBody = z.strictObject({ channels: z.array(z.enum(CHANNELS)).max(CHANNELS.length) });
