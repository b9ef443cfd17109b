import type { HaltView } from './sending.ts';

/** The aged balance of one currency: open debits by days late; credits apart. */
export type CurrencyOverview = {
  readonly currency: string;
  readonly outstanding: string;
  readonly overdue: string;
  readonly credits: string;
  readonly balance: string;
  readonly buckets: readonly { readonly key: string; readonly amount: string }[];
};

/** The first screen: where the money stands and what waits for a person. */
export type Overview = {
  readonly today: string;
  /** Most used currency first. */
  readonly currencies: readonly CurrencyOverview[];
  readonly customers: { readonly total: number; readonly overdue: number; readonly overdueWithoutEmail: number };
  readonly actions: Readonly<Record<'proposed' | 'approved' | 'claimed' | 'unknown' | 'failed' | 'sentToday', number>>;
  readonly ledger: {
    readonly importedOn: string | null; readonly fileName: string | null; readonly ageDays: number | null; readonly limitDays: number; readonly stale: boolean;
  };
  readonly lastRun: { readonly today: string; readonly actions: number; readonly stopped: string | null } | null;
  readonly largest: readonly { readonly id: string; readonly name: string; readonly overdue: string; readonly currency: string; readonly daysLate: number }[];
  readonly missing: { readonly iban: boolean; readonly senderEmail: boolean; readonly address: boolean };
  readonly globalStop: boolean;
  /** Every e-mail goes to this address and nothing counts as sent; null: test mode is off. */
  readonly testAddress: string | null;
  /** E-mail was stopped by itself; a person lets it go again. */
  readonly halt: HaltView | null;
  /** Webhooks that were switched off because their receivers failed or asked for it: other software is no longer told. */
  readonly webhooksOff: number;
  /** The bank account that is furthest behind, of those imported regularly; null when none is. */
  readonly bank: { readonly account: string; readonly lastOn: string; readonly ageDays: number; readonly limitDays: number; readonly stale: boolean } | null;
};
