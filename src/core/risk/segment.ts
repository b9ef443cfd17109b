import type { Bilingual } from '../kernel/text.ts';

/** How a customer pays. `strategic` is only ever said by a person; `publicBuyer` and `consumer` follow from the law that applies. */
export const SEGMENTS = ['goodPayer', 'oftenLate', 'atRisk', 'new', 'strategic', 'publicBuyer', 'consumer'] as const;
/** One segment. */
export type Segment = (typeof SEGMENTS)[number];

/** The segments as people read them. */
export const SEGMENT_NAMES: { readonly [S in Segment]: Bilingual } = {
  goodPayer: { fr: 'bon payeur', en: 'good payer' },
  oftenLate: { fr: 'souvent en retard', en: 'often late' },
  atRisk: { fr: 'à risque', en: 'at risk' },
  new: { fr: 'nouveau', en: 'new' },
  strategic: { fr: 'stratégique', en: 'strategic' },
  publicBuyer: { fr: 'acheteur public', en: 'public buyer' },
  consumer: { fr: 'particulier', en: 'consumer' },
};

/** What was paid in one currency over the window, in minor units. Currencies are never added up (a yen is not a euro). */
export type PaidInCurrency = {
  readonly currency: string;
  /** Σ of the payments. */
  readonly paid: bigint;
  /** Σ of payment × whole days late, early and on time counting 0. */
  readonly paidTimesLate: bigint;
  /** Σ of the payments that came on time, the tolerance included. */
  readonly paidOnTime: bigint;
};

/** How a customer behaved, from dated allocations of money to items with a known due day. */
export type Behaviour = {
  readonly kind: 'business' | 'consumer' | 'public';
  readonly currencies: readonly PaidInCurrency[];
  /** Payments counted, over all currencies. */
  readonly payments: number;
  /** Whole months since the first item issued; 0 when there is none. */
  readonly historyMonths: number;
  /** Days late of the oldest item open today; 0 when nothing is overdue. */
  readonly oldestOverdueDays: number;
};

/** Where one segment ends and the next begins. */
export type SegmentThresholds = {
  /** Months of payments looked at. */
  readonly windowMonths: number;
  /** Days after the due day that still count as on time: a bank takes one or two. */
  readonly onTimeDays: number;
  /** A good payer is at most so many days late on average, weighted by amount. */
  readonly goodLateDaysMax: number;
  /** A good payer pays at least this share of the amounts on time. */
  readonly goodOnTimePercentMin: number;
  /** A good payer has nothing open that is later than this. */
  readonly goodOverdueDaysMax: number;
  /** From so many days late on average on, a customer is at risk. */
  readonly riskLateDaysMin: number;
  /** From so many days late of its oldest open item on, a customer is at risk. */
  readonly riskOverdueDaysMin: number;
  /** With fewer months of history a customer is new. */
  readonly newMonths: number;
  /** With fewer payments in the window a customer is new: too few to say anything. */
  readonly newPayments: number;
};

/** Good payers are nearly always on time; two months late is when insurers ask to be told. */
export const DEFAULT_THRESHOLDS: SegmentThresholds = {
  windowMonths: 12, onTimeDays: 3, goodLateDaysMax: 7, goodOnTimePercentMin: 75, goodOverdueDaysMax: 15, riskLateDaysMin: 45, riskOverdueDaysMin: 60,
  newMonths: 3, newPayments: 3,
};

/** Smallest and largest value of each threshold: outside, a segment says nothing (a good payer half a year late) or holds nobody. */
export const THRESHOLD_BOUNDS: { readonly [Name in keyof SegmentThresholds]: readonly [number, number] } = {
  windowMonths: [3, 36], onTimeDays: [0, 15], goodLateDaysMax: [0, 30], goodOnTimePercentMin: [50, 100], goodOverdueDaysMax: [0, 60],
  riskLateDaysMin: [15, 365], riskOverdueDaysMin: [15, 730], newMonths: [0, 24], newPayments: [1, 50],
};

