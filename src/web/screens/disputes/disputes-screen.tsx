import { Autocomplete, Button, Group, SegmentedControl, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useHolds } from '../../api/holds.ts';
import { ButtonTo } from '../../ui/links.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { useRowKeys } from '../../ui/use-row-keys.ts';
import { useOwners } from '../holds/dispute-form.tsx';
import { HoldDrawer } from '../holds/hold-drawer.tsx';
import { ReasonSelect } from '../holds/reason-select.tsx';
import { Totals } from '../holds/totals.tsx';
import { DisputeList } from './dispute-list.tsx';
import { DisputePane } from './dispute-pane.tsx';
import { DisputeStatistics } from './dispute-statistics.tsx';
import { GROUPINGS } from './grouping.ts';
import type { Grouping } from './grouping.ts';

/** Which disputes are shown. */
const SHOWN = ['open', 'mine', 'late', 'nobody', 'all'] as const;

const ASKED: Readonly<Record<(typeof SHOWN)[number], Readonly<Record<string, string>>>> = {
  open: {}, mine: { mine: 'true' }, late: { late: 'true' }, nobody: { withoutOwner: 'true' }, all: { all: 'true' },
};

/** A name is asked for when the typing pauses. */
const TYPING_MS = 250;

/** Disputes: whose they are, how old, how much; one of them whole; what they are about in all. */
export function DisputesScreen(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id = null } = useSearch({ from: '/disputes' });
  const owners = useOwners();
  const [show, setShow] = useState<(typeof SHOWN)[number]>('open');
  const [reason, setReason] = useState<string | null>(null);
  const [owner, setOwner] = useState('');
  const [by, setBy] = useState<Grouping>('none');
  const [settled] = useDebouncedValue(owner.trim(), TYPING_MS);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useHolds({ kind: 'dispute', oldestFirst: 'true', ...ASKED[show], reason, owner: settled });
  const rows = data?.pages.flatMap((page) => page.rows) ?? [];
  const open = (chosen: string | null): void => void navigate({ to: '/disputes', search: chosen === null ? {} : { id: chosen } });
  const narrowed = show !== 'open' || reason !== null || settled !== '';
  const clear = (): void => { setShow('open'); setReason(null); setOwner(''); };
  useRowKeys(rows.map((row) => row.id), id !== null);
  const choose = (what: 'reason' | 'owner', key: string): void => {
    setShow('open');
    setReason(what === 'reason' ? key : null);
    setOwner(what === 'owner' ? key : '');
    globalThis.scrollTo(0, 0);
  };
  const list = rows.length > 0 ? <DisputeList rows={rows} by={by} current={id} open={open} />
    : narrowed ? <EmptyState icon="search" title={t('disputes.noMatch')}><Button variant="light" onClick={clear}>{t('disputes.clear')}</Button></EmptyState>
      : <EmptyState icon="check" title={t('disputes.none')} text={t('disputes.noneText')}><ButtonTo to="/customers">{t('disputes.toCustomers')}</ButtonTo></EmptyState>;
  return (
    <Page title={t('disputes.title')}>
      {rows.length === 0 ? null : <Card><Totals of={data?.pages[0]?.totals ?? []} /></Card>}
      <div style={{ overflowX: 'auto' }} tabIndex={-1}>
        <SegmentedControl aria-label={t('disputes.show')} value={show} onChange={(value) => setShow(SHOWN.find((one) => one === value) ?? 'open')} data={SHOWN.map((value) => ({ value, label: t(`disputes.shown.${value}`) }))} />
      </div>
      <Group gap="sm" align="flex-end">
        <ReasonSelect style={{ flex: '1 1 200px' }} aria-label={t('disputes.anyReason')} placeholder={t('disputes.anyReason')} clearable value={reason} onChange={setReason} />
        <Autocomplete style={{ flex: '1 1 200px' }} aria-label={t('disputes.anyOwner')} placeholder={t('disputes.anyOwner')} data={owners} value={owner} onChange={setOwner} />
        <Select style={{ flex: '0 1 210px' }} aria-label={t('disputes.groupBy')} allowDeselect={false} value={by} onChange={(value) => setBy(GROUPINGS.find((one) => one === value) ?? 'none')} data={GROUPINGS.map((value) => ({ value, label: t(`disputes.groups.${value}`) }))} />
      </Group>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      <section className="card card-flush">{data === undefined && error === null ? <Loading rows={6} /> : list}</section>
      {hasNextPage ? <Group justify="center"><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('frame.more')}</Button></Group> : null}
      <DisputeStatistics choose={choose} />
      <HoldDrawer id={id} title={t('disputes.one')} close={() => open(null)} pane={DisputePane} />
    </Page>
  );
}
