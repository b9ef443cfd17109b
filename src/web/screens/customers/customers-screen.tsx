import { Button, Group, SegmentedControl, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { CUSTOMER_FILTERS, CUSTOMER_SORTS } from '#core/api/customers.ts';
import type { CustomerRowView, CustomerSort } from '#core/api/customers.ts';
import { useCustomers } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { Chip } from '../../ui/chip.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { ButtonTo, LinkTo } from '../../ui/links.tsx';

/** A search is asked for when the typing pauses. */
const TYPING_MS = 250;

function Amounts({ row, pick }: { readonly row: CustomerRowView; readonly pick: 'balance' | 'overdue' }): ReactElement {
  const shown = row.sums.filter((sums) => pick === 'balance' || Number(sums[pick]) !== 0);
  if (shown.length === 0) return <Text c="dimmed" component="span">—</Text>;
  return <Stack gap={0} align="flex-end">{shown.map((sums) => <Amount key={sums.currency} amount={sums[pick]} currency={sums.currency} {...(pick === 'overdue' ? { fw: 600, c: '#a83d0c' } : {})} />)}</Stack>;
}

function CustomerLine({ row }: { readonly row: CustomerRowView }): ReactElement {
  const { t } = useTranslation();
  const late = Math.max(0, ...row.sums.map((sums) => sums.daysLate));
  return (
    <Table.Tr>
      <Table.Td style={{ minWidth: 0 }}>
        <LinkTo to="/customers/$id" params={{ id: row.id }} fw={550}>{row.name}</LinkTo>
        <Group gap={6} mt={2}>
          <Text size="xs" c="dimmed">{row.code}</Text>
          {row.hasEmail ? null : <Chip tone="amber">{t('customers.noEmail')}</Chip>}
          {row.held ? <Chip tone="violet">{t('customers.held')}</Chip> : null}
        </Group>
      </Table.Td>
      <Table.Td ta="right"><Amounts row={row} pick="overdue" /></Table.Td>
      <Table.Td ta="right" visibleFrom="sm" className="number">{late === 0 ? <Text c="dimmed" component="span">—</Text> : t('customers.daysLate', { count: late })}</Table.Td>
      <Table.Td ta="right" visibleFrom="xs"><Amounts row={row} pick="balance" /></Table.Td>
    </Table.Tr>
  );
}

/** Who owes, how much, since when. */
export function CustomersScreen(): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const navigate = useNavigate();
  const { filter = 'all' } = useSearch({ from: '/customers' });
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), TYPING_MS);
  const [sort, setSort] = useState<CustomerSort>('overdue');
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useCustomers({ search: settled, sort, filter });
  const rows = data?.pages.flatMap((page) => page.rows) ?? [];
  const total = data?.pages[0]?.total ?? 0;
  const nothingAtAll = rows.length === 0 && settled === '' && filter === 'all';
  const table = rows.length === 0 ? (
    nothingAtAll
      ? <EmptyState icon="customers" title={t('customers.emptyTitle')} text={t('customers.emptyText')}><ButtonTo to="/import">{t('customers.toImport')}</ButtonTo></EmptyState>
      : <EmptyState icon="search" title={t('customers.none')} text={t('customers.noneText')} />
  ) : (
    <Table verticalSpacing="sm" horizontalSpacing="lg" highlightOnHover>
      <Table.Caption className="visually-hidden">{t('customers.title')}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('customers.customer')}</Table.Th><Table.Th scope="col" ta="right">{t('customers.overdue')}</Table.Th>
          <Table.Th scope="col" ta="right" visibleFrom="sm">{t('customers.late')}</Table.Th><Table.Th scope="col" ta="right" visibleFrom="xs">{t('customers.balance')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{rows.map((row) => <CustomerLine key={row.id} row={row} />)}</Table.Tbody>
    </Table>
  );
  return (
    <Page title={t('customers.title')} subtitle={<span aria-live="polite">{data === undefined ? '' : t('customers.count', { count: total, formatted: formatCount(total, language) })}</span>}>
      <Group gap="md" align="flex-end">
        <TextInput style={{ flex: '1 1 280px' }} aria-label={t('customers.search')} placeholder={t('customers.search')} leftSection={<Icon name="search" size={17} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        <Select w={210} aria-label={t('customers.sortLabel')} allowDeselect={false} value={sort} onChange={(value) => setSort(CUSTOMER_SORTS.find((one) => one === value) ?? 'overdue')} data={CUSTOMER_SORTS.map((value) => ({ value, label: t(`customers.sort.${value}`) }))} />
      </Group>
      <div style={{ overflowX: 'auto' }} tabIndex={-1}>
        <SegmentedControl aria-label={t('customers.filterLabel')} value={filter} onChange={(value) => void navigate({ to: '/customers', search: { filter: CUSTOMER_FILTERS.find((one) => one === value) ?? 'all' }, replace: true })} data={CUSTOMER_FILTERS.map((value) => ({ value, label: t(`customers.filter.${value}`) }))} />
      </div>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      <section className="card card-flush">{data === undefined && error === null ? <Loading rows={8} /> : table}</section>
      {hasNextPage ? <Group justify="center"><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('frame.more')}</Button></Group> : null}
    </Page>
  );
}
