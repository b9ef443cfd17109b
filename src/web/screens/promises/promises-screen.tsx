import { Button, Group, SegmentedControl, Select } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useHolds } from '../../api/holds.ts';
import { ButtonTo } from '../../ui/links.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { useRowKeys } from '../../ui/use-row-keys.ts';
import { HoldDrawer } from '../holds/hold-drawer.tsx';
import { Totals } from '../holds/totals.tsx';
import { CommitmentList } from './commitment-list.tsx';
import { CommitmentPane } from './commitment-pane.tsx';

/** Which promises and plans are shown; a plan nobody agreed to yet is in force too, and suspends nothing. */
const SHOWN = ['open', 'proposed', 'late', 'failed', 'kept', 'all'] as const;

const ASKED: Readonly<Record<(typeof SHOWN)[number], Readonly<Record<string, string>>>> = {
  open: {}, proposed: { state: 'proposed' }, late: { state: 'late' }, failed: { all: 'true', state: 'partly,broken,defaulted' }, kept: { all: 'true', state: 'kept,completed' }, all: { all: 'true' },
};

const KINDS = ['promise,plan', 'promise', 'plan'] as const;
const KIND_WORDS = { 'promise,plan': 'both', promise: 'promise', plan: 'plan' } as const;

/** Promises and payment plans: kept, partly, broken, waited for. */
export function PromisesScreen(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id = null } = useSearch({ from: '/promises' });
  const [show, setShow] = useState<(typeof SHOWN)[number]>('open');
  const [kind, setKind] = useState<(typeof KINDS)[number]>('promise,plan');
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useHolds({ kind, ...ASKED[show] });
  const rows = data?.pages.flatMap((page) => page.rows) ?? [];
  const open = (chosen: string | null): void => void navigate({ to: '/promises', search: chosen === null ? {} : { id: chosen } });
  useRowKeys(rows.map((row) => row.id), id !== null);
  const narrowed = show !== 'open' || kind !== 'promise,plan';
  const clear = (): void => { setShow('open'); setKind('promise,plan'); };
  const list = rows.length > 0 ? <CommitmentList rows={rows} current={id} open={open} />
    : narrowed ? <EmptyState icon="search" title={t('promises.noMatch')}><Button variant="light" onClick={clear}>{t('promises.clear')}</Button></EmptyState>
      : <EmptyState icon="check" title={t('promises.none')} text={t('promises.noneText')}><ButtonTo to="/customers">{t('disputes.toCustomers')}</ButtonTo></EmptyState>;
  return (
    <Page title={t('promises.title')}>
      {rows.length === 0 ? null : <Card><Totals of={data?.pages[0]?.totals ?? []} /></Card>}
      <Group gap="sm" align="flex-end">
        <div style={{ overflowX: 'auto', maxWidth: '100%' }} tabIndex={-1}>
          <SegmentedControl aria-label={t('promises.show')} value={show} onChange={(value) => setShow(SHOWN.find((one) => one === value) ?? 'open')} data={SHOWN.map((value) => ({ value, label: t(`promises.shown.${value}`) }))} />
        </div>
        <Select w={210} aria-label={t('promises.kind')} allowDeselect={false} value={kind} onChange={(value) => setKind(KINDS.find((one) => one === value) ?? 'promise,plan')} data={KINDS.map((value) => ({ value, label: t(`promises.kinds.${KIND_WORDS[value]}`) }))} />
      </Group>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      <section className="card card-flush">{data === undefined && error === null ? <Loading rows={6} /> : list}</section>
      {hasNextPage ? <Group justify="center"><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('frame.more')}</Button></Group> : null}
      <HoldDrawer id={id} title={t('promises.one')} close={() => open(null)} pane={CommitmentPane} />
    </Page>
  );
}
