import type { Language } from '../kernel/text.ts';
import type { FrozenView } from './journal.ts';

/** What a person may do in an organisation: `reader` looks, `collector` works, `owner` also changes settings. */
export type Role = 'owner' | 'collector' | 'reader';

/** One organisation a person belongs to. */
export type Membership = { readonly id: string; readonly code: string; readonly name: string; readonly role: Role; readonly sample: boolean };

/** Who is signed in, where, and what the installation can do. */
export type SessionView = {
  readonly user: { readonly id: string; readonly name: string; readonly email: string; readonly language: Language; readonly hasPassword: boolean };
  readonly organisation: Membership & { readonly currency: string; readonly timeZone: string; readonly today: string; readonly empty: boolean };
  readonly organisations: readonly Membership[];
  /** Which channels hand messages over; the messages of the others wait in the outbox. */
  readonly channels: { readonly mail: boolean; readonly letter: boolean };
  /** Test mode of the organisation: the address every e-mail goes to; null when it is off. */
  readonly testAddress: string | null;
  /** All dunning is stopped: why, since when and by whom (null where that was not asked), and whether the one who asks may end it; null: it is not. */
  readonly stop: { readonly reason: string | null; readonly at: string | null; readonly by: string | null; readonly mayEnd: boolean } | null;
  /** Nothing leaves, of any organisation, until somebody reconciles the database with the send journal; null: it does. */
  readonly frozen: FrozenView | null;
  readonly expiresAt: string;
};
