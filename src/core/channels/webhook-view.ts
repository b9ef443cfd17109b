import type { WebhookEvent } from './webhook-events.ts';
import type { CallOutcome, OffBecause } from './webhook-retry.ts';

/** A webhook as lists show it. */
export type WebhookView = {
  readonly id: string;
  /** For owners the address without what follows a question mark, where keys are often kept; for the others only its host. */
  readonly address: string;
  readonly events: readonly WebhookEvent[];
  readonly on: boolean;
  /** Why it is off; null while it is on. */
  readonly offBecause: OffBecause | null;
  readonly stateAt: string;
  /** How the last try ended, with the status of an answer. */
  readonly last: { readonly at: string; readonly outcome: CallOutcome; readonly status: number | null } | null;
  /** When the call that failed is tried again; null when nothing has failed. */
  readonly nextAt: string | null;
  /** Calls made and not yet taken, and whether there is news behind them. */
  readonly waiting: number;
  readonly more: boolean;
  /** Until when the secret before the last change signs too. */
  readonly formerUntil: string | null;
  readonly createdAt: string;
};

/** How a webhook goes on: with all that happened since, or from now. */
export type WebhookFrom = 'here' | 'now';
