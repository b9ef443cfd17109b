import type { Money } from '../kernel/money.ts';

/** The ways a step may reach the customer. */
export const CHANNELS = ['email', 'letter', 'registeredLetter', 'sms', 'call'] as const;
/** One way to reach the customer. */
export type Channel = (typeof CHANNELS)[number];

/** What a contact is there for at the customer; a step names the roles it looks for, in order of preference. */
export const CONTACT_ROLES = ['accountsPayable', 'buyer', 'management', 'legal'] as const;
/** One role of a contact. */
export type ContactRole = (typeof CONTACT_ROLES)[number];

/** How a message sounds, from mild to formal. */
export const TONES = ['friendly', 'neutral', 'firm', 'formal'] as const;
/** One tone. */
export type Tone = (typeof TONES)[number];

/** One step of a scenario. Steps are numbered 1, 2, 3… and their offsets rise strictly. */
export type Step = {
  readonly number: number;
  /** Days after the due date; zero or negative is a notice before the item is late (J-3 is -3). */
  readonly offsetDays: number;
  /** Calendar days that must separate it from the step done before it; at least one is always kept. */
  readonly minimumGapDays: number;
  readonly channel: Channel;
  /** Used when nobody can be reached on `channel`. */
  readonly fallbackChannel?: Channel;
  /** Code of the text to send. */
  readonly template: string;
  readonly tone: Tone;
  /** Whom to write to, in order of preference. */
  readonly contactRoles: readonly ContactRole[];
  readonly needsApproval: boolean;
  /** True for the formal notice (mise en demeure). */
  readonly formalNotice: boolean;
};

/** A version of a scenario: a version in use is never edited, a change makes the next one. */
export type ScenarioVersion = {
  readonly code: string;
  /** 1, 2, 3… */
  readonly version: number;
  readonly name: string;
  /** One action for the whole account (all overdue items listed), or one for each item. */
  readonly scope: 'account' | 'item';
  /** Where an item already late when first seen starts: the first step after the due date, or the one its age then asked for. */
  readonly entry: 'first' | 'byAge';
  /** The account's overdue total that is worth a message, inclusive. */
  readonly minimumAmount: Money;
  /** Minimums in other currencies; a currency named nowhere has no minimum. */
  readonly otherMinimumAmounts?: readonly Money[];
  /** Days after the due date during which an item is treated as not due. */
  readonly graceDays: number;
  /** In the order of their numbers. */
  readonly steps: readonly Step[];
};
