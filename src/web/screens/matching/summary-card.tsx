import { ActionIcon, Button, Group, Popover, Progress, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AutomaticResult, MatchingSummary } from '#core/api/matching.ts';
import { change } from '../../api/client.ts';
import { useJob } from '../../api/jobs.ts';
import { automaticPath, useMatchingSummary } from '../../api/matching.ts';
import { refreshWork, useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { formatDay, formatDecimal, formatMoney } from '../../ui/format.ts';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { decimalTenths, shareKept } from './measure.ts';

/** Places what is certain, in a job whose progress is shown and whose result is told. */
export function AutomaticButton(): ReactElement | null {
  const { t } = useTranslation();
  const session = useSession();
  const { running, job, fault, start } = useJob<AutomaticResult>(automaticPath, ({ applied, linked, left }) => {
    tell([
      t('matching.automaticDone', { count: applied }), ...(linked === 0 ? [] : [t('matching.automaticLinked', { count: linked })]), ...(left === 0 ? [] : [t('matching.automaticLeft', { count: left })]),
    ].join(' '));
    void refreshWork();
  });
  if (session.organisation.role === 'reader') return null;
  const progress = job?.progress ?? { done: 0, total: 0 };
  return (
    <Stack gap={6} align="flex-end">
      <Button loading={running} onClick={() => void start(() => change<{ job: string }>('POST', '/api/matching/automatic', {}))}>{t('matching.automatic')}</Button>
      <span className="visually-hidden" aria-live="polite">{running ? t('matching.automaticRunning') : ''}</span>
      {running && progress.total > 0 ? (
        <div style={{ width: 220 }}>
          <Progress value={(100 * progress.done) / progress.total} aria-label={t('matching.automaticRunning')} />
          <Text size="xs" c="dimmed" ta="right">{t('matching.automaticProgress', progress)}</Text>
        </div>
      ) : null}
      {fault === null ? null : <FaultNote error={fault} />}
    </Stack>
  );
}

function Measure({ of }: { readonly of: MatchingSummary['automatic'] }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const [told, tellHow] = useDisclosure();
  const kept = shareKept(of);
  const text = kept === null ? t('matching.measuredNone')
    : t('matching.measured', { applied: t('matching.applied', { count: of.applied }), undone: t('matching.undoneOf', { count: of.undone }), share: `${formatDecimal(decimalTenths(kept), language)} %` });
  return (
    <Group gap={6} wrap="nowrap" align="center">
      <Text size="sm">{text}{of.since === null || kept === null ? '' : `, ${t('matching.measuredSince', { day: formatDay(of.since.slice(0, 10), language) })}`}</Text>
      <Popover width={320} position="bottom-end" withArrow shadow="md" opened={told} onChange={tellHow.set}>
        <Popover.Target>
          <ActionIcon variant="subtle" size="sm" radius="xl" aria-label={t('matching.measureLabel')} onClick={tellHow.toggle} onBlur={tellHow.close} onKeyDown={(event) => { if (event.key === 'Escape') tellHow.close(); }}>?</ActionIcon>
        </Popover.Target>
        <Popover.Dropdown><Text size="sm">{kept === null ? t('matching.measureHelpNone') : t('matching.measureHelp')}</Text></Popover.Dropdown>
      </Popover>
    </Group>
  );
}

/** How much waits, and how often what went by itself was right. */
export function SummaryCard(): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data, error, refetch } = useMatchingSummary();
  if (data === undefined) return <section className="card">{error === null ? <Loading rows={1} /> : <FaultNote error={error} retry={() => void refetch()} />}</section>;
  const { lines, credits, sums } = data.open;
  const waiting = [...(lines === 0 ? [] : [t('matching.waitingLines', { count: lines })]), ...(credits === 0 ? [] : [t('matching.waitingCredits', { count: credits })])];
  return (
    <section className="card">
      <Group justify="space-between" gap="sm">
        <div aria-live="polite">
          <Text fw={650}>{waiting.length === 0 ? t('matching.waitingNone') : waiting.join(' · ')}</Text>
          {sums.length === 0 ? null : <Text size="sm" c="dimmed">{sums.map((one) => formatMoney(one.amount, one.currency, language)).join(' · ')}</Text>}
        </div>
        <Measure of={data.automatic} />
      </Group>
    </section>
  );
}
