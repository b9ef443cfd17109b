import { useTranslation } from 'react-i18next';
import type { BoundsView, RuleView } from '#core/api/scenarios.ts';
import { SEGMENT_NAMES } from '#core/risk/segment.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatMoney } from '../../ui/format.ts';

/** What a rule asks of a customer, in words. */
export function useRuleWords(): (when: RuleView['when']) => string {
  const { t } = useTranslation();
  const say = useSay();
  const language = useLanguage();
  const bounds = ({ from, below }: BoundsView): string => {
    const [low, high] = [from, below].map((amount) => (amount === null ? '' : formatMoney(amount.amount, amount.currency, language)));
    return from !== null && below !== null ? t('scenarios.rules.said.between', { from: low ?? '', below: high ?? '' }) : from === null ? t('scenarios.rules.said.below', { below: high ?? '' }) : t('scenarios.rules.said.from', { from: low ?? '' });
  };
  return ({ segments, kinds, languages, countries, accountPrefixes, openTotals = [] }) => {
    const parts = [
      segments === undefined ? '' : t('scenarios.rules.said.segments', { values: segments.map((one) => say(SEGMENT_NAMES[one])).join(', ') }),
      kinds === undefined ? '' : t('scenarios.rules.said.kinds', { values: kinds.map((one) => t(`customers.kinds.${one}`).toLocaleLowerCase(language)).join(', ') }),
      languages === undefined ? '' : t('scenarios.rules.said.languages', { values: languages.map((one) => t(one === 'fr' ? 'frame.french' : 'frame.english').toLocaleLowerCase(language)).join(', ') }),
      countries === undefined ? '' : t('scenarios.rules.said.countries', { values: countries.join(', ') }),
      accountPrefixes === undefined ? '' : t('scenarios.rules.said.prefixes', { values: accountPrefixes.join(', ') }),
      ...openTotals.map(bounds),
    ].filter((part) => part !== '');
    return parts.length === 0 ? t('scenarios.rules.everybody') : parts.join(' · ');
  };
}
