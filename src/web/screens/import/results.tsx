import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { DropFileView, DropView } from '#core/api/drops.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatCount } from '../../ui/format.ts';
import { ButtonTo } from '../../ui/links.tsx';
import { Card } from '../../ui/page.tsx';
import { Download } from './file-problems.tsx';
import { FileHead, ResultItem } from './result-item.tsx';
import type { ResultActions } from './result-item.tsx';
import { sendAgain } from './sending.ts';
import type { SentFile } from './sending.ts';
import { readOnes } from './use-drop.ts';

/** Files shown before somebody asks for more. */
const SHOWN_FIRST = 50;

const FILTERS = ['all', 'problems', 'refused'] as const;
type Filter = (typeof FILTERS)[number];

const COUNTED = ['applied', 'unchanged', 'toConfirm', 'refused', 'failed', 'cancelled'] as const;
type Counted = (typeof COUNTED)[number];

function countedAs(file: DropFileView): Counted | null {
  if (file.state === 'done') return file.outcome?.stage ?? null;
  return file.state === 'failed' || file.state === 'cancelled' ? file.state : null;
}

const passes = (file: DropFileView, filter: Filter): boolean => {
  const how = countedAs(file);
  return filter === 'all' || (filter === 'refused' ? how === 'refused' || how === 'failed' : (file.outcome?.problemsTotal ?? 0) > 0 || how === 'failed');
};

/** "12 fichiers : 9 appliqués, 1 déjà connu, 2 refusés". */
function useSummary(): (files: readonly DropFileView[], unsent: number) => string {
  const { t } = useTranslation();
  return (files, unsent) => {
    const count = (how: Counted): number => files.filter((file) => countedAs(file) === how).length + (how === 'failed' ? unsent : 0);
    const parts = COUNTED.flatMap((how) => (count(how) === 0 ? [] : [t(`drops.${how}`, { count: count(how) })]));
    const all = t('drops.summary', { count: files.length + unsent });
    return parts.length === 0 ? all : t('drops.summaryLine', { files: all, parts: parts.join(', ') });
  };
}

function Unsent({ of }: { readonly of: SentFile }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <Stack gap="sm">
      <FileHead of={{ name: of.file.name, folder: '', format: null, outcome: null }} chip={<Chip tone="red">{t('drops.state.unsent')}</Chip>} />
      {of.fault === null ? null : <Text size="sm" c="#8f1d12">{say(of.fault.message)}</Text>}
      {of.fault?.code === 'import.tooLarge' ? null : <Group><Button size="compact-sm" onClick={() => void sendAgain(of.key)} aria-label={`${t('drops.retry')} : ${of.file.name}`}>{t('drops.retry')}</Button></Group>}
    </Stack>
  );
}

/** An archive and, below it, the files it brought. */
function Archive({ of, members, actions }: { readonly of: DropFileView; readonly members: readonly DropFileView[]; readonly actions: ResultActions }): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <FileHead of={of} chip={<Chip tone="grey">{t('drops.archive', { count: members.length })}</Chip>} />
      <ul className="plain-list archive-members">{members.map((one) => <li key={one.id} className="result"><ResultItem of={one} actions={actions} /></li>)}</ul>
    </Stack>
  );
}

type ResultsProps = { readonly of: DropView; readonly unsent: readonly SentFile[]; readonly actions: Omit<ResultActions, 'drop' | 'alone'>; readonly putAway: () => void };

function Ending({ of, putAway }: Pick<ResultsProps, 'of' | 'putAway'>): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const files = readOnes(of.files);
  const taken = files.some((file) => file.outcome?.stage === 'applied' || file.outcome?.stage === 'unchanged');
  return (
    <Group>
      {taken ? <ButtonTo to="/">{t('imports.toOverview')}</ButtonTo> : null}
      <Button variant="light" onClick={putAway}>{t(files.length > 1 ? 'drops.others' : 'imports.another')}</Button>
      {files.length > 1 && files.some((file) => (file.outcome?.problemsTotal ?? 0) > 0) ? <Download href={`/api/drops/${of.id}/problems.csv?language=${language}`}>{t('drops.allRemarks')}</Download> : null}
    </Group>
  );
}

/** What was placed by itself once the files were in, and what waits for a person. */
function Matched({ of }: { readonly of: DropView['matched'] }): ReactElement | null {
  const { t } = useTranslation();
  const say = useSay();
  if (of === null || of === undefined) return null;
  if (of.fault !== null) return <Text c="#8f1d12">{say(of.fault)}</Text>;
  const parts = (['applied', 'linked', 'left'] as const).flatMap((what) => (of[what] === 0 ? [] : [t(`drops.matched.${what}`, { count: of[what] })]));
  if (parts.length === 0) return null;
  return (
    <Group gap="sm">
      <Text>{t('drops.matched.line', { parts: parts.join(', ') })}</Text>
      {of.left === 0 ? null : <ButtonTo to="/matching" size="compact-sm" variant="light">{t('drops.matched.see')}</ButtonTo>}
    </Group>
  );
}

/** What became of everything that was dropped: in one line, then file by file. */
export function Results({ of, unsent, actions, putAway }: ResultsProps): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const summary = useSummary();
  const [filter, setFilter] = useState<Filter>('all');
  const [limit, setLimit] = useState(SHOWN_FIRST);
  const files = readOnes(of.files);
  const [only] = files;
  const alone = files.length === 1 && unsent.length === 0;
  const stage = alone ? only?.outcome?.stage : undefined;
  const text = stage === undefined || stage === 'applied' ? null : t(`imports.${stage}Text`);
  const full: ResultActions = { ...actions, drop: of.id, alone };
  const archives = Map.groupBy(files.filter((file) => file.parent !== null && passes(file, filter)), (file) => file.parent ?? '');
  const tops = of.files.filter((file) => file.parent === null && (archives.has(file.id) || (files.includes(file) && passes(file, filter))));
  const choices = FILTERS.map((value) => ({ value, label: `${t(`drops.filter.${value}`)} (${formatCount(files.filter((file) => passes(file, value)).length, language)})` }));
  return (
    <>
      <Card title={stage === undefined ? summary(files, unsent.length) : t(`imports.${stage}`)}>
        <Stack gap="md">
          {text === null ? null : <Text>{text}</Text>}
          <Matched of={of.matched} />
          <Ending of={of} putAway={putAway} />
          {files.length > 1 ? <SegmentedControl className="wraps" style={{ alignSelf: 'flex-start' }} aria-label={t('drops.filter.label')} value={filter} onChange={(value) => setFilter(FILTERS.find((one) => one === value) ?? 'all')} data={choices} /> : null}
        </Stack>
      </Card>
      <Card flush>
        {tops.length === 0 && unsent.length === 0 ? <Text c="dimmed" p="md">{t('drops.noneShown')}</Text> : null}
        <ul className="plain-list" aria-label={t('drops.results')}>
          {unsent.map((one) => <li key={`unsent-${one.key}`} className="result"><Unsent of={one} /></li>)}
          {tops.slice(0, limit).map((one) => (
            <li key={one.id} className="result">
              {archives.has(one.id) ? <Archive of={one} members={archives.get(one.id) ?? []} actions={full} /> : <ResultItem of={one} actions={full} />}
            </li>
          ))}
        </ul>
        {tops.length > limit ? <Group p="md"><Button variant="default" onClick={() => setLimit(limit + SHOWN_FIRST)}>{t('drops.more')}</Button></Group> : null}
      </Card>
    </>
  );
}
