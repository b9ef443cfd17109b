/** The company that issues the invoices, as letters print it. */
export type CompanyView = {
  readonly name: string; readonly legalForm: string | null; readonly capital: string | null; readonly siren: string | null; readonly rcsCity: string | null;
  readonly vatNumber: string | null; readonly address: readonly string[]; readonly postalCode: string | null; readonly city: string | null;
  readonly country: string; readonly phone: string | null; readonly email: string | null; readonly iban: string | null; readonly bic: string | null;
  readonly signatory: string | null; readonly defaultTerms: string;
};

/** One step of a scenario as the interface shows it. */
export type StepView = {
  readonly number: number; readonly offsetDays: number; readonly minimumGapDays: number; readonly channel: string; readonly fallbackChannel: string | null;
  readonly tone: string; readonly formalNotice: boolean; readonly needsApproval: boolean;
  /** Its name in every version; message or task; what its days are counted from; how many persons approve. */
  readonly key: string; readonly kind: string; readonly anchor: string; readonly approval: string;
};

/** A scenario in force. */
export type ScenarioView = { readonly code: string; readonly name: string; readonly version: number; readonly steps: readonly StepView[] };

/** How the organisation chases. */
export type DunningView = {
  readonly scenario: string; readonly ledgerLimitDays: number; readonly contactCap: { readonly contacts: number; readonly windowDays: number } | null;
  readonly closedDays: readonly string[]; readonly globalStop: boolean; readonly automatic: boolean; readonly approveEverything: boolean; readonly formalNoticeDays: number;
  /** For each day from Monday to Sunday, the windows in minutes of the customer's own day. */
  readonly contactHours: { readonly business: HoursView; readonly consumer: HoursView };
};

/** The windows of a week, [from, until] in minutes. */
export type HoursView = readonly (readonly (readonly [number, number])[])[];

/** Dunning settings with the scenarios to choose from. */
export type DunningPage = { readonly settings: DunningView; readonly scenarios: readonly ScenarioView[] };

/** One invariant and whether it holds. */
export type CheckView = { readonly name: string; readonly ok: boolean; readonly detail: string };
