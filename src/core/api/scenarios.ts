import type { Channel, ContactRole, StepKind, Tone, Anchor, Approval } from '../dunning/scenario.ts';
import type { Bilingual, Language } from '../kernel/text.ts';
import type { Segment, SegmentThresholds } from '../risk/segment.ts';
import type { AmountView, ProblemView } from './faults.ts';

/** Bounds of an amount; the second is not included. */
export type BoundsView = { readonly from: AmountView | null; readonly below: AmountView | null };

/** When a step is for an item at all. */
export type ConditionsView = {
  readonly overdueTotals?: readonly BoundsView[]; readonly ageFrom?: number; readonly ageTo?: number; readonly segmentsIn?: readonly Segment[];
  readonly segmentsOut?: readonly Segment[]; readonly languages?: readonly Language[];
};

/** One step as it is written. */
export type StepDefinition = {
  readonly number: number; readonly key: string; readonly kind: StepKind; readonly anchor: Anchor; readonly offsetDays: number; readonly minimumGapDays: number;
  readonly channel: Channel; readonly fallbackChannel?: Channel; readonly template: string; readonly tone: Tone; readonly contactRoles: readonly ContactRole[];
  readonly copyRoles?: readonly ContactRole[]; readonly conditions?: ConditionsView; readonly approval: Approval; readonly formalNotice: boolean;
};

/** A scenario as it is written, without its code and version. */
export type ScenarioDefinition = {
  readonly name: string; readonly scope: 'account' | 'item'; readonly entry: 'first' | 'byAge' | { readonly step: string }; readonly minimumAmount: AmountView;
  readonly otherMinimumAmounts: readonly AmountView[]; readonly graceDays: number;
  readonly thankYou: { readonly template: string; readonly channel: Channel; readonly contactRoles: readonly ContactRole[]; readonly onlyWhenReminded: boolean } | null;
  readonly steps: readonly StepDefinition[];
};

/** A scenario in a list: its version in force, a draft if any, and who is given it. */
export type ScenarioLine = {
  readonly code: string; readonly name: string; readonly version: number; readonly steps: number; readonly retired: boolean; readonly hasDraft: boolean;
  readonly uses: { readonly isDefault: boolean; readonly rules: number; readonly customers: number; readonly items: number };
};

/** One version, or a draft, whole. */
export type ScenarioWhole = { readonly code: string; readonly version: number; readonly definition: ScenarioDefinition };

/** A draft with what is wrong with it and what it would change. */
export type DraftView = ScenarioWhole & {
  readonly basedOn: number | null; readonly changedAt: string; readonly changedBy: string; readonly stamp: string; readonly problems: readonly ProblemView[]; readonly changes: readonly Bilingual[];
};

/** A draft once it was kept: what is wrong with it, what it would change, and the stamp that the next save says it saw. */
export type DraftKept = { readonly problems: readonly ProblemView[]; readonly changes: readonly Bilingual[]; readonly stamp: string };

/** A version in the history of a scenario. */
export type VersionView = { readonly version: number; readonly name: string; readonly createdAt: string; readonly createdBy: string | null; readonly changes: readonly Bilingual[] };

/** What became of a save: the new version, or the problems that stood against it. */
export type SavedView = { readonly version: number | null; readonly problems: readonly ProblemView[] };

/** One rule that chooses a scenario. */
export type RuleView = {
  readonly name: string; readonly scenario: string;
  readonly when: {
    readonly segments?: readonly Segment[]; readonly kinds?: readonly ('business' | 'consumer' | 'public')[]; readonly languages?: readonly Language[];
    readonly countries?: readonly string[]; readonly accountPrefixes?: readonly string[]; readonly openTotals?: readonly BoundsView[];
  };
};

/** The rules in force, in order. */
export type AssignmentView = { readonly version: number; readonly rules: readonly RuleView[] };

