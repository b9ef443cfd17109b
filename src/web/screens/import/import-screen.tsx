import { Button, Group, List, Progress, Stack, Text, TextInput, ThemeIcon, VisuallyHidden } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportOutcome, MappingView } from '#core/api/imports.ts';
import { change, upload } from '../../api/client.ts';
import { useJob } from '../../api/jobs.ts';
import { refreshWork, sessionQuery, useSession } from '../../api/queries.ts';
import { Icon } from '../../ui/icons.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { FaultNote } from '../../ui/states.tsx';
import { HistoryCard } from './history-card.tsx';
import { OutcomeCard } from './outcome-card.tsx';
import { UndoModal } from './undo-modal.tsx';

/** The server's own limit: a file beyond it is not even sent. */
const FILE_BYTES_MAX = 1_073_741_824;

const importPath = (id: string): string => `/api/imports/jobs/${id}`;

function DropCard({ take, terms, setTerms }: { readonly take: (file: File) => void; readonly terms: string; readonly setTerms: (terms: string) => void }): ReactElement {
  const { t } = useTranslation();
  const open = useRef<() => void>(null);
  return (
    <Card>
      <Stack gap="md">
        <Dropzone className="dropzone" openRef={open} activateOnClick={false} maxFiles={1} multiple={false} maxSize={FILE_BYTES_MAX} onDrop={(files) => { const [file] = files; if (file !== undefined) take(file); }} enablePointerEvents inputProps={{ 'aria-label': t('imports.choose') }} tabIndex={-1}>
          <Stack align="center" gap="xs" py={36} ta="center">
            <ThemeIcon variant="light" size={60} radius="xl"><Icon name="imports" size={30} /></ThemeIcon>
            <Text fz="lg" fw={650}>{t('imports.drop')}</Text>
            <Text c="dimmed" maw={480}>{t('imports.dropText')}</Text>
            <Button mt="xs" size="md" onClick={() => open.current?.()}>{t('imports.choose')}</Button>
            <Text size="sm" c="dimmed">{t('imports.dropHint')}</Text>
          </Stack>
        </Dropzone>
        <TextInput label={t('imports.terms')} description={t('imports.termsHint')} maxLength={200} value={terms} onChange={(event) => setTerms(event.currentTarget.value)} maw={520} />
      </Stack>
    </Card>
  );
}

function GuideCard(): ReactElement {
  const { t } = useTranslation();
  const lines = t('imports.guide', { returnObjects: true });
  return <Card title={t('imports.guideTitle')}><List spacing="xs">{lines.map((line) => <List.Item key={line}>{line}</List.Item>)}</List></Card>;
}

function Working({ text, share }: { readonly text: string; readonly share: number | null }): ReactElement {
  const { t } = useTranslation();
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between"><Text fw={600} aria-live="polite">{text}</Text><Text className="number" c="dimmed">{share === null ? '' : `${Math.round(share)} %`}</Text></Group>
        <Progress value={share ?? 100} animated={share === null} size="lg" radius="xl" aria-label={t('imports.progress')} />
        <VisuallyHidden aria-live="polite">{text}</VisuallyHidden>
      </Stack>
    </Card>
  );
}

/** A file in: how far it is, what was understood of it, what it did, and the way back. */
export function ImportScreen(): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const session = useSession();
  const [terms, setTerms] = useState('');
  const [sent, setSent] = useState<{ name: string; share: number } | null>(null);
  const [outcome, setOutcome] = useState<ImportOutcome | null>(null);
  const [undoing, setUndoing] = useState<{ id: string; fileName: string } | null>(null);
  const { job, running, fault, start, reset } = useJob<ImportOutcome>(importPath, (result) => {
    setOutcome(result);
    setSent(null);
    void refreshWork();
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  });
  const take = (file: File): void => {
    setOutcome(null);
    setSent({ name: file.name, share: 0 });
    const fields: Record<string, string> = terms.trim() === '' ? {} : { terms: terms.trim() };
    void start(() => upload<{ job: string }>('/api/imports', { file, fields }, (done, total) => setSent({ name: file.name, share: total === 0 ? 0 : (done / total) * 100 })));
  };
  const reread = (mapping: MappingView, check: boolean): void => {
    if (outcome?.upload === null || outcome === null) return;
    const { upload: kept, fileName } = outcome;
    setSent({ name: fileName, share: 100 });
    void start(() => change<{ job: string }>('POST', `/api/uploads/${kept}`, { mapping, terms: terms.trim() === '' ? null : terms.trim(), check }));
  };
  const again = (): void => {
    setOutcome(null);
    setSent(null);
    reset();
  };
  const progress = job?.progress ?? { done: 0, total: 0 };
  const readShare = progress.total === 0 ? null : (progress.done / progress.total) * 100;
  const name = sent?.name ?? outcome?.fileName ?? '';
  const working = !running ? null : sent !== null && job === null && sent.share < 100
    ? <Working text={t('imports.uploading', { file: name })} share={sent.share} />
    : readShare !== null && readShare < 100 ? <Working text={t('imports.reading', { file: name })} share={readShare} /> : <Working text={t('imports.writing')} share={null} />;
  const mayImport = session.organisation.role !== 'reader';
  return (
    <Page title={t('imports.title')}>
      {fault === null ? null : <FaultNote error={fault} retry={again} />}
      {working}
      {outcome === null || running ? null : <OutcomeCard key={outcome.upload ?? outcome.importId ?? outcome.fileName} of={outcome} busy={running} check={(mapping) => reread(mapping, true)} apply={(mapping) => reread(mapping, false)} undo={() => { if (outcome.importId !== null) setUndoing({ id: outcome.importId, fileName: outcome.fileName }); }} again={again} />}
      {outcome === null && !running && mayImport ? <><DropCard take={take} terms={terms} setTerms={setTerms} /><GuideCard /></> : null}
      <HistoryCard undo={(one) => setUndoing({ id: one.id, fileName: one.fileName })} />
      <UndoModal of={undoing} close={() => setUndoing(null)} undone={again} />
    </Page>
  );
}
