import { Select } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Documents } from './use-documents.ts';

/** Which currency a hold is of; shown only where a customer owes in several. */
export function CurrencyChoice({ documents, speak }: { readonly documents: Pick<Documents, 'currencies' | 'currency'>; readonly speak: (currency: string) => void }): ReactElement | null {
  const { t } = useTranslation();
  if (documents.currencies.length < 2) return null;
  return <Select label={t('holds.currency')} description={t('holds.currencyHint')} allowDeselect={false} data={[...documents.currencies]} value={documents.currency} onChange={(value) => { if (value !== null) speak(value); }} />;
}
