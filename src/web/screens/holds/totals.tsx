import { Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldPage } from '#core/api/holds.ts';
import { useLanguage } from '../../language/language.ts';
import { formatMoney } from '../../ui/format.ts';

/** What a list is about in all, one figure a currency: never added across them. */
export function Totals({ of }: { readonly of: HoldPage['totals'] }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Group component="ul" className="plain-list" gap="lg" aria-live="polite">
      {of.map(({ currency, count, amount }) => (
        <li key={currency ?? ''}>
          <span className="stat-value">{currency === null ? t('holds.noAmount') : formatMoney(amount, currency, language)}</span>
          <Text size="sm" c="dimmed">{t('holds.count', { count })}</Text>
        </li>
      ))}
    </Group>
  );
}
