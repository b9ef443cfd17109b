import type { Money } from '../kernel/money.ts';
import type { Bilingual, Language } from '../kernel/text.ts';
import type { Segment } from '../risk/segment.ts';

/** The ways a step may reach the customer; `visit` and `check` are done by a person, a check without the customer noticing. */
export const CHANNELS = ['email', 'letter', 'registeredLetter', 'sms', 'call', 'visit', 'check'] as const;
/** One way to reach the customer. */
export type Channel = (typeof CHANNELS)[number];

/** Channels that nothing is ever sent on: a task is proposed to a person, who says when it is done. */
export const TASK_CHANNELS = ['call', 'visit', 'check'] as const;

/** True for what a person does rather than a message. */
export const isTask = (channel: Channel): boolean => channel === 'call' || channel === 'visit' || channel === 'check';

/** What a contact is there for at the customer; a step names the roles it looks for, in order of preference. */
export const CONTACT_ROLES = ['accountsPayable', 'buyer', 'management', 'legal'] as const;
/** One role of a contact. */
export type ContactRole = (typeof CONTACT_ROLES)[number];

/** How a message sounds, from mild to formal. */
export const TONES = ['friendly', 'neutral', 'firm', 'formal'] as const;
/** One tone. */
export type Tone = (typeof TONES)[number];

/** What a step counts its days from. */
export const ANCHORS = ['dueDate', 'issueDate', 'previousStep'] as const;
/** One anchor. */
export type Anchor = (typeof ANCHORS)[number];

/** A message goes out; a task is proposed to a person. */
export const STEP_KINDS = ['message', 'task'] as const;
/** One kind of step. */
export type StepKind = (typeof STEP_KINDS)[number];

/** How many different persons approve before a step goes out. */
export const APPROVALS = ['none', 'one', 'two'] as const;
/** One way to approve. */
export type Approval = (typeof APPROVALS)[number];

/** Bounds of the account's overdue total in one currency: `from` included, `below` not, so that two steps can share a figure. */
export type TotalBounds = { readonly from: Money | null; readonly below: Money | null };

/** When a step is for an item at all; all that is given must hold. A step whose conditions do not hold is passed over, not waited for. */
export type StepConditions = {
  /** What of the account is overdue and asked for; a currency named nowhere is not bounded. */
  readonly overdueTotals?: readonly TotalBounds[];
  /** Days after the due date, included; the item's own. */
  readonly ageFrom?: number;
  readonly ageTo?: number;
  /** The customer is in one of these, and in none of those; a customer whose segment is not known is in none. */
  readonly segmentsIn?: readonly Segment[];
  readonly segmentsOut?: readonly Segment[];
  readonly languages?: readonly Language[];
};

/** One step of a scenario. Steps are numbered 1, 2, 3… and go out in that order. */
export type Step = {
  readonly number: number;
  /** Names the step in every version of its scenario, wherever it stands: what was done is known by it. */
  readonly key: string;
  readonly kind: StepKind;
  readonly anchor: Anchor;
  /**
   * Days after the anchor. After the due date zero or less is a notice before the item is late (J-3 is -3); after the issue date it is one
   * for the items that are not due by then. After the step before: at least one, and never before the item is late.
   */
  readonly offsetDays: number;
  /** Calendar days that must separate it from the step done before it; at least one is always kept. */
  readonly minimumGapDays: number;
  readonly channel: Channel;
  /** Used when nobody can be reached on `channel`. */
  readonly fallbackChannel?: Channel;
  /** Code of the text to send; of a task the words to say, or none. */
  readonly template: string;
  readonly tone: Tone;
  /** Whom to write to, in order of preference. */
  readonly contactRoles: readonly ContactRole[];
  /** Who else gets the message, each in a message of their own. */
  readonly copyRoles?: readonly ContactRole[];
  readonly conditions?: StepConditions;
  readonly approval: Approval;
  /** True for the formal notice (mise en demeure). */
  readonly formalNotice: boolean;
};

/** Where an item already late when first seen starts: the first step after the due date, the one its age then asked for, or a step by its key. */
export type Entry = 'first' | 'byAge' | { readonly step: string };

/** The message once everything is paid. */
export type ThankYou = {
  readonly template: string;
  readonly channel: Channel;
  readonly contactRoles: readonly ContactRole[];
  /** Only for what was reminded of before. */
  readonly onlyWhenReminded: boolean;
};

/** A version of a scenario: a version in use is never edited, a change makes the next one. */
export type ScenarioVersion = {
  readonly code: string;
  /** 1, 2, 3… */
  readonly version: number;
  readonly name: string;
  /** One action for the whole account (all overdue items listed), or one for each item. */
  readonly scope: 'account' | 'item';
  readonly entry: Entry;
  /** The account's overdue total that is worth a message, inclusive. */
  readonly minimumAmount: Money;
  /** Minimums in other currencies; a currency named nowhere has no minimum. */
  readonly otherMinimumAmounts?: readonly Money[];
  /** Days after the due date during which an item is treated as not due. */
  readonly graceDays: number;
  /** Null or absent: nobody is thanked. */
  readonly thankYou?: ThankYou | null;
  /** In the order of their numbers. */
  readonly steps: readonly Step[];
};

/** What a text may be used for in a scenario. */
export type TemplateUse = 'reminder' | 'formalNotice' | 'thankYou';

/** A text that steps may name; its wording follows from the tone, the customer and its language. */
export type NamedTemplate = { readonly code: string; readonly name: Bilingual; readonly use: TemplateUse; readonly retired: boolean };

/** The key of a step that was given none: said by its day, as its scenario has one step a day. */
export const keyOfOffset = (offsetDays: number): string => (offsetDays < 0 ? `before-${-offsetDays}` : `day-${offsetDays}`);
