import { Alert, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiFault, change } from '../../api/client.ts';
import { queryClient, useImports, useSession } from '../../api/queries.ts';
import { Icon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { FaultNote } from '../../ui/states.tsx';
import { DropCard, GuideCard } from './drop-card.tsx';
import { HistoryCard } from './history-card.tsx';
import { CutNote, LostNote, PausedNote } from './interrupted.tsx';
import { SendingCard, WorkingCard } from './progress-card.tsx';
import { Results } from './results.tsx';
import { clearSending, remembered, sendFiles, useSending } from './sending.ts';
import { UndoModal } from './undo-modal.tsx';
import { useDrop } from './use-drop.ts';

/** Puts a drop that has ended away; one that the server no longer has is gone already. */
async function putAway(drop: string): Promise<void> {
  // At once: the person may drop the next files before the server has answered.
  clearSending();
  await queryClient.cancelQueries({ queryKey: ['drop'] });
  queryClient.setQueryData(['drop'], { drop: null });
  try {
    await change('DELETE', `/api/drops/${drop}`);
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
  }
}

/** Imports that were taken back, here or anywhere. */
function useUndone(own: ReadonlySet<string>): ReadonlySet<string> {
  const { data } = useImports();
  return new Set([...own, ...(data ?? []).filter(({ status }) => status === 'undone').map(({ id }) => id)]);
}

/** Files in: how far they are, what was understood of each, what it did, and the way back. */
export function ImportScreen(): ReactElement {
  const { t } = useTranslation();
  const session = useSession();
  const sending = useSending();
  const { drop, known, error } = useDrop();
  const [terms, setTerms] = useState('');
  const [undoing, setUndoing] = useState<{ id: string; fileName: string } | null>(null);
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const undone = useUndone(taken);
  const mayImport = session.organisation.role !== 'reader';
  const lost = known && drop === null && sending.state === 'idle' && error === null ? remembered() : null;
  const unsent = sending.files.filter(({ state }) => state === 'failed');
  const clear = (): void => void (drop === null ? clearSending() : putAway(drop.id));
  const busy = sending.state !== 'idle' || drop?.state === 'working';
  const ready = !busy && mayImport;
  return (
    <Page title={t('imports.title')}>
      {sending.state === 'idle' && sending.fault !== null ? <FaultNote error={new ApiFault(422, sending.fault)} /> : null}
      {error !== null && drop?.state === 'working' ? <Alert color="yellow" variant="light" icon={<Icon name="alert" />} role="alert"><Text size="sm" c="#5c3c00">{t('drops.offline')}</Text></Alert> : null}
      {sending.state === 'paused' ? <PausedNote of={sending} /> : null}
      {sending.state === 'idle' ? null : <SendingCard of={sending} />}
      {drop?.state === 'working' && sending.state === 'idle' ? <WorkingCard of={drop} /> : null}
      {drop?.state === 'receiving' && sending.state === 'idle' ? <CutNote of={drop} putAway={clear} /> : null}
      {drop?.state === 'ended' && sending.state === 'idle' ? <Results key={drop.id} of={drop} unsent={unsent} actions={{ mayImport, undone, undo: setUndoing }} putAway={clear} /> : null}
      {lost === null ? null : <LostNote of={lost} understood={clear} />}
      {ready ? <><DropCard take={(files) => void sendFiles(files, terms)} terms={terms} setTerms={setTerms} />{drop === null ? <GuideCard /> : null}</> : null}
      <HistoryCard undo={(one) => setUndoing({ id: one.id, fileName: one.fileName })} />
      <UndoModal of={undoing} close={() => setUndoing(null)} undone={() => { if (undoing !== null) setTaken(new Set([...taken, undoing.id])); }} />
    </Page>
  );
}
