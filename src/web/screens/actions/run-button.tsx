import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunOutcome } from '#core/api/jobs.ts';
import { REASONS } from '../../ui/reasons.ts';
import { change } from '../../api/client.ts';
import { useJob } from '../../api/jobs.ts';
import { refreshWork, useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { formatCount, formatDay } from '../../ui/format.ts';
import { FaultNote } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';

const runPath = (id: string): string => `/api/runs/${id}`;

const STOPPED = { ledgerStale: 'overview.runStale', bankStale: 'overview.runBank', globalStop: 'overview.runStop' } as const;

function Outcome({ of }: { readonly of: RunOutcome }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const known = of.reasons.flatMap(({ reason, count }) => REASONS.filter((one) => one === reason).map((one) => ({ reason: one, count })));
  return (
    <Stack gap="sm">
      <Text fw={600}>{of.stopped === null ? t('actions.dryRunDone', { count: of.actions }) : t(STOPPED[of.stopped])}</Text>
      <Text size="sm" c="dimmed">{t('actions.outcomeText', { decisions: formatCount(of.decisions, language) })}</Text>
      <List size="sm" spacing={4}>{known.map(({ reason, count }) => <List.Item key={reason}>{t(`frame.reason.${reason}`)} : <b>{formatCount(count, language)}</b></List.Item>)}</List>
    </Stack>
  );
}

/** Looks for what is to be chased today; `withDryRun` adds the same look without keeping anything. */
export function RunButton({ withDryRun = false }: { readonly withDryRun?: boolean }): ReactElement {
  const { t } = useTranslation();
  const session = useSession();
  const language = useLanguage();
  const navigate = useNavigate();
  const [opened, { open, close }] = useDisclosure();
  const told = (outcome: RunOutcome): void => {
    if (outcome.dryRun) return;
    const stopped = outcome.stopped === null ? null : t(STOPPED[outcome.stopped]);
    const found = outcome.actions === 0 ? t('overview.runNone') : t('overview.runDone', { count: outcome.actions });
    tell(stopped ?? found, stopped === null ? 'good' : 'bad');
    void refreshWork();
    if (outcome.actions > 0) void navigate({ to: '/actions', search: { tab: 'proposed' } });
  };
  const { running, job, fault, start } = useJob<RunOutcome>(runPath, told);
  if (session.organisation.role === 'reader') return <span />;
  const begin = (dryRun: boolean): Promise<void> => start(() => change<{ job: string }>('POST', '/api/runs', { dryRun }));
  return (
    <Group gap="xs">
      {withDryRun ? <Button variant="default" disabled={running} onClick={() => { open(); void begin(true); }}>{t('actions.dryRun')}</Button> : null}
      <Button loading={running && !opened} onClick={() => void begin(false)}>{t('overview.run')}</Button>
      <span className="visually-hidden" aria-live="polite">{running ? t('overview.running') : ''}</span>
      {fault === null || opened ? null : <FaultNote error={fault} />}
      <Modal opened={opened} onClose={close} closeButtonProps={{ 'aria-label': t('frame.close') }} title={job?.result === null || job === null ? t('actions.dryRun') : t('actions.outcomeTitle', { day: formatDay(job.result.today, language) })}>
        {fault === null ? job?.result === null || job === null ? <Text c="dimmed">{t('overview.running')}</Text> : <Outcome of={job.result} /> : <FaultNote error={fault} />}
      </Modal>
    </Group>
  );
}