/** Why a segment was given. */
export type SegmentBecause = 'kind' | 'oldestOverdue' | 'averageLate' | 'fewMonths' | 'fewPayments' | 'onTime' | 'late' | 'person';

/** A segment with the figures it rests on: JSON-safe, enough to write the reason in words again. */
export type SegmentGiven = {
  readonly segment: Segment;
  readonly because: SegmentBecause;
  readonly facts: { readonly [name: string]: string | number };
};

/**
 * The segment of a customer by rule. Never strategic: that is a person's word. Paying later never gives a better segment, and without
 * history a customer is new, never good. Of several currencies the worse one counts.
 */
export function segmentOf(behaviour: Behaviour, thresholds: SegmentThresholds): SegmentGiven {
  const given = (segment: Segment, because: SegmentBecause, facts: SegmentGiven['facts']): SegmentGiven => ({ segment, because, facts });
  if (behaviour.kind === 'consumer') return given('consumer', 'kind', {});
  if (behaviour.kind === 'public') return given('publicBuyer', 'kind', {});
  const { payments, historyMonths, oldestOverdueDays } = behaviour;
  if (oldestOverdueDays >= thresholds.riskOverdueDaysMin) return given('atRisk', 'oldestOverdue', { oldestOverdueDays, limit: thresholds.riskOverdueDaysMin });
  const late = worstLate(behaviour.currencies);
  const known = payments >= thresholds.newPayments;
  if (known && late !== null && late.paidTimesLate >= BigInt(thresholds.riskLateDaysMin) * late.paid) {
    return given('atRisk', 'averageLate', { averageLateDays: tenths(late), limit: thresholds.riskLateDaysMin });
  }
  if (historyMonths < thresholds.newMonths) return given('new', 'fewMonths', { historyMonths, limit: thresholds.newMonths });
  if (!known || late === null) return given('new', 'fewPayments', { payments, limit: thresholds.newPayments });
  const facts = { averageLateDays: tenths(late), onTimePercent: worstOnTimePercent(behaviour.currencies), oldestOverdueDays, payments };
  const good = oldestOverdueDays <= thresholds.goodOverdueDaysMax && behaviour.currencies.every((one) => isGood(one, thresholds));
  return good ? given('goodPayer', 'onTime', facts) : given('oftenLate', 'late', facts);
}

/** Compared by multiplication, so that nothing is rounded on either side of a threshold. */
function isGood(one: PaidInCurrency, thresholds: SegmentThresholds): boolean {
  return one.paidTimesLate <= BigInt(thresholds.goodLateDaysMax) * one.paid && one.paidOnTime * 100n >= BigInt(thresholds.goodOnTimePercentMin) * one.paid;
}

/** The currency paid latest on average; null when nothing was paid. */
function worstLate(currencies: readonly PaidInCurrency[]): PaidInCurrency | null {
  let worst: PaidInCurrency | null = null;
  for (const one of currencies) {
    if (one.paid > 0n && (worst === null || one.paidTimesLate * worst.paid > worst.paidTimesLate * one.paid)) worst = one;
  }
  return worst;
}

/** Average days late with one decimal, cut: "12.4". */
function tenths({ paid, paidTimesLate }: PaidInCurrency): string {
  const count = (paidTimesLate * 10n) / paid;
  return `${count / 10n}.${count % 10n}`;
}

function worstOnTimePercent(currencies: readonly PaidInCurrency[]): number {
  let worst = 100;
  for (const one of currencies) if (one.paid > 0n) worst = Math.min(worst, Number((one.paidOnTime * 100n) / one.paid));
  return worst;
}

