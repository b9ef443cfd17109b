import { SegmentedControl, Skeleton, Table } from '@mantine/core';
import { Suspense, lazy, useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CurrencyOverview } from '#core/api/overview.ts';
import { useLanguage } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { formatMoney } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';

const AgedChart = lazy(() => import('./aged-chart.tsx'));

const BUCKET_KEYS = ['notDue', '1-30', '31-60', '61-90', '91-120', '121+'] as const;

/** A share in whole percent, from decimal texts; for reading, not for reckoning. */
export function shareOf(part: string, whole: string, language: string): string {
  const total = Number(whole);
  const share = total === 0 ? 0 : Number(part) / total;
  return new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { style: 'percent', maximumFractionDigits: share > 0 && share < 0.01 ? 1 : 0 }).format(share);
}

function AgedTable({ of }: { readonly of: CurrencyOverview }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Table verticalSpacing="sm">
      <Table.Caption className="visually-hidden">{t('overview.agedTitle')}</Table.Caption>
      <Table.Thead>
        <Table.Tr><Table.Th scope="col">{t('overview.bucket')}</Table.Th><Table.Th scope="col" ta="right">{t('overview.amount')}</Table.Th><Table.Th scope="col" ta="right">{t('overview.share')}</Table.Th></Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {BUCKET_KEYS.map((key) => {
          const amount = of.buckets.find((bucket) => bucket.key === key)?.amount ?? '0';
          return (
            <Table.Tr key={key}>
              <Table.Th scope="row" fw={400}>{t(`frame.bucket.${key}`)}</Table.Th>
              <Table.Td ta="right"><Amount amount={amount} currency={of.currency} /></Table.Td>
              <Table.Td ta="right" className="number">{shareOf(amount, of.outstanding, language)}</Table.Td>
            </Table.Tr>
          );
        })}
        <Table.Tr fw={700}>
          <Table.Th scope="row">{t('overview.total')}</Table.Th><Table.Td ta="right"><Amount amount={of.outstanding} currency={of.currency} fw={700} /></Table.Td><Table.Td />
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}

/** The aged balance of one currency, drawn or as a table. */
export function AgedBalance({ of, picker }: { readonly of: CurrencyOverview; readonly picker: ReactElement | null }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const [view, setView] = useState('chart');
  const bars = BUCKET_KEYS.map((key) => {
    const amount = Number(of.buckets.find((bucket) => bucket.key === key)?.amount ?? 0);
    return { bucket: t(`frame.bucket.${key}`), due: key === 'notDue' ? amount : 0, late: key === 'notDue' ? 0 : amount };
  });
  const text = of.buckets.map((bucket, index) => `${bars[index]?.bucket ?? ''} ${formatMoney(bucket.amount, of.currency, language)}`).join(', ');
  const whole = new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { style: 'currency', currency: of.currency, maximumFractionDigits: 0 });
  const switcher = (
    <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
      {picker}
      <SegmentedControl size="xs" value={view} onChange={setView} aria-label={t('overview.agedTitle')} data={[{ value: 'chart', label: t('overview.chart') }, { value: 'table', label: t('overview.table') }]} />
    </div>
  );
  return (
    <Card title={t('overview.agedTitle')} actions={switcher}>
      {view === 'table' ? <AgedTable of={of} /> : (
        <Suspense fallback={<Skeleton height={260} />}>
          <AgedChart bars={bars} format={(value) => whole.format(value)} label={t('overview.chartLabel', { currency: of.currency, text })} names={{ due: t('frame.bucket.notDue'), late: t('overview.overdue') }} />
        </Suspense>
      )}
    </Card>
  );
}
