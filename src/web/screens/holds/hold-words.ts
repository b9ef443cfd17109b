import { useTranslation } from 'react-i18next';
import type { HoldSummary } from '#core/api/holds.ts';
import { HOLD_STATES, HOLD_STATE_NAMES } from '#core/holds/hold-state.ts';
import { PROMISE_CHANNELS } from '#core/holds/promise.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import type { ChipTone } from '../../ui/chip.tsx';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { known } from '../../ui/reasons.ts';

/** Colour of a hold's state. */
export function toneOfHold(state: HoldSummary['state']): ChipTone {
  switch (state) {
    case 'kept': case 'completed': case 'paid': case 'credited': return 'green';
    case 'late': case 'partly': case 'creditLate': return 'amber';
    case 'broken': case 'defaulted': return 'red';
    case 'proposed': case 'awaitingCredit': return 'blue';
    case 'rejected': case 'over': case 'ended': return 'grey';
    case 'open': case 'current': return 'violet';
  }
}

/** Ends that are codes but no states: what became of a hold otherwise. */
const ENDS = ['enteredByMistake', 'replanned', 'importUndone'] as const;

/** Why a hold ended, in words: a code of ours, a state it came to by itself, or what a person wrote. */
export function useEnding(): (reason: string | null) => string {
  const { t } = useTranslation();
  const say = useSay();
  return (reason) => {
    const code = known(ENDS, reason);
    const state = known(HOLD_STATES, reason);
    return code === undefined ? (state === undefined ? (reason ?? '') : say(HOLD_STATE_NAMES[state])) : t(`holds.ends.${code}`);
  };
}

/** What a hold is about and what is known of it, as short sentences. */
export function useHoldWords(): { readonly about: (hold: HoldSummary) => string; readonly facts: (hold: HoldSummary) => string[]; readonly amount: (hold: HoldSummary) => string | null } {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const day = (on: string): string => formatDay(on, language);
  const money = (amount: string | null, currency: string | null): string | null => (amount === null || currency === null ? null : formatMoney(amount, currency, language));
  const channel = (code: string | null): string | null => { const word = known(PROMISE_CHANNELS, code); return word === undefined ? code : t(`holds.channels.${word}`); };
  const received = ({ received: sum, amount, currency }: HoldSummary): string | null => (sum === null || amount === null || currency === null ? null : t('holds.receivedOf', { received: formatMoney(sum, currency, language), amount: formatMoney(amount, currency, language) }));
  const facts = (hold: HoldSummary): (string | null)[] => {
    switch (hold.kind) {
      case 'promise': return [
        hold.until === null ? null : t('holds.promisedFor', { day: day(hold.until) }), [hold.promise?.by, channel(hold.promise?.channel ?? null)].filter((part) => part !== null && part !== undefined && part !== '').join(', '), received(hold),
      ];
      case 'plan': return [
        hold.plan?.nextDueOn === null || hold.plan === null || hold.plan.nextDueOn === undefined ? null : t('holds.nextInstalment', { day: day(hold.plan.nextDueOn), amount: money(hold.plan.nextAmount, hold.currency) ?? '' }), received(hold),
        hold.plan?.acceptedOn === null || hold.plan === null ? null : t('holds.acceptedOn', { day: day(hold.plan.acceptedOn), by: hold.plan.acceptedBy ?? '' }),
      ];
      case 'dispute': return [
        hold.reasonText === null ? null : say(hold.reasonText), hold.dispute?.ownerName ?? hold.dispute?.ownerEmail ?? t('holds.nobody'),
        hold.dispute?.deadline === null || hold.dispute === null ? null : t(hold.dispute.late ? 'holds.deadlineLate' : 'holds.deadlineOn', { day: day(hold.dispute.deadline) }),
      ];
      case 'pause': return [hold.until === null ? null : t('holds.pausedUntil', { day: day(hold.until) }), hold.reason];
      case 'insolvency': return [
        t('holds.judgedOn', { day: day(hold.from) }), hold.insolvency?.court ?? null, hold.insolvency?.publishedOn === null || hold.insolvency === null ? null : t('holds.publishedOn', { day: day(hold.insolvency.publishedOn) }),
        hold.insolvency?.claimFiledOn === null || hold.insolvency === null ? null : t('holds.filedOn', { day: day(hold.insolvency.claimFiledOn) }),
      ];
    }
  };
  return {
    about: (hold) => hold.document ?? (hold.itemCount === null ? t('holds.wholeAccount') : t('holds.documents', { count: hold.itemCount })),
    facts: (hold) => facts(hold).filter((text): text is string => text !== null && text !== ''),
    amount: (hold) => money(hold.kind === 'dispute' ? (hold.dispute?.disputed ?? hold.amount) : hold.amount, hold.currency),
  };
}
