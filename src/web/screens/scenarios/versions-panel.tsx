import { Button, Group, Select, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScenarioDefinition, VersionView } from '#core/api/scenarios.ts';
import { useDiff, useVersion, useVersions } from '../../api/scenarios.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatInstant } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { TimeLine } from './time-line.tsx';
import type { DraftDesk } from './use-draft.ts';

function Whole({ code, version, again }: { readonly code: string; readonly version: number; readonly again: ((definition: ScenarioDefinition) => void) | null }): ReactElement {
  const { t } = useTranslation();
  const { data, error, refetch } = useVersion(code, version);
  if (data === undefined) return error === null ? <Loading rows={3} /> : <FaultNote error={error} retry={() => void refetch()} />;
  return (
    <Stack gap="sm" mt="sm">
      <TimeLine steps={data.definition.steps} problems={[]} mayEdit={false} acts={null} />
      {again === null ? null : <div><Button variant="light" size="xs" onClick={() => again(data.definition)}>{t('scenarios.startAgain')}</Button></div>}
    </Stack>
  );
}

function VersionLine({ of, newest, children }: { readonly of: VersionView; readonly newest: boolean; readonly children: ReactElement }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const language = useLanguage();
  return (
    <li className="timeline-entry">
      <Group gap={8}><Text fw={650}>{t('scenarios.versionOf', { version: of.version })}</Text>{newest ? <Chip tone="green">{t('scenarios.inForce')}</Chip> : null}</Group>
      <Text size="xs" c="dimmed">{formatInstant(of.createdAt, language)}, {of.createdBy === null ? t('scenarios.byProduct') : t('scenarios.by', { name: of.createdBy })}</Text>
      {of.changes.length === 0 ? <Text size="sm">{t('scenarios.initial')}</Text> : <ul className="changes">{of.changes.map((one, index) => <li key={`${index}-${one.fr}`}>{say(one)}</li>)}</ul>}
      {children}
    </li>
  );
}

function CompareCard({ code, versions }: { readonly code: string; readonly versions: readonly VersionView[] }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const [from, setFrom] = useState(versions[1]?.version ?? 1);
  const [to, setTo] = useState(versions[0]?.version ?? 1);
  const { data, error } = useDiff(code, { from, to });
  const choices = versions.map(({ version }) => ({ value: String(version), label: t('scenarios.versionOf', { version }) }));
  return (
    <Card title={t('scenarios.compare')}>
      <Group gap="sm" mb="sm">
        <Select label={t('scenarios.compareFrom')} allowDeselect={false} data={choices} value={String(from)} onChange={(value) => setFrom(Number(value))} w={150} />
        <Select label={t('scenarios.compareTo')} allowDeselect={false} data={choices} value={String(to)} onChange={(value) => setTo(Number(value))} w={150} />
      </Group>
      {error === null ? null : <FaultNote error={error} />}
      {data?.length === 0 ? <Text size="sm" c="dimmed">{t('scenarios.sameVersions')}</Text> : <ul className="changes">{data?.map((one, index) => <li key={`${index}-${one.fr}`}>{say(one)}</li>)}</ul>}
    </Card>
  );
}

/** Versions, newest first, each with what it changed; any two compared; any taken as the draft again. */
export function VersionsPanel({ code, desk, version }: { readonly code: string; readonly desk: DraftDesk; readonly version: number }): ReactElement {
  const { t } = useTranslation();
  const [shown, setShown] = useState<number | null>(null);
  const { data, error, refetch } = useVersions(code, version > 0);
  if (version === 0) return <Card><EmptyState icon="scenarios" title={t('scenarios.noVersions')} text={t('scenarios.noVersionsText')} /></Card>;
  if (data === undefined) return error === null ? <Loading /> : <FaultNote error={error} retry={() => void refetch()} />;
  const again = (number: number) => (definition: ScenarioDefinition): void => {
    desk.edit(() => definition);
    tell(t('scenarios.startedAgain', { version: number }));
  };
  return (
    <Stack gap="lg">
      {data.length < 2 ? null : <CompareCard key={data.length} code={code} versions={data} />}
      <Card>
        <Title order={2} mb="md">{t('scenarios.versionsTitle')}</Title>
        <ol className="plain-list">
          {data.map((one) => (
            <VersionLine key={one.version} of={one} newest={one.version === version}>
              <>
                <Button variant="subtle" size="compact-sm" mt={4} aria-expanded={shown === one.version} aria-label={`${t(shown === one.version ? 'scenarios.hide' : 'scenarios.show')} (${t('scenarios.versionOf', { version: one.version })})`} onClick={() => setShown(shown === one.version ? null : one.version)}>{t(shown === one.version ? 'scenarios.hide' : 'scenarios.show')}</Button>
                {shown === one.version ? <Whole code={code} version={one.version} again={desk.mayEdit && (one.version !== version || desk.hasDraft) ? again(one.version) : null} /> : null}
              </>
            </VersionLine>
          ))}
        </ol>
      </Card>
    </Stack>
  );
}
