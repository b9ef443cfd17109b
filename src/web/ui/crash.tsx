import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './states.tsx';

/** Shown in place of a page that threw: nothing of it can be trusted, so the way out is to load it again. */
export function Crash(): ReactElement {
  const { t } = useTranslation();
  return (
    <EmptyState icon="alert" title={t('frame.crashTitle')} text={t('frame.crashText')}>
      <Button onClick={() => globalThis.location.reload()}>{t('frame.reload')}</Button>
    </EmptyState>
  );
}
