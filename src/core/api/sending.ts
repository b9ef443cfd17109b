/** Limits on what leaves in an hour and a day. */
export type RatesView = { readonly perHour: number; readonly perDay: number; readonly perDomainHour: number; readonly perDomainDay: number };

/** How messages are sent. */
export type SendingSettingsView = {
  readonly testAddress: string | null; readonly fourEyes: boolean; readonly rates: RatesView | null; readonly approvalDays: number;
  readonly breaker: { readonly bouncesPerThousand: number; readonly complaintsPerHundredThousand: number };
  readonly bankLimitDays: number | null; readonly bankAccountsLeftOut: readonly string[];
};

/** E-mail stopped by itself, until a person lets it go again. */
export type HaltView = {
  readonly cause: 'bounces' | 'complaints'; readonly openedAt: string; readonly mails: number; readonly bounces: number; readonly complaints: number;
};

/** A bank account whose statements come regularly, and how old the last one is. */
export type FollowedAccountView = { readonly key: string; readonly lastOn: string; readonly ageDays: number };

/** Settings of sending with how it stands. */
export type SendingPage = {
  readonly settings: SendingSettingsView;
  readonly halt: HaltView | null;
  /** The latest e-mails, as the breaker sees them. */
  readonly latest: { readonly mails: number; readonly bounces: number; readonly complaints: number };
  readonly accounts: readonly FollowedAccountView[];
  /** What the settings can be set to at most. */
  readonly bounds: { readonly bouncesPerThousand: number; readonly complaintsPerHundredThousand: number };
};

/** Actions that a change of settings ended, or sent back for a second approval. */
export type SendingSaved = { readonly cancelledTests: number; readonly backForApproval: number };

/** Something that came back about an address. */
export type BounceView = {
  readonly id: string; readonly actionId: string | null; readonly address: string; readonly kind: string; readonly status: string | null;
  readonly diagnostic: string; readonly source: string; readonly reportedAt: string; readonly liftedAt: string | null;
};

/** A contact that refuses to be written to on some channels. */
export type RefusalView = {
  readonly customerId: string; readonly customerName: string; readonly contactId: string; readonly name: string | null; readonly email: string | null; readonly phone: string | null;
  readonly channels: readonly string[];
};

/** What was noted of a report: how many bounces, contacts marked, and whether e-mail was stopped. */
export type BounceNoted = { readonly bounces: number; readonly contacts: number; readonly halted: boolean };

/** A contact noted by hand, with how the customer's budget stands after it. */
export type ContactNoted = { readonly id: string; readonly contacts: number; readonly contactsMax: number | null; readonly overBudget: boolean };
