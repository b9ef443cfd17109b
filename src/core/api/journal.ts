import type { Bilingual } from '../kernel/text.ts';

/** Why nothing leaves, since when, by whom and in which words where a person asked for it. */
export type FrozenView = {
  readonly because: 'restored' | 'copied' | 'failedOver' | 'journalAhead' | 'journalMissing' | 'journalCopied' | 'person';
  readonly at: string; readonly by: string | null; readonly reason: string | null;
};

/** A message that left and that the database does not know. The customer is named where it is here. */
export type JournalSendView = {
  readonly ref: string; readonly customer: string; readonly customerId: string | null; readonly customerName: string | null; readonly day: string; readonly channel: string; readonly step: number;
  readonly total: string; readonly currency: string; readonly outcome: 'accepted' | 'refused' | 'unknown'; readonly test: boolean; readonly sha256: string;
};

/** How the send journal and the database stand to each other, as one organisation sees it. */
export type JournalPage = {
  readonly frozen: FrozenView | null;
  /** Why the next sending will freeze; null: they agree, or it is frozen already. */
  readonly disagrees: FrozenView['because'] | null;
  /** Why the journal cannot be read; null: it can. */
  readonly fault: Bilingual | null;
  /** Folder of the journal, for who may reconcile. */
  readonly where: string | null;
  /** Something was sent with it. */
  readonly begun: boolean;
  readonly sends: readonly JournalSendView[];
  /** Sends of this organisation in all, and of the others. */
  readonly count: number; readonly others: number;
  /** Lines broken off and set aside. */
  readonly torn: number;
  /** Sends taken over before whose customer or items are not here yet. */
  readonly waiting: number;
  /** The person owns every organisation of the installation: what is decided here is decided for all. */
  readonly mayReconcile: boolean;
  /** Why what the journal knows cannot be applied; null: it can. Adopting always can. */
  readonly cannotApply: Bilingual | null;
};

/** What a reconciliation wrote in the organisation. */
export type ReconciledView = { readonly sent: number; readonly parked: number; readonly waiting: number; readonly refused: number; readonly tests: number; readonly dropped: number; readonly backToProposed: number; readonly webhooksOff: number };
