import type { Bilingual } from '../kernel/text.ts';

/** Kinds of hold. */
export const HOLD_KINDS = ['dispute', 'promise', 'plan', 'pause', 'insolvency'] as const;
/** One of them. */
export type HoldKind = (typeof HOLD_KINDS)[number];

/** Everything a hold can be: what is derived of promises, plans and disputes, a pause whose day is over, and what a person ended. */
export const HOLD_STATES = [
  'open', 'kept', 'partly', 'broken', 'proposed', 'current', 'late', 'defaulted', 'completed', 'awaitingCredit', 'creditLate', 'paid', 'credited', 'rejected', 'over', 'ended',
] as const;
/** One of them. */
export type HoldState = (typeof HOLD_STATES)[number];

/** States with which a hold ends by itself. */
const FINAL: ReadonlySet<HoldState> = new Set(['kept', 'partly', 'broken', 'defaulted', 'completed', 'paid', 'credited', 'over']);

/** Whether a hold in this state ended by itself: dunning goes on from that day. */
export const endsByItself = (state: HoldState): boolean => FINAL.has(state);

/** States in which a commitment was not held: the next step is firmer. */
const FAILED: ReadonlySet<HoldState> = new Set(['partly', 'broken', 'defaulted']);

/** Whether a commitment was not held. */
export const isFailed = (state: HoldState): boolean => FAILED.has(state);

/** States in words. */
export const HOLD_STATE_NAMES: { readonly [S in HoldState]: Bilingual } = {
  open: { fr: 'en cours', en: 'in force' },
  kept: { fr: 'tenue', en: 'kept' },
  partly: { fr: 'tenue en partie', en: 'partly kept' },
  broken: { fr: 'non tenue', en: 'broken' },
  proposed: { fr: 'proposé, à accepter', en: 'proposed, to be accepted' },
  current: { fr: 'respecté', en: 'on track' },
  late: { fr: 'en retard, dans le délai de grâce', en: 'late, within its grace' },
  defaulted: { fr: 'rompu', en: 'defaulted' },
  completed: { fr: 'soldé', en: 'completed' },
  awaitingCredit: { fr: 'accepté, avoir attendu', en: 'accepted, credit note expected' },
  creditLate: { fr: 'accepté, avoir en retard : qu’en est-il ?', en: 'accepted, credit note late: what became of it?' },
  paid: { fr: 'réglé', en: 'paid' },
  credited: { fr: 'clos par un avoir', en: 'closed by a credit note' },
  rejected: { fr: 'rejeté', en: 'rejected' },
  over: { fr: 'échue', en: 'over' },
  ended: { fr: 'terminée', en: 'ended' },
};
