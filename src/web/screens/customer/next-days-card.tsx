import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useNextDays } from '../../api/scenarios.ts';
import { Card } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { NextDaysList } from '../scenarios/next-days-list.tsx';

/** What is to come for the customer in the next thirty days, and why the rest waits. */
export function NextDaysCard({ customer }: { readonly customer: string }): ReactElement {
  const { t } = useTranslation();
  const { data, error, refetch } = useNextDays(customer);
  return (
    <Card title={t('scenarios.customer.next')}>
      {error !== null ? <FaultNote error={error} retry={() => void refetch()} /> : data === undefined ? <Loading rows={3} /> : (
        <>
          {data.days.length === 0 ? null : <Text size="sm" c="dimmed" mb="md">{t('scenarios.customer.nextText')}</Text>}
          <NextDaysList of={data} />
        </>
      )}
    </Card>
  );
}