/** Segments: their thresholds with the bounds of each, and how many customers each has. */
export type SegmentsView = {
  readonly thresholds: SegmentThresholds; readonly bounds: Readonly<Record<keyof SegmentThresholds, readonly [number, number]>>;
  readonly counts: Readonly<Record<Segment, number>>; readonly names: Readonly<Record<Segment, Bilingual>>;
};

/** The segment of one customer: the one that holds, by whom, why, and what it was before. */
export type CustomerSegmentView = {
  readonly segment: Segment; readonly chosenByPerson: boolean; readonly ruleSegment: Segment; readonly reason: Bilingual; readonly since: string | null;
  readonly history: readonly { readonly segment: Segment | null; readonly reason: Bilingual; readonly on: string; readonly actor: string }[];
};

/** Customers that something holds for, and how many of them have something open. */
export type CatchView = { readonly customers: number; readonly withOpenItems: number };

/** Rules that are being written: what is wrong with them, and whom each would take today; the rest is a person's choice or the default's. */
export type RulesCheck = {
  readonly problems: readonly ProblemView[]; readonly rules: readonly CatchView[]; readonly chosen: CatchView; readonly standard: CatchView; readonly customers: number;
};

/** The scenario of one customer: the one it has, who chose it, and the one a person chose for it. */
export type CustomerScenarioView = { readonly code: string; readonly name: string; readonly version: number; readonly chosen: string | null; readonly because: Bilingual };

/** What publishing a draft would change today: how many have the scenario, what a run would propose before and after, for how many customers it is not the same. */
export type ImpactView = {
  readonly customers: number; readonly withOpenItems: number; readonly documents: number;
  readonly today: string; readonly actionsBefore: number; readonly actionsAfter: number; readonly customersChanged: number;
};

/** One action of a day to come. */
export type ActionToCome = {
  readonly purpose: string; readonly kind: string; readonly channel: string; readonly step: number; readonly scenario: string; readonly total: string; readonly currency: string;
  readonly documents: readonly string[]; readonly needsApproval: boolean; readonly formalNotice: boolean;
};

/** A document whose reason is another from a day on. */
export type ReasonToCome = {
  readonly document: string; readonly acts: boolean; readonly reason: string; readonly step: number | null; readonly until: string | null; readonly text: Bilingual;
};

/** One day to come: what would go out, and what changes its reason. */
export type DayView = { readonly today: string; readonly actions: readonly ActionToCome[]; readonly changes: readonly ReasonToCome[] };

/** What is to come for a customer, as things stand. */
export type NextDaysView = { readonly from: string; readonly days: readonly DayView[] };

/** The message of one step for one customer: on its planned day, else on the day it would come up; `problems` say why there is none. A task without words has no text. */
export type StepMessage = {
  readonly step: number; readonly key: string; readonly today: string; readonly planned: boolean; readonly channel: string; readonly to: string | null; readonly reachable: boolean;
  readonly documents: readonly string[]; readonly total: string; readonly currency: string; readonly subject: string; readonly text: string; readonly html: string | null;
  readonly problems: readonly ProblemView[];
};

/** What a scenario would do for a real customer. */
export type ScenarioPreview = {
  readonly customer: { readonly id: string; readonly code: string; readonly name: string }; readonly owes: boolean; readonly next: NextDaysView; readonly messages: readonly StepMessage[];
};

/** Customers worth a look in a preview: one that is late, one about to be due, one with many documents. */
export type ProposedCustomer = { readonly id: string; readonly code: string; readonly name: string; readonly because: 'late' | 'nearDue' | 'manyItems'; readonly days: number; readonly documents: number };

/** What a run would propose of one kind. */
export type DryRunAction = {
  readonly scenario: string; readonly step: number; readonly purpose: string; readonly channel: string; readonly count: number;
  readonly totals: readonly AmountView[];
};

/** What a run would do on a day, nothing kept. */
export type DryRunView = {
  readonly today: string; readonly stopped: string | null; readonly decisions: number; readonly actions: number; readonly proposed: readonly DryRunAction[];
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
};
