import { useTranslation } from 'react-i18next';
import { disputeReason, disputeReasonName } from '#core/holds/dispute-reasons.ts';
import { useSay } from '../language/language.ts';
import { CANCEL_REASONS, CHANNELS, ITEM_KINDS, REASONS, STATES, known } from './reasons.ts';

/** Words for the codes of the server; a code without a word is shown as it is. */
export function useWords() {
  const { t } = useTranslation();
  const say = useSay();
  return {
    channel: (code: string): string => { const word = known(CHANNELS, code); return word === undefined ? code : t(`frame.channel.${word}`); },
    state: (code: string): string => { const word = known(STATES, code); return word === undefined ? code : t(`frame.state.${word}`); },
    reason: (code: string): string => { const word = known(REASONS, code); return word === undefined ? code : t(`frame.reason.${word}`); },
    itemKind: (code: string): string => { const word = known(ITEM_KINDS, code); return word === undefined ? code : t(`frame.kind.${word}`); },
    dispute: (code: string): string => (disputeReason(code) === null ? code : say(disputeReasonName(code))),
    ended: (code: string | null): string => {
      if (code === null) return '';
      const own = known(CANCEL_REASONS, code);
      if (own !== undefined) return t(`frame.cancelReason.${own}`);
      const reason = known(REASONS, code);
      return reason === undefined ? code : t(`frame.reason.${reason}`);
    },
  };
}
