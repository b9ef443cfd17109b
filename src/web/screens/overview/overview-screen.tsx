import { Alert, Grid, Group, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CurrencyOverview, Overview } from '#core/api/overview.ts';
import { useOverview } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { Chip } from '../../ui/chip.tsx';
import { formatDay, formatInstant, formatMoney } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { AgedBalance, shareOf } from './aged-balance.tsx';
import { SetupCard } from './setup-card.tsx';
import { TodayCard } from './today-card.tsx';
import { ButtonTo, LinkTo } from '../../ui/links.tsx';

function Figure({ label, value, hint, color }: { readonly label: string; readonly value: ReactNode; readonly hint: string; readonly color?: string }): ReactElement {
  return (
    <div className="card">
      <Text component="dt" size="sm" c="dimmed" fw={550}>{label}</Text>
      <dd style={{ margin: 0 }}>
        <div className="stat-value" style={color === undefined ? {} : { color }}>{value}</div>
        <Text size="xs" c="dimmed" mt={4}>{hint}</Text>
      </dd>
    </div>
  );
}

function Figures({ of }: { readonly of: CurrencyOverview }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const money = (amount: string): string => formatMoney(amount, of.currency, language);
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2, lg: 4 }} m={0}>
      <Figure label={t('overview.outstanding')} value={money(of.outstanding)} hint={t('overview.outstandingHint')} />
      <Figure label={t('overview.overdue')} value={money(of.overdue)} hint={t('overview.overdueHint', { share: shareOf(of.overdue, of.outstanding, language) })} {...(Number(of.overdue) > 0 ? { color: '#a83d0c' } : {})} />
      <Figure label={t('overview.credits')} value={money(of.credits)} hint={t('overview.creditsHint')} />
      <Figure label={t('overview.balance')} value={money(of.balance)} hint={t('overview.balanceHint')} />
    </SimpleGrid>
  );
}

function FreshnessCard({ of }: { readonly of: Overview }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const { importedOn, fileName, stale, limitDays } = of.ledger;
  return (
    <Card title={t('overview.freshTitle')} actions={<Chip tone={stale ? 'amber' : 'green'}>{stale ? t('overview.stale') : t('overview.fresh')}</Chip>}>
      <Stack gap="xs">
        <Text size="sm">{importedOn === null ? t('overview.neverImported') : t('overview.importedOn', { day: formatDay(importedOn, language) })}</Text>
        {fileName === null ? null : <Text size="sm" c="dimmed" className="truncate">{fileName}</Text>}
        {stale ? <Text size="sm">{t('overview.staleText', { limit: limitDays })}</Text> : null}
        <Group><ButtonTo to="/import" size="xs" variant={stale ? 'filled' : 'light'}>{t('overview.importNow')}</ButtonTo></Group>
      </Stack>
    </Card>
  );
}

function LargestCard({ of }: { readonly of: Overview }): ReactElement {
  const { t } = useTranslation();
  return (
    <Card title={t('overview.largestTitle')}>
      <Stack gap="sm">
        {of.largest.length === 0 ? <Text c="dimmed">{t('overview.noneLate')}</Text> : null}
        <Stack component="ol" className="plain-list" gap="sm">
          {of.largest.map((one) => (
            <Group component="li" key={one.id} justify="space-between" wrap="nowrap" gap="sm">
              <div style={{ minWidth: 0 }}>
                <LinkTo to="/customers/$id" params={{ id: one.id }} fw={550} className="truncate" display="block">{one.name}</LinkTo>
                <Text size="xs" c="dimmed">{t('overview.lateBy', { count: one.daysLate })}</Text>
              </div>
              <Amount amount={one.overdue} currency={one.currency} fw={600} />
            </Group>
          ))}
        </Stack>
        {of.largest.length === 0 ? null : <LinkTo to="/customers" search={{ filter: 'overdue' }} size="sm">{t('overview.seeAll')}</LinkTo>}
      </Stack>
    </Card>
  );
}

/** Where the money stands and what waits for a person. */
export function OverviewScreen(): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data, error, refetch } = useOverview();
  const [currency, setCurrency] = useState<string | null>(null);
  if (error !== null && data === undefined) return <Page title={t('overview.title')}><FaultNote error={error} retry={() => void refetch()} /></Page>;
  if (data === undefined) return <Page title={t('overview.title')}><Loading rows={8} /></Page>;
  const shown = data.currencies.find((one) => one.currency === currency) ?? data.currencies[0];
  const picker = data.currencies.length < 2 ? null : (
    <Select size="xs" w={90} aria-label={t('overview.currency')} data={data.currencies.map((one) => one.currency)} value={shown?.currency ?? null} onChange={setCurrency} allowDeselect={false} />
  );
  return (
    <Page title={t('overview.title')} subtitle={t('overview.on', { day: formatDay(data.today, language, 'long') })}>
      {data.halt === null ? null : <Alert color="red" variant="light" role="alert" icon={<Icon name="pause" />} styles={{ message: { color: '#7a1410' } }}>{t(`overview.halt.${data.halt.cause}`, { day: formatInstant(data.halt.openedAt, language), mails: data.halt.mails, bounces: data.halt.bounces, complaints: data.halt.complaints })} <LinkTo to="/settings" search={{ tab: 'sending' }} c="#7a1410" fw={600}>{t('overview.haltGo')}</LinkTo></Alert>}
      {data.webhooksOff === 0 ? null : <Alert color="red" variant="light" icon={<Icon name="alert" />} styles={{ message: { color: '#7a1410' } }}>{t('webhooks.notice', { count: data.webhooksOff })} <LinkTo to="/settings" search={{ tab: 'webhooks' }} c="#7a1410" fw={600}>{t('webhooks.noticeGo')}</LinkTo></Alert>}
      {shown === undefined ? null : <Figures of={shown} />}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            <TodayCard of={data} />
            {shown === undefined ? null : <AgedBalance of={shown} picker={picker} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg"><SetupCard of={data} /><FreshnessCard of={data} /><LargestCard of={data} /></Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
