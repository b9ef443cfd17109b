import { Table, Text, UnstyledButton } from '@mantine/core';
import { Fragment } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldSummary } from '#core/api/holds.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatDay } from '../../ui/format.ts';
import { toneOfHold, useHoldWords } from '../holds/hold-words.ts';
import { grouped } from './grouping.ts';
import type { Grouping } from './grouping.ts';

/** Columns of the table, for the lines that name a group. */
const COLUMNS = 6;

type ListProps = { readonly rows: readonly HoldSummary[]; readonly by: Grouping; readonly current: string | null; readonly open: (id: string) => void };

function Deadline({ row }: { readonly row: HoldSummary }): ReactElement | null {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  if (row.state !== 'open') return <Chip tone={toneOfHold(row.state)}>{say(row.stateText)}</Chip>;
  const deadline = row.dispute?.deadline ?? null;
  if (deadline === null) return null;
  const day = formatDay(deadline, language, 'numeric');
  return row.dispute?.late === true ? <Chip tone="red">{t('disputes.lateSince', { day })}</Chip> : <Text size="sm" className="number">{day}</Text>;
}

function Row({ row, current, open }: { readonly row: HoldSummary } & Pick<ListProps, 'current' | 'open'>): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const words = useHoldWords();
  const owner = row.dispute?.ownerName ?? row.dispute?.ownerEmail ?? null;
  return (
    <Table.Tr className={current === row.id ? 'row-link row-current' : 'row-link'} onClick={() => open(row.id)}>
      <Table.Td>
        <UnstyledButton data-row={row.id} fw={550} display="block" style={{ textAlign: 'left' }} onClick={(event) => { event.stopPropagation(); open(row.id); }}>{row.customerName}</UnstyledButton>
        <Text size="xs" c="dimmed">{words.about(row)}</Text>
        <Text size="xs" hiddenFrom="sm">{row.reasonText === null ? null : say(row.reasonText)}</Text>
        <Text size="xs" hiddenFrom="sm" c={owner === null ? '#7a4100' : 'dimmed'}>{owner ?? t('holds.nobody')}</Text>
        <Text component="div" hiddenFrom="sm" mt={4}><Deadline row={row} /></Text>
      </Table.Td>
      <Table.Td visibleFrom="sm"><Text size="sm">{row.reasonText === null ? '' : say(row.reasonText)}</Text></Table.Td>
      <Table.Td visibleFrom="sm"><Text size="sm" {...(owner === null ? { c: '#7a4100' } : {})}>{owner ?? t('holds.nobody')}</Text></Table.Td>
      <Table.Td visibleFrom="sm"><Deadline row={row} /></Table.Td>
      <Table.Td ta="right" visibleFrom="xs" className="number">{t('disputes.age', { count: row.ageDays })}</Table.Td>
      <Table.Td ta="right"><Text component="span" className="number" fw={600}>{words.amount(row) ?? '—'}</Text></Table.Td>
    </Table.Tr>
  );
}

/** Disputes as a table, by owner or by age when asked so. */
export function DisputeList({ rows, by, current, open }: ListProps): ReactElement {
  const { t } = useTranslation();
  const nameOf = (key: string): string => (by === 'age' ? t('disputes.ageGroup', { days: key }) : key === '' ? t('holds.nobody') : key);
  return (
    <Table verticalSpacing="sm" horizontalSpacing="md">
      <Table.Caption className="visually-hidden">{t('disputes.title')}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('disputes.customer')}</Table.Th><Table.Th scope="col" visibleFrom="sm">{t('disputes.reason')}</Table.Th><Table.Th scope="col" visibleFrom="sm">{t('disputes.owner')}</Table.Th>
          <Table.Th scope="col" visibleFrom="sm">{t('disputes.deadline')}</Table.Th><Table.Th scope="col" ta="right" visibleFrom="xs">{t('disputes.ageColumn')}</Table.Th><Table.Th scope="col" ta="right">{t('disputes.amount')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {grouped(rows, by).map((group) => (
          <Fragment key={group.key}>
            {by === 'none' ? null : <Table.Tr style={{ background: '#f4f7f6' }}><Table.Th colSpan={COLUMNS} scope="colgroup">{nameOf(group.key)} <Text component="span" size="sm" c="dimmed">{t('holds.count', { count: group.rows.length })}</Text></Table.Th></Table.Tr>}
            {group.rows.map((row) => <Row key={row.id} row={row} current={current} open={open} />)}
          </Fragment>
        ))}
      </Table.Tbody>
    </Table>
  );
}
