import { useTranslation } from 'react-i18next';
import type { StepDefinition } from '#core/api/scenarios.ts';
import type { Channel } from '#core/dunning/scenario.ts';
import type { IconName } from '../../ui/icons.tsx';

const ICONS: { readonly [C in Channel]: IconName } = { email: 'actions', letter: 'letter', registeredLetter: 'registered', sms: 'sms', call: 'phone', visit: 'user', check: 'search' };

/** The drawing of a channel. */
export const channelIcon = (channel: Channel): IconName => ICONS[channel];

/** "J+7", "J−3", "facture +10 j", "5 j après l'étape 2". */
export function useStepDay(): (step: Pick<StepDefinition, 'anchor' | 'offsetDays' | 'number'>) => string {
  const { t } = useTranslation();
  return ({ anchor, offsetDays, number }) => {
    const days = Math.abs(offsetDays);
    switch (anchor) {
      case 'dueDate': return offsetDays === 0 ? t('scenarios.dayDue') : offsetDays > 0 ? t('scenarios.day', { days }) : t('scenarios.dayBefore', { days });
      case 'issueDate': return offsetDays >= 0 ? t('scenarios.ofInvoice', { days }) : t('scenarios.ofInvoiceBefore', { days });
      case 'previousStep': return t('scenarios.ofPrevious', { days, step: number - 1 });
    }
  };
}
