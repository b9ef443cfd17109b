import { Progress, Table, Text, UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldSummary } from '#core/api/holds.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { readAmount } from '../../ui/typed-amount.ts';
import { toneOfHold, useHoldWords } from '../holds/hold-words.ts';

/** Hundredths of a promise or a plan that came in, for the bar: the amounts beside it say it exactly. */
function shareOf({ amount, received, currency }: HoldSummary): number {
  const wanted = currency === null ? null : readAmount(amount ?? '', currency);
  const here = currency === null ? null : readAmount(received ?? '', currency);
  return wanted === null || here === null || wanted <= 0n ? 0 : Number((here * 100n) / wanted);
}

function When({ row }: { readonly row: HoldSummary }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const next = row.kind === 'plan' ? (row.plan?.nextDueOn ?? null) : row.until;
  if (row.endedOn !== null) return <Text size="sm">{t('promises.since', { day: formatDay(row.stateOn ?? row.endedOn, language) })}</Text>;
  if (next === null) return <Text size="sm" c="dimmed">—</Text>;
  const amount = row.kind !== 'plan' || row.plan === null || row.plan.nextAmount === null || row.currency === null ? null : formatMoney(row.plan.nextAmount, row.currency, language);
  return <><Text size="sm" className="number">{formatDay(next, language)}</Text>{amount === null ? null : <Text size="xs" c="dimmed" className="number">{amount}</Text>}<Text size="xs" c="dimmed">{t('promises.grace', { count: row.graceDays })}</Text></>;
}

function Row({ row, current, open }: { readonly row: HoldSummary; readonly current: string | null; readonly open: (id: string) => void }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const language = useLanguage();
  const words = useHoldWords();
  const share = shareOf(row);
  return (
    <Table.Tr className={current === row.id ? 'row-link row-current' : 'row-link'} onClick={() => open(row.id)}>
      <Table.Td>
        <UnstyledButton data-row={row.id} fw={550} display="block" style={{ textAlign: 'left' }} onClick={(event) => { event.stopPropagation(); open(row.id); }}>{row.customerName}</UnstyledButton>
        <Text size="xs" c="dimmed">{t(`holds.kinds.${row.kind}`)} · {words.about(row)}</Text>
        <Text component="div" hiddenFrom="sm" mt={4}><Chip tone={toneOfHold(row.state)}>{say(row.stateText)}</Chip></Text>
        <Text component="div" hiddenFrom="xs"><When row={row} /></Text>
      </Table.Td>
      <Table.Td visibleFrom="sm"><Chip tone={toneOfHold(row.state)}>{say(row.stateText)}</Chip></Table.Td>
      <Table.Td visibleFrom="xs"><When row={row} /></Table.Td>
      <Table.Td ta="right">
        <Text className="number" fw={600}>{words.amount(row) ?? '—'}</Text>
        {row.received === null || row.currency === null ? null : <Text size="xs" c="dimmed" className="number">{t('promises.received', { amount: formatMoney(row.received, row.currency, language) })}</Text>}
        {row.amount === null ? null : <Progress value={share} size={5} mt={4} color="pine" aria-label={t('promises.share', { name: row.customerName, share })} />}
      </Table.Td>
    </Table.Tr>
  );
}

/** Promises and plans with where each stands and what comes next. */
export function CommitmentList({ rows, current, open }: { readonly rows: readonly HoldSummary[]; readonly current: string | null; readonly open: (id: string) => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Table verticalSpacing="sm" horizontalSpacing="md">
      <Table.Caption className="visually-hidden">{t('promises.title')}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('promises.customer')}</Table.Th><Table.Th scope="col" visibleFrom="sm">{t('promises.state')}</Table.Th><Table.Th scope="col" visibleFrom="xs">{t('promises.when')}</Table.Th>
          <Table.Th scope="col" ta="right">{t('promises.amount')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{rows.map((row) => <Row key={row.id} row={row} current={current} open={open} />)}</Table.Tbody>
    </Table>
  );
}
