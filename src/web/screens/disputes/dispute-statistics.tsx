import { Anchor, Progress, SegmentedControl, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { DisputeStatistics as Statistics } from '#core/api/holds.ts';
import { useDisputeStatistics } from '../../api/holds.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatDay, formatDecimal, formatMoney } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';

const BY = ['reason', 'owner', 'age'] as const satisfies readonly Statistics['by'][];

type Choosing = { readonly choose: (by: 'reason' | 'owner', key: string) => void };

function Row({ row, by, most, choose }: { readonly row: Statistics['rows'][number]; readonly by: Statistics['by']; readonly most: number } & Choosing): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const name = say(row.name);
  const money = (amount: string): string => (row.currency === null ? '—' : formatMoney(amount, row.currency, language));
  const share = most === 0 ? 0 : ((row.open + row.ended) / most) * 100;
  return (
    <Table.Tr>
      <Table.Td>
        {by === 'age' || row.open === 0 || row.key === '' ? <Text size="sm">{name}</Text> : <Anchor component="button" type="button" size="sm" ta="left" onClick={() => choose(by, row.key)} aria-label={t('disputes.filterBy', { name })}>{name}</Anchor>}
        <Progress value={share} size={5} mt={4} color="pine" aria-label={t('disputes.shareOf', { name })} />
      </Table.Td>
      <Table.Td ta="right" className="number">{row.open}{row.late > 0 ? <Text size="xs" c="#96190f">{t('disputes.ofWhichLate', { count: row.late })}</Text> : null}</Table.Td>
      <Table.Td ta="right" className="number">{money(row.openAmount)}</Table.Td>
      <Table.Td ta="right" className="number" visibleFrom="sm">{row.ended}</Table.Td>
      <Table.Td ta="right" className="number" visibleFrom="sm">{money(row.endedAmount)}</Table.Td>
      <Table.Td ta="right" className="number" visibleFrom="xs">{row.resolvedDays === null ? '—' : t('disputes.daysMean', { days: formatDecimal(String(row.resolvedDays), language) })}</Table.Td>
    </Table.Tr>
  );
}

/** What disputes are about, who settles them and how long it takes: counts and amounts by currency, over the last year. */
export function DisputeStatistics({ choose }: Choosing): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const [by, setBy] = useState<Statistics['by']>('reason');
  const { data, error, refetch } = useDisputeStatistics(by);
  const most = Math.max(0, ...(data?.rows ?? []).map((row) => row.open + row.ended));
  return (
    <Card flush title={t('disputes.statistics')} actions={<SegmentedControl size="xs" aria-label={t('disputes.statisticsBy')} value={by} onChange={(value) => setBy(BY.find((one) => one === value) ?? 'reason')} data={BY.map((value) => ({ value, label: t(`disputes.by.${value}`) }))} />}>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined ? error === null ? <Loading rows={4} /> : null : data.rows.length === 0 ? <Text size="sm" c="dimmed" p="md">{t('disputes.statisticsNone')}</Text> : (
        <>
          <Table verticalSpacing="xs" horizontalSpacing="md">
            <Table.Caption className="visually-hidden">{t('disputes.statistics')}</Table.Caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t(`disputes.by.${by}`)}</Table.Th><Table.Th scope="col" ta="right">{t('disputes.openCount')}</Table.Th><Table.Th scope="col" ta="right">{t('disputes.amount')}</Table.Th>
                <Table.Th scope="col" ta="right" visibleFrom="sm">{t('disputes.endedCount')}</Table.Th><Table.Th scope="col" ta="right" visibleFrom="sm">{t('disputes.amount')}</Table.Th><Table.Th scope="col" ta="right" visibleFrom="xs">{t('disputes.resolved')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>{data.rows.map((row) => <Row key={`${row.key}/${row.currency ?? ''}`} row={row} by={by} most={most} choose={choose} />)}</Table.Tbody>
          </Table>
          <Text size="xs" c="dimmed" p="md">{t('disputes.statisticsSince', { day: formatDay(data.since, language) })}</Text>
        </>
      )}
    </Card>
  );
}
