import type { CallOutcome } from '../channels/webhook-retry.ts';
import type { WebhookView } from '../channels/webhook-view.ts';

/** All of them; `silent` says why none is called at the moment. */
export type WebhooksPage = { readonly webhooks: readonly WebhookView[]; readonly silent: 'sample' | 'frozen' | null; readonly max: number };

/** A secret, shown this once. */
export type WebhookSecret = { readonly id: string; readonly secret: string };

/** What came of a call to try the receiver. */
export type WebhookTried = { readonly outcome: CallOutcome; readonly status: number | null };
