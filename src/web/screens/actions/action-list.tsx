import { Button, Checkbox, Group, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActionStateView, ActionView } from '#core/api/actions.ts';
import { useLanguage } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { Chip } from '../../ui/chip.tsx';
import { formatDay } from '../../ui/format.ts';
import { useWords } from '../../ui/words.ts';
import { isApprovable } from './narrowing.ts';

/** The list and what a row can do. */
export type ActionListProps = {
  readonly rows: readonly ActionView[];
  readonly tab: ActionStateView;
  readonly current: string | null;
  readonly selected: ReadonlySet<string>;
  readonly selectable: boolean;
  readonly toggle: (id: string) => void;
  readonly toggleAll: () => void;
  readonly open: (id: string) => void;
  readonly resolve: (id: string, arrived: boolean) => void;
};

/** Documents named in a row; the others are counted. */
const DOCUMENTS_SHOWN = 2;

function Parked({ row, resolve }: { readonly row: ActionView; readonly resolve: ActionListProps['resolve'] }): ReactElement {
  const { t } = useTranslation();
  return (
    <Group gap="xs" mt={6}>
      <Button size="compact-sm" onClick={() => resolve(row.id, true)} aria-label={`${t('actions.arrived')} : ${row.customerName}`}>{t('actions.arrived')}</Button>
      <Button size="compact-sm" variant="default" onClick={() => resolve(row.id, false)} aria-label={`${t('actions.notArrived')} : ${row.customerName}`}>{t('actions.notArrived')}</Button>
    </Group>
  );
}

/** What a row is beside a reminder, and who of two approved it. */
function Marks({ row }: { readonly row: ActionView }): ReactElement | null {
  const { t } = useTranslation();
  const waits = row.state === 'proposed' && row.approvalsNeeded === 2;
  if (row.purpose === 'dunning' && !row.task && !row.test && !waits) return null;
  return (
    <Group gap={6} mt={4}>
      {row.purpose === 'dunning' ? null : <Chip tone={row.purpose === 'thankYou' ? 'green' : 'grey'}>{t(`actions.purposes.${row.purpose}`)}</Chip>}
      {row.task ? <Chip tone="blue">{t('actions.task.chip')}</Chip> : null}
      {row.test ? <Chip tone="violet">{t('actions.testChip')}</Chip> : null}
      {waits ? <Text size="xs" c="#3b2574">{row.approvedOnceBy === null ? t('actions.twoNeeded') : row.approvedOnceByMe ? t('actions.onceByMe') : t('actions.onceBy', { name: row.approvedOnceBy })}</Text> : null}
    </Group>
  );
}

function Row({ row, list }: { readonly row: ActionView; readonly list: ActionListProps }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const more = row.documents.length - DOCUMENTS_SHOWN;
  const ended = words.ended(row.stateReason);
  const here = list.current === row.id;
  return (
    <Table.Tr className={here ? 'row-link row-current' : 'row-link'} {...(here ? { 'aria-current': true as const } : {})} onClick={() => list.open(row.id)}>
      {list.selectable ? (
        <Table.Td w={44} onClick={(event) => event.stopPropagation()}>
          {isApprovable(row) ? <Checkbox aria-label={t('actions.select', { customer: row.customerName })} checked={list.selected.has(row.id)} onChange={() => list.toggle(row.id)} /> : null}
        </Table.Td>
      ) : null}
      <Table.Td>
        <UnstyledButton data-row={row.id} fw={550} display="block" style={{ textAlign: 'left' }} onClick={(event) => { event.stopPropagation(); list.open(row.id); }}>{row.customerName}</UnstyledButton>
        <Text size="xs" c="dimmed" lineClamp={1}>{row.documents.slice(0, DOCUMENTS_SHOWN).join(', ')}{more > 0 ? ` +${more}` : ''}</Text>
        {ended === '' || list.tab === 'proposed' ? null : <Text size="xs" c="#7a4100" lineClamp={2}>{ended}</Text>}
        <Marks row={row} />
        {list.tab === 'unknown' ? <Parked row={row} resolve={list.resolve} /> : null}
      </Table.Td>
      <Table.Td visibleFrom="xs">
        <Stack gap={3} align="flex-start">
          <Text size="sm">{words.channel(row.channel)}</Text>
          {row.formalNotice ? <Chip tone="red">{t('actions.formalNotice')}</Chip> : <Text size="xs" c="dimmed" className="number">{t('actions.stepShort', { step: row.step })}</Text>}
          {row.firmer ? <Chip tone="amber">{t('actions.firmer')}</Chip> : null}
        </Stack>
      </Table.Td>
      <Table.Td visibleFrom="xl" className="number"><Text size="sm">{formatDay(row.sentOn ?? row.today, language, 'numeric')}</Text></Table.Td>
      <Table.Td ta="right"><Amount amount={row.total} currency={row.currency} fw={600} /></Table.Td>
    </Table.Tr>
  );
}

/** Actions as a table; the current one is marked and follows the keyboard. */
export function ActionList(list: ActionListProps): ReactElement {
  const { t } = useTranslation();
  const rows = list.rows.filter(isApprovable);
  const chosen = rows.filter((row) => list.selected.has(row.id)).length;
  return (
    <Table verticalSpacing="sm" horizontalSpacing="md">
      <Table.Caption className="visually-hidden">{t('actions.list')}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          {list.selectable ? (
            <Table.Th w={44} scope="col"><Checkbox aria-label={t('actions.selectAll')} checked={chosen > 0 && chosen === rows.length} indeterminate={chosen > 0 && chosen < rows.length} onChange={list.toggleAll} /></Table.Th>
          ) : null}
          <Table.Th scope="col">{t('actions.customer')}</Table.Th><Table.Th scope="col" visibleFrom="xs">{t('actions.channel')}</Table.Th>
          <Table.Th scope="col" visibleFrom="xl">{t('actions.on')}</Table.Th><Table.Th scope="col" ta="right">{t('actions.amount')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{list.rows.map((row) => <Row key={row.id} row={row} list={list} />)}</Table.Tbody>
    </Table>
  );
}
