import { Button, Group, Progress, Select, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReplayBody, ReplayPage } from '#core/api/replay.ts';
import { change } from '../../api/client.ts';
import { useJob } from '../../api/jobs.ts';
import { useReplay } from '../../api/scenarios.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { formatCount, formatDay } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { ReplayResultView } from './replay-result.tsx';

const MONTHS = [3, 6, 12, 18, 24] as const;

/** The replay of a scenario: what to replay and on whom, how far it is, what it found beside what was done. Stands by itself in any page. */
export function ReplayTab({ code }: { readonly code: string }): ReactElement {
  const { data, error, refetch } = useReplay(code);
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  return data === undefined ? <Loading /> : <Replay key={data.code} page={data} />;
}

const hundred = (done: number, total: number): number => (total === 0 ? 0 : (done * 100) / total);

function Replay({ page }: { readonly page: ReplayPage }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const client = useQueryClient();
  const { code, history, last } = page;
  const refresh = useCallback(() => client.invalidateQueries({ queryKey: ['replay', code] }), [client, code]);
  const pathOf = useCallback((id: string) => `/api/scenarios/${code}/replay/${id}`, [code]);
  const { job, fault, running, start } = useJob<{ id: string }>(pathOf, () => void refresh());
  const known = page.running?.id ?? null;
  useEffect(() => {
    // One that was started before this page was opened, or by a colleague.
    if (known !== null) void start(() => Promise.resolve({ job: known }));
  }, [known, start]);
  const stop = async (): Promise<void> => {
    await change('DELETE', `/api/scenarios/${code}/replay`);
    await refresh();
  };
  const { done, total } = job?.progress ?? { done: 0, total: 0 };
  return (
    <Stack gap="lg">
      <Card><Order page={page} running={running} begin={(body) => void start(() => change('POST', `/api/scenarios/${code}/replay`, body))} /></Card>
      <div aria-live="polite" style={{ display: 'contents' }}>
        {running ? (
          <Card title={t('replay.running')} actions={<Button variant="default" size="xs" onClick={() => void stop()}>{t('replay.stop')}</Button>}>
            <Progress value={hundred(done, total)} aria-label={t('replay.running')} />
            <Text size="sm" mt="xs" className="number">{t('replay.progress', { done: formatCount(done, language), total: formatCount(total, language) })}</Text>
          </Card>
        ) : null}
        {job?.status === 'cancelled' ? <Text size="sm" c="dimmed">{t('replay.stopped')}</Text> : null}
      </div>
      {fault === null ? null : <FaultNote error={fault} />}
      {last === null && !running ? <Card><Empty page={page} /></Card> : null}
      {last === null ? null : <ReplayResultView last={last} />}
      <Text size="sm" c="dimmed">
        {history.knownSince === null ? null : `${t('replay.historyKnown', { days: formatCount(history.knownDays, language), since: formatDay(history.knownSince, language) })} `}
        {history.datedSince === null ? null : t('replay.historyDated', { days: formatCount(history.datedDays, language), since: formatDay(history.datedSince, language) })}
      </Text>
    </Stack>
  );
}

const enough = ({ history }: ReplayPage): boolean => history.knownDays >= history.daysMin;

/** Nothing was replayed yet: how to, or how much history is missing. */
function Empty({ page }: { readonly page: ReplayPage }): ReactElement {
  const { t } = useTranslation();
  const { knownDays: known, datedDays: dated, daysMin: min } = page.history;
  if (enough(page)) return <EmptyState icon="overview" title={t('replay.emptyTitle')} text={t('replay.emptyText')} />;
  return <EmptyState icon="overview" title={t('replay.shortTitle')} text={dated >= min ? t('replay.shortText', { known, dated, min }) : t('replay.noneText', { dated, min })} />;
}

/** What to replay, over how long, from which knowledge, on whom. */
function Order({ page, running, begin }: { readonly page: ReplayPage; readonly running: boolean; readonly begin: (body: ReplayBody) => void }): ReactElement {
  const { t } = useTranslation();
  const mayStart = useSession().organisation.role !== 'reader';
  const [what, setWhat] = useState(page.hasDraft ? 'draft' : String(page.version));
  const [months, setMonths] = useState('12');
  const [basis, setBasis] = useState<ReplayBody['basis']>(enough(page) ? 'known' : 'dated');
  const [population, setPopulation] = useState<ReplayBody['population']>('assigned');
  const versions = Array.from({ length: page.version }, (_, index) => String(page.version - index));
  const possible = (basis === 'known' ? page.history.knownDays : page.history.datedDays) >= page.history.daysMin;
  return (
    <Group align="flex-end" gap="md">
      <Select label={t('replay.what')} value={what} onChange={(value) => setWhat(value ?? what)} allowDeselect={false} w={150} disabled={running}
        data={[...(page.hasDraft ? [{ value: 'draft', label: t('replay.draft') }] : []), ...versions.map((version) => ({ value: version, label: t('replay.version', { version }) }))]} />
      <Select label={t('replay.months')} value={months} onChange={(value) => setMonths(value ?? months)} allowDeselect={false} w={120} disabled={running} data={MONTHS.map((count) => ({ value: String(count), label: t('replay.monthsCount', { count }) }))} />
      <Select label={t('replay.basis')} value={basis} onChange={(value) => setBasis(value === 'dated' ? 'dated' : 'known')} allowDeselect={false} w={330} maw="100%" disabled={running}
        data={[{ value: 'known', label: t('replay.basisKnown') }, { value: 'dated', label: t('replay.basisDated') }]} />
      <Select label={t('replay.population')} value={population} onChange={(value) => setPopulation(value === 'everybody' ? 'everybody' : 'assigned')} allowDeselect={false} w={240} disabled={running}
        data={[{ value: 'assigned', label: t('replay.assigned') }, { value: 'everybody', label: t('replay.everybody') }]} />
      <Button disabled={running || !mayStart || !possible} onClick={() => begin({ version: what === 'draft' ? null : Number(what), months: Number(months), basis, population })}>
        {page.last === null ? t('replay.start') : t('replay.again')}
      </Button>
    </Group>
  );
}