/** Thresholds that contradict each other, each with what to do; none: they can be used. Bounds are checked at the door. */
export function thresholdProblems(thresholds: SegmentThresholds): Bilingual[] {
  const found: Bilingual[] = [];
  if (thresholds.goodLateDaysMax >= thresholds.riskLateDaysMin) {
    found.push({
      fr: `Le retard moyen d’un bon payeur (${thresholds.goodLateDaysMax} jours) doit rester inférieur à celui d’un client à risque (${thresholds.riskLateDaysMin} jours).`,
      en: `The average lateness of a good payer (${thresholds.goodLateDaysMax} days) must stay below that of a customer at risk (${thresholds.riskLateDaysMin} days).`,
    });
  }
  if (thresholds.goodOverdueDaysMax >= thresholds.riskOverdueDaysMin) {
    found.push({
      fr: `Le plus vieux retard d’un bon payeur (${thresholds.goodOverdueDaysMax} jours) doit rester inférieur à celui d’un client à risque (${thresholds.riskOverdueDaysMin} jours).`,
      en: `The oldest lateness of a good payer (${thresholds.goodOverdueDaysMax} days) must stay below that of a customer at risk (${thresholds.riskOverdueDaysMin} days).`,
    });
  }
  return found;
}

const days = (count: number | string): { fr: string; en: string } => {
  const many = Number(count) >= 2;
  return { fr: `${String(count).replace('.', ',')} jour${many ? 's' : ''}`, en: `${count} day${Number(count) === 1 ? '' : 's'}` };
};

/** Why a customer has its segment, in words. */
export function segmentReason({ segment, because, facts }: SegmentGiven): Bilingual {
  const name = SEGMENT_NAMES[segment];
  const number = (key: string): number => Number(facts[key] ?? 0);
  const text = (key: string): string => String(facts[key] ?? '');
  switch (because) {
    case 'kind':
      return { fr: `Client ${name.fr} : d’après sa nature, quel que soit son comportement.`, en: `Customer: ${name.en}, by its kind, whatever it pays.` };
    case 'oldestOverdue':
      return {
        fr: `À risque : sa plus ancienne pièce ouverte a ${days(number('oldestOverdueDays')).fr} de retard (seuil : ${days(number('limit')).fr}).`,
        en: `At risk: its oldest open document is ${days(number('oldestOverdueDays')).en} late (threshold: ${days(number('limit')).en}).`,
      };
    case 'averageLate':
      return {
        fr: `À risque : il paie en moyenne avec ${days(text('averageLateDays')).fr} de retard, en pondérant par les montants (seuil : ${days(number('limit')).fr}).`,
        en: `At risk: it pays ${days(text('averageLateDays')).en} late on average, weighted by amount (threshold: ${days(number('limit')).en}).`,
      };
    case 'fewMonths':
      return {
        fr: `Nouveau : ${number('historyMonths')} mois d’historique, il en faut ${number('limit')} pour juger.`,
        en: `New: ${number('historyMonths')} months of history, ${number('limit')} are needed to judge.`,
      };
    case 'fewPayments':
      return {
        fr: `Nouveau : ${number('payments')} règlement(s) daté(s) sur la période, il en faut ${number('limit')} pour juger.`,
        en: `New: ${number('payments')} dated payment(s) in the period, ${number('limit')} are needed to judge.`,
      };
    case 'onTime':
    case 'late':
      return {
        fr: `${because === 'onTime' ? 'Bon payeur' : 'Souvent en retard'} : ${number('onTimePercent')} % des montants payés à l’heure, ${days(text('averageLateDays')).fr} de retard en moyenne, plus ancien retard ouvert ${days(number('oldestOverdueDays')).fr}.`,
        en: `${because === 'onTime' ? 'Good payer' : 'Often late'}: ${number('onTimePercent')} % of amounts paid on time, ${days(text('averageLateDays')).en} late on average, oldest open lateness ${days(number('oldestOverdueDays')).en}.`,
      };
    case 'person':
      return {
        fr: `${capital(name.fr)} : choisi par une personne${text('note') === '' ? '' : ` (${text('note')})`}.`,
        en: `${capital(name.en)}: chosen by a person${text('note') === '' ? '' : ` (${text('note')})`}.`,
      };
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
