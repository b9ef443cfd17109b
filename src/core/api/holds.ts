import type { HoldKind, HoldState } from '../holds/hold-state.ts';
import type { Bilingual } from '../kernel/text.ts';

/** Where a hold stands, as lists show it; amounts are decimal texts of its currency. */
export type HoldSummary = {
  readonly id: string; readonly kind: HoldKind; readonly state: HoldState; readonly stateText: Bilingual;
  /** Since when it is so; null while it goes on. */
  readonly stateOn: string | null;
  readonly customerId: string; readonly customer: string; readonly customerName: string; readonly itemId: string | null; readonly document: string | null; readonly itemCount: number | null;
  readonly reason: string | null; readonly reasonText: Bilingual | null; readonly currency: string | null; readonly amount: string | null;
  /** What came in for a promise or a plan; null for the others. */
  readonly received: string | null;
  readonly from: string; readonly until: string | null; readonly graceDays: number; readonly ageDays: number; readonly note: string | null; readonly actor: string;
  readonly endedOn: string | null; readonly endedReason: string | null;
  readonly promise: { readonly by: string | null; readonly channel: string | null } | null;
  readonly dispute: {
    readonly ownerName: string | null; readonly ownerEmail: string | null; readonly deadline: string | null; readonly late: boolean; readonly outcome: string | null; readonly outcomeOn: string | null;
    /** What is in dispute; null when it is of the whole account. */
    readonly disputed: string | null;
  } | null;
  readonly plan: { readonly acceptedOn: string | null; readonly acceptedBy: string | null; readonly nextDueOn: string | null; readonly nextAmount: string | null; readonly replaces: string | null } | null;
  readonly insolvency: { readonly publishedOn: string | null; readonly claimFiledOn: string | null; readonly court: string | null } | null;
};

/** A page of holds; `next` asks for the following one, `totals` are of all that the filter finds. */
export type HoldPage = {
  readonly rows: readonly HoldSummary[]; readonly next: string | null;
  readonly totals: readonly { readonly currency: string | null; readonly count: number; readonly amount: string }[];
};

/** An instalment of a plan, as proposed or as it stands. */
export type InstalmentView = { readonly dueOn: string; readonly amount: string; readonly paid: string; readonly lastDay: string; readonly state: 'paid' | 'due' | 'late' | 'missed' };

/** A step of the action plan of a dispute. */
export type HoldStepView = { readonly code: string; readonly text: Bilingual; readonly dueOn: string; readonly doneAt: string | null; readonly doneBy: string | null };

/** A hold with all that is joined to it. */
export type HoldDetail = HoldSummary & {
  readonly items: readonly { readonly id: string; readonly document: string; readonly dueOn: string; readonly openThen: string; readonly open: string }[];
  readonly instalments: readonly InstalmentView[];
  readonly steps: readonly HoldStepView[];
  readonly comments: readonly { readonly id: string; readonly at: string; readonly actor: string; readonly body: string }[];
  readonly files: readonly { readonly id: string; readonly name: string; readonly type: string; readonly bytes: number; readonly at: string; readonly actor: string }[];
  /** The claim to file in insolvency proceedings: its last day, or why it is not known. */
  readonly claim: { readonly dueOn: string | null; readonly article: string | null; readonly url: string | null; readonly problem: Bilingual | null } | null;
};

/** A plan as it would be: nothing of it is kept. */
export type PlanPreview = { readonly currency: string; readonly total: string; readonly instalments: readonly { readonly dueOn: string; readonly amount: string }[] };

/** Disputes by reason, owner or age; days are a mean over those that ended. */
export type DisputeStatistics = {
  readonly by: 'reason' | 'owner' | 'age'; readonly since: string;
  readonly rows: readonly {
    readonly key: string; readonly name: Bilingual; readonly currency: string | null; readonly open: number; readonly openAmount: string; readonly late: number; readonly ended: number; readonly endedAmount: string;
    readonly resolvedDays: number | null;
  }[];
};

/** Reasons a dispute can have, and the action plan of each. */
export type DisputeReasonView = { readonly code: string; readonly family: string; readonly name: Bilingual; readonly steps: readonly { readonly code: string; readonly text: Bilingual; readonly withinDays: number }[] };
