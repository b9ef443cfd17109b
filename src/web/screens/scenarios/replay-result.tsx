import { Alert, SegmentedControl, SimpleGrid, Skeleton, Stack, Table, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReplayView } from '#core/api/replay.ts';
import type { ByChannel, ReplayResult, Workload } from '#core/dunning/replay-tally.ts';
import { CHANNELS } from '#core/dunning/scenario.ts';
import { useLanguage } from '../../language/language.ts';
import { formatCount, formatDay, formatInstant } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { Card } from '../../ui/page.tsx';
import { useWords } from '../../ui/words.ts';

const ReplayChart = lazy(() => import('./replay-chart.tsx'));
const KINDS = ['messages', 'approvals', 'letters', 'tasks'] as const;
/** A replay that covers so many days fewer than asked says so. */
const DAYS_OF_MONTH = 30;

/** What a replay found, beside what was done in the same months. */
export function ReplayResultView({ last }: { readonly last: ReplayView }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const { result, stale } = last;
  const count = (value: number): string => formatCount(value, language);
  const covered = Math.round((Date.parse(result.until) - Date.parse(result.from)) / 86_400_000) + 1;
  const what = t('replay.of', {
    what: last.version === null ? t('replay.draft') : t('replay.version', { version: last.version }), basis: last.basis === 'known' ? t('replay.basisKnown') : t('replay.basisDated'),
    population: last.population === 'everybody' ? t('replay.everybody') : t('replay.assigned'),
  });
  const nothingDone = result.months.every(({ done }) => sumOf(done) === 0);
  return (
    <Stack gap="lg">
      {stale ? <Alert color="yellow" variant="light" icon={<Icon name="alert" />} styles={{ message: { color: '#5c3a00' } }}>{t('replay.stale')}</Alert> : null}
      <Card title={t('replay.period', { from: formatDay(result.from, language), until: formatDay(result.until, language) })}>
        <Text size="sm" c="dimmed" mb="md">{`${what} · ${t('replay.by', { at: formatInstant(last.endedAt, language), by: last.by })}`}</Text>
        {covered < (last.months - 1) * DAYS_OF_MONTH ? <Text size="sm" mb="md">{t('replay.partial', { days: count(covered), months: last.months })}</Text> : null}
        <SimpleGrid cols={{ base: 2, sm: 4 }}>
          <Stat label={t('replay.customers')} value={count(result.customers)} />
          <Stat label={t('replay.chased')} value={count(result.chased.replayed)} note={t('replay.wasDone', { count: result.chased.done })} />
          <Stat label={t('replay.formal')} value={count(result.formalNotices.replayed)} note={t('replay.wasDone', { count: result.formalNotices.done })} />
          <Stat label={t('replay.self')} value={count(result.selfPaying.customers)} note={t('replay.selfText', { messages: count(result.selfPaying.messages), days: result.selfPaying.days })} />
        </SimpleGrid>
        {result.unreachable === 0 ? null : <Text size="sm" mt="md">{t('replay.unreachable', { count: result.unreachable })}</Text>}
        {nothingDone ? <Text size="sm" c="dimmed" mt="md">{t('replay.nothingDone')}</Text> : null}
      </Card>
      <Months result={result} />
      <Weeks result={result} />
      <Card title={t('replay.limitsTitle')}><Text size="sm">{t('replay.limits')}</Text></Card>
    </Stack>
  );
}

function Stat({ label, value, note }: { readonly label: string; readonly value: string; readonly note?: string }): ReactElement {
  return (
    <div>
      <Text size="sm" c="dimmed">{label}</Text>
      <Text className="stat-value">{value}</Text>
      {note === undefined ? null : <Text size="sm" c="dimmed">{note}</Text>}
    </div>
  );
}

const sumOf = (counts: ByChannel): number => Object.values(counts).reduce((sum, one) => sum + one, 0);

