import { OFF_BECAUSE } from '#core/channels/webhook-retry.ts';
import { z } from 'zod';
import type { WebhookSecret, WebhooksPage, WebhookTried } from '#core/api/webhooks.ts';
import { WEBHOOK_EVENTS } from '#core/channels/webhook-events.ts';
import { CALL_OUTCOMES } from '#core/channels/webhook-retry.ts';
import type { WebhookView } from '#core/channels/webhook-view.ts';
import { idSchema } from './shapes.ts';

const outcome = z.enum(CALL_OUTCOMES);

/** One webhook; its secret is in none of these. */
export const webhookSchema: z.ZodType<WebhookView> = z.object({
  id: z.string(), address: z.string(), events: z.array(z.enum(WEBHOOK_EVENTS)), on: z.boolean(), offBecause: z.enum(OFF_BECAUSE).nullable(), stateAt: z.string(),
  last: z.object({ at: z.string(), outcome, status: z.number().nullable() }).nullable(), nextAt: z.string().nullable(), waiting: z.number(), more: z.boolean(), formerUntil: z.string().nullable(), createdAt: z.string(),
});

/** All of them. */
export const webhooksSchema: z.ZodType<WebhooksPage> = z.object({ webhooks: z.array(webhookSchema), silent: z.enum(['sample', 'frozen']).nullable(), max: z.number() });

/** A secret, answered once. */
export const webhookSecretSchema: z.ZodType<WebhookSecret> = z.object({ id: z.string(), secret: z.string() });

/** What came of a try. */
export const webhookTriedSchema: z.ZodType<WebhookTried> = z.object({ outcome, status: z.number().nullable() });

/** Which webhook. */
export const webhookParams = z.object({ id: idSchema<'webhook'>() });

const events = z.array(z.string().max(40)).max(100);
/** A new webhook; an address that is too long is refused with a sentence. */
export const webhookBody = z.strictObject({ url: z.string().max(10_000), events });
/** What it is told. */
export const webhookEventsBody = z.strictObject({ events });
/** From where it goes on. */
export const webhookOnBody = z.strictObject({ from: z.enum(['here', 'now']) });
