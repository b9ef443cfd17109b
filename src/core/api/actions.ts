import type { Bilingual } from '../kernel/text.ts';
import type { Segment } from '../risk/segment.ts';
import type { ProblemView } from './faults.ts';

/** States of actions that lists show. */
export const ACTION_VIEWS = ['proposed', 'approved', 'unknown', 'failed', 'sent', 'cancelled'] as const;
/** One list of actions. */
export type ActionStateView = (typeof ACTION_VIEWS)[number];

/** One action of a list. */
export type ActionView = {
  readonly id: string; readonly customerId: string; readonly customer: string; readonly customerName: string; readonly channel: string;
  readonly recipient: string | null; readonly step: number; readonly scenario: string; readonly offsetDays: number; readonly tone: string;
  readonly total: string; readonly currency: string; readonly documents: readonly string[]; readonly state: string; readonly stateReason: string | null;
  readonly stateAt: string; readonly today: string; readonly formalNotice: boolean; readonly firmer: boolean; readonly sentOn: string | null;
  /** Made in test mode: it goes to the test address, or went there, and counts as nothing. */
  readonly test: boolean;
  /** Persons who must approve it: 1 or 2. */
  readonly approvalsNeeded: number;
  /** The name of the first of two who approved it; null before, and where one is enough. */
  readonly approvedOnceBy: string | null;
  /** Whether that is the one who asks: a second person is needed. */
  readonly approvedOnceByMe: boolean;
  /** A reminder, the copy of one, or thanks for a payment. */
  readonly purpose: 'dunning' | 'copy' | 'thankYou';
  /** Something a person does and says so (a call, a visit, a check): nothing is sent. */
  readonly task: boolean;
  readonly segment: Segment | null;
  /** What a person said of a task that ended. */
  readonly taskNote: string | null;
};

/** One list of actions with how many there are in each. */
export type ActionPage = { readonly rows: readonly ActionView[]; readonly truncated: boolean; readonly counts: Readonly<Record<ActionStateView, number>> };

/** The message of an action: the bytes as stored, or what it would be if it were composed now. */
export type ActionPreview = {
  readonly id: string; readonly stored: boolean; readonly channel: string; readonly to: string | null; readonly from: string | null;
  readonly subject: string; readonly text: string; readonly html: string | null; readonly hasLetter: boolean; readonly hasMail: boolean;
  readonly documents: readonly { readonly document: string; readonly dueOn: string; readonly open: string }[];
  readonly total: string; readonly currency: string;
  readonly problems: readonly ProblemView[];
};

/** Actions that a request moved to another state. */
export type ActionsMoved = { readonly ids: readonly string[] };

/** What became of an approval: `ids` may leave; `once` and `samePerson` wait for a second person, which `message` says; `tasks` were left out of "all". */
export type ActionsApproved = ActionsMoved & { readonly once: readonly string[]; readonly samePerson: readonly string[]; readonly tasks: readonly string[]; readonly message: Bilingual | null };