/** "janv. 2026" of "2026-01". */
const monthName = (month: string, language: string): string => new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month}-15T12:00:00Z`));

function Months({ result }: { readonly result: ReplayResult }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const [view, setView] = useState('chart');
  const bars = result.months.map(({ month, replayed, done }) => ({ month: monthName(month, language), replayed: sumOf(replayed), done: sumOf(done) }));
  const text = bars.map(({ month, replayed, done }) => `${month} ${replayed} / ${done}`).join(', ');
  const switcher = <SegmentedControl size="xs" value={view} onChange={setView} aria-label={t('replay.byMonth')} data={[{ value: 'chart', label: t('replay.chart') }, { value: 'table', label: t('replay.table') }]} />;
  return (
    <Card title={t('replay.byMonth')} actions={switcher}>
      {view === 'table' ? <MonthsTable result={result} /> : (
        <Suspense fallback={<Skeleton height={240} />}><ReplayChart bars={bars} label={t('replay.chartLabel', { text })} names={{ replayed: t('replay.replayed'), done: t('replay.done') }} /></Suspense>
      )}
    </Card>
  );
}

function MonthsTable({ result }: { readonly result: ReplayResult }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const used = CHANNELS.filter((channel) => result.months.some(({ replayed, done }) => (replayed[channel] ?? 0) + (done[channel] ?? 0) > 0));
  const total = (read: (month: ReplayResult['months'][number]) => number): string => formatCount(result.months.reduce((sum, month) => sum + read(month), 0), language);
  return (
    <Table.ScrollContainer minWidth={240 + used.length * 150} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': t('replay.byMonth') } }}>
      <Table verticalSpacing="xs">
        <Table.Caption className="visually-hidden">{t('replay.byMonth')}</Table.Caption>
        <Table.Thead>
          <Table.Tr><Table.Th rowSpan={2} scope="col">{t('replay.month')}</Table.Th>{used.map((channel) => <Table.Th key={channel} colSpan={2} scope="colgroup" ta="center">{words.channel(channel)}</Table.Th>)}</Table.Tr>
          <Table.Tr>{used.flatMap((channel) => (['replayed', 'done'] as const).map((kind) => <Table.Th key={`${channel}-${kind}`} scope="col" ta="right" fw={400}>{t(`replay.${kind}`)}</Table.Th>))}</Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {result.months.map((month) => (
            <Table.Tr key={month.month}>
              <Table.Th scope="row" fw={400} style={{ whiteSpace: 'nowrap' }}>{monthName(month.month, language)}</Table.Th>
              {used.flatMap((channel) => (['replayed', 'done'] as const).map((kind) => <Table.Td key={`${channel}-${kind}`} ta="right" className="number">{formatCount(month[kind][channel] ?? 0, language)}</Table.Td>))}
            </Table.Tr>
          ))}
          <Table.Tr fw={700}>
            <Table.Th scope="row">{t('replay.total')}</Table.Th>
            {used.flatMap((channel) => (['replayed', 'done'] as const).map((kind) => <Table.Td key={`${channel}-${kind}`} ta="right" className="number">{total((month) => month[kind][channel] ?? 0)}</Table.Td>))}
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** What a week asks of people: its average and its worst, then every week. */
function Weeks({ result }: { readonly result: ReplayResult }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const [all, setAll] = useState(false);
  const { weeks } = result;
  const mean = (read: (week: ReplayResult['weeks'][number]) => number): string => formatCount(Math.round((weeks.reduce((sum, week) => sum + read(week), 0) * 10) / Math.max(1, weeks.length)) / 10, language);
  const most = (read: (week: ReplayResult['weeks'][number]) => number): string => formatCount(Math.max(0, ...weeks.map(read)), language);
  const row = (name: string, cell: (kind: keyof Workload, which: 'replayed' | 'done') => string): ReactElement => (
    <Table.Tr key={name}>
      <Table.Th scope="row" fw={400} style={{ whiteSpace: 'nowrap' }}>{name}</Table.Th>
      {KINDS.flatMap((kind) => (['replayed', 'done'] as const).map((which) => <Table.Td key={`${kind}-${which}`} ta="right" className="number">{cell(kind, which)}</Table.Td>))}
    </Table.Tr>
  );
  return (
    <Card title={t('replay.byWeek')} actions={<SegmentedControl size="xs" value={all ? 'all' : 'short'} onChange={(value) => setAll(value === 'all')} aria-label={t('replay.byWeek')} data={[{ value: 'short', label: t('replay.average') }, { value: 'all', label: t('replay.weeksOf', { count: weeks.length }) }]} />}>
      <Table.ScrollContainer minWidth={780} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': t('replay.byWeek') } }}>
        <Table verticalSpacing="xs">
          <Table.Caption className="visually-hidden">{t('replay.byWeek')}</Table.Caption>
          <Table.Thead>
            <Table.Tr><Table.Th rowSpan={2} scope="col">{all ? t('replay.week') : ''}</Table.Th>{KINDS.map((kind) => <Table.Th key={kind} colSpan={2} scope="colgroup" ta="center">{t(`replay.${kind}`)}</Table.Th>)}</Table.Tr>
            <Table.Tr>{KINDS.flatMap((kind) => (['replayed', 'done'] as const).map((which) => <Table.Th key={`${kind}-${which}`} scope="col" ta="right" fw={400}>{t(`replay.${which}`)}</Table.Th>))}</Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {all ? weeks.map((week) => row(formatDay(week.week, language), (kind, which) => formatCount(week[which][kind], language)))
              : [row(t('replay.average'), (kind, which) => mean((week) => week[which][kind])), row(t('replay.peak'), (kind, which) => most((week) => week[which][kind]))]}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}
