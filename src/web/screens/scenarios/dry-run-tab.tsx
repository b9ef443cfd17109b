import { Alert, Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { DryRunAction, DryRunView } from '#core/api/scenarios.ts';
import { parseDay } from '#core/kernel/day.ts';
import { useSession } from '../../api/queries.ts';
import { useDryRun, useScenarios } from '../../api/scenarios.ts';
import { useLanguage } from '../../language/language.ts';
import { formatCount, formatDay, formatMoney } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { Card } from '../../ui/page.tsx';
import { known } from '../../ui/reasons.ts';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';

const STOPPED = ['globalStop', 'ledgerStale', 'bankStale'] as const;

function Actions({ of }: { readonly of: readonly DryRunAction[] }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const { data: scenarios } = useScenarios();
  const nameOf = (code: string): string => scenarios?.find((one) => one.code === code)?.name ?? code;
  const what = ({ purpose, scenario, step }: DryRunAction): string =>
    purpose === 'thankYou' ? t('scenarios.dryRun.thanks') : `${t('scenarios.dryRun.stepOf', { scenario: nameOf(scenario), step })}${purpose === 'copy' ? ` (${t('scenarios.dryRun.copy').toLocaleLowerCase(language)})` : ''}`;
  return (
    <Table verticalSpacing="xs">
      <Table.Caption className="visually-hidden">{t('scenarios.dryRun.actions')}</Table.Caption>
      <Table.Thead><Table.Tr><Table.Th scope="col">{t('scenarios.dryRun.action')}</Table.Th><Table.Th scope="col" ta="right">{t('scenarios.dryRun.count')}</Table.Th><Table.Th scope="col" ta="right">{t('scenarios.dryRun.total')}</Table.Th></Table.Tr></Table.Thead>
      <Table.Tbody>
        {of.map((one) => (
          <Table.Tr key={`${one.scenario}-${one.step}-${one.purpose}-${one.channel}`}>
            <Table.Td>{words.channel(one.channel)}<Text size="xs" c="dimmed">{what(one)}</Text></Table.Td>
            <Table.Td ta="right" className="number">{formatCount(one.count, language)}</Table.Td>
            <Table.Td ta="right" className="number">{one.totals.map(({ amount, currency }) => <div key={currency}>{formatMoney(amount, currency, language)}</div>)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Result({ of }: { readonly of: DryRunView }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const stopped = known(STOPPED, of.stopped);
  return (
    <Stack gap="lg">
      {stopped === undefined ? null : <Alert color="yellow" variant="light" icon={<Icon name="alert" />} styles={{ message: { color: '#5c3d00' } }}>{t(`scenarios.dryRun.stopped.${stopped}`)}</Alert>}
      <Card title={t('scenarios.dryRun.result', { day: formatDay(of.today, language, 'long') })}>
        <Text mb="md">{of.actions === 0 ? t('scenarios.dryRun.none') : t('scenarios.dryRun.summary', { count: of.actions, decisions: formatCount(of.decisions, language) })}</Text>
        {of.proposed.length === 0 ? null : <Actions of={of.proposed} />}
      </Card>
      <Card title={t('scenarios.dryRun.reasons')}>
        <Table verticalSpacing="xs">
          <Table.Caption className="visually-hidden">{t('scenarios.dryRun.reasons')}</Table.Caption>
          <Table.Thead><Table.Tr><Table.Th scope="col">{t('scenarios.dryRun.reason')}</Table.Th><Table.Th scope="col" ta="right">{t('scenarios.dryRun.documents')}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>{of.reasons.map(({ reason, count }) => <Table.Tr key={reason}><Table.Td>{words.reason(reason)}</Table.Td><Table.Td ta="right" className="number">{formatCount(count, language)}</Table.Td></Table.Tr>)}</Table.Tbody>
        </Table>
      </Card>
    </Stack>
  );
}

/** What a run would propose on any day, by action and by reason; nothing is kept. */
export function DryRunTab(): ReactElement {
  const { t } = useTranslation();
  const { organisation } = useSession();
  const [day, setDay] = useState(organisation.today);
  const [wrong, setWrong] = useState(false);
  const [asked, setAsked] = useState<string | null>(null);
  const { data, error, isFetching, refetch } = useDryRun(asked);
  const run = (event: FormEvent): void => {
    event.preventDefault();
    setWrong(parseDay(day) === null);
    if (parseDay(day) === null) return;
    if (asked === day) void refetch();
    else setAsked(day);
  };
  if (organisation.role === 'reader') return <Text c="dimmed">{t('scenarios.ownerOnly')}</Text>;
  return (
    <Stack gap="lg">
      <Card title={t('scenarios.dryRun.title')}>
        <Text size="sm" c="dimmed" mb="md">{t('scenarios.dryRun.text')}</Text>
        <form noValidate onSubmit={run}>
          <Group align="flex-end" gap="sm"><TextInput type="date" label={t('scenarios.dryRun.day')} required value={day} error={wrong ? t('scenarios.dryRun.notDay') : null} onChange={(event) => setDay(event.currentTarget.value)} /><Button type="submit" loading={isFetching}>{t('scenarios.dryRun.run')}</Button></Group>
        </form>
      </Card>
      {isFetching ? <div aria-live="polite"><span className="visually-hidden">{t('scenarios.dryRun.running')}</span><Loading rows={4} /></div> : error === null ? data === undefined ? null : <Result of={data} /> : <FaultNote error={error} retry={() => void refetch()} />}
    </Stack>
  );
}
