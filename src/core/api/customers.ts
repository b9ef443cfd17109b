import type { Bilingual, Language } from '../kernel/text.ts';
import type { FileView } from './reviews.ts';

/** Orders of the customers list. */
export const CUSTOMER_SORTS = ['overdue', 'balance', 'oldest', 'name'] as const;
/** One order of the customers list. */
export type CustomerSort = (typeof CUSTOMER_SORTS)[number];

/** Which customers the list shows. */
export const CUSTOMER_FILTERS = ['all', 'overdue', 'withoutEmail', 'held', 'credit'] as const;
/** One choice of customers. */
export type CustomerFilter = (typeof CUSTOMER_FILTERS)[number];

/** Which law applies to a customer. */
export type CustomerKindView = 'business' | 'consumer' | 'public';

/** Sums of a customer in one currency; decimal texts. */
export type CustomerSums = {
  readonly currency: string; readonly balance: string; readonly outstanding: string; readonly overdue: string; readonly credits: string;
  /** Days of the oldest overdue item; 0 when nothing is overdue. */
  readonly daysLate: number;
};

/** One row of the customers list. */
export type CustomerRowView = {
  readonly id: string; readonly code: string; readonly name: string; readonly hasEmail: boolean; readonly held: boolean; readonly sums: readonly CustomerSums[];
};

/** A page of the customers list; `next` asks for the following one. */
export type CustomerPage = { readonly currency: string; readonly total: number; readonly rows: readonly CustomerRowView[]; readonly next: string | null };

/** A person or mailbox of a customer. */
export type ContactView = {
  readonly id: string; readonly name: string | null; readonly email: string | null; readonly phone: string | null; readonly roles: readonly string[];
  readonly bounced: boolean;
  /** Channels it does not want to be written to on. */
  readonly refused: readonly string[];
};

/** What the engine would do for an item if it ran now, in words. */
export type WhyView = {
  readonly acts: boolean; readonly reason: string; readonly text: Bilingual; readonly step: number | null; readonly until: string | null;
};

/** One line of the customer account as of today. */
export type ItemView = {
  readonly id: string; readonly document: string | null; readonly label: string | null; readonly kind: string; readonly side: 'debit' | 'credit';
  readonly currency: string; readonly issuedOn: string; readonly dueOn: string | null; readonly daysLate: number | null;
  readonly amount: string; readonly open: string; readonly estimated: boolean; readonly why: WhyView | null;
  /** Code of the scenario that a person chose for this item alone. */
  readonly scenario: string | null;
  /** Last status of its e-invoice with its day; null when none came. */
  readonly status: { readonly code: string; readonly on: string } | null;
  /** Its invoice as files to save. */
  readonly files: readonly FileView[];
};

/** One thing that happened with a customer, newest first in a timeline. */
export type TimelineEntry = {
  readonly at: string; readonly on: string;
  readonly kind: 'action' | 'hold' | 'holdEnded' | 'import' | 'receipt' | 'change';
  /** Kind-specific: state of an action, kind of a hold, format of an import, fields of a change. */
  readonly detail: string; readonly channel: string | null; readonly step: number | null; readonly count: number | null; readonly documents: string | null;
  readonly amount: string | null; readonly currency: string | null; readonly actor: string; readonly actionId: string | null; readonly note: string | null;
};

/** Everything on one customer. */
export type CustomerDetail = {
  readonly id: string; readonly code: string; readonly name: string; readonly kind: CustomerKindView; readonly language: Language;
  readonly siren: string | null; readonly vatNumber: string | null; readonly address: readonly string[]; readonly postalCode: string | null;
  readonly city: string | null; readonly country: string; readonly terms: string | null; readonly scenario: string | null; readonly inLegalCase: boolean;
  /** Customers of one group pay for one another; null when it pays for itself alone. */
  readonly payerGroup: string | null;
  readonly sums: readonly CustomerSums[];
  readonly contacts: readonly ContactView[];
  readonly items: readonly ItemView[];
  /** True when the account has more items than one answer carries. */
  readonly itemsTruncated: boolean;
  readonly timeline: readonly TimelineEntry[];
  readonly pendingActions: number;
};

/** Why an item was chased or not on a past day, from what was known then; `recorded` is what the run of that day had kept, `compared` whether it is the same. */
export type WhyThenView = {
  readonly today: string; readonly acts: boolean | null; readonly reason: string | null; readonly step: number | null; readonly text: Bilingual;
  readonly recorded: { readonly acts: boolean; readonly reason: string; readonly text: Bilingual } | null; readonly same: boolean | null; readonly compared: Bilingual | null;
};

/** What was decided for an item in past runs. */
export type DecisionHistory = readonly {
  readonly today: string; readonly acts: boolean; readonly reason: string; readonly text: Bilingual; readonly step: number | null; readonly actionId: string | null;
}[];
