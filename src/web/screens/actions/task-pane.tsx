import { Anchor, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActionView } from '#core/api/actions.ts';
import { change } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';
import { useWords } from '../../ui/words.ts';

/** Longest note the server takes of a task. */
const NOTE_MAX = 2000;

/** The field a key leads to. */
export const TASK_NOTE = 'task-note';

/** What a person does and says so: done, its step counts; not done, the next run may propose it again. */
export function TaskPane({ action }: { readonly action: ActionView }): ReactElement {
  const { t } = useTranslation();
  const words = useWords();
  const mayWork = useSession().organisation.role !== 'reader';
  const [note, setNote] = useState('');
  const end = useChange((done: boolean) => change('POST', `/api/tasks/${action.id}/end`, { done, note }), { done: (_answer, done) => {
    setNote('');
    tell(done ? t('actions.task.doneSaid', { customer: action.customerName }) : t('actions.task.notDoneSaid', { customer: action.customerName }));
  } });
  const open = action.state === 'proposed' || action.state === 'approved';
  const waits = action.approvalsNeeded === 2 && action.state === 'proposed';
  return (
    <Stack gap="sm">
      <Text fw={600}>{t('actions.task.title', { channel: words.channel(action.channel) })}</Text>
      {action.recipient === null ? <Text size="sm" c="dimmed">{action.channel === 'call' ? t('actions.task.noNumber') : t('actions.task.text')}</Text> : <Anchor href={`tel:${action.recipient.replaceAll(/[^+\d]/g, '')}`} fz="lg" fw={600}>{action.recipient}</Anchor>}
      <Text size="sm">{t('actions.task.about', { documents: action.documents.join(', ') })}</Text>
      {waits ? <Text size="sm" c="#7a4100">{t('actions.task.approveFirst')}</Text> : null}
      {action.taskNote === null ? null : <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{action.taskNote}</Text>}
      {mayWork && open && !waits ? (
        <form onSubmit={(event) => { event.preventDefault(); end.mutate(true); }}>
          <Textarea id={TASK_NOTE} label={t('actions.task.note')} autosize minRows={2} maxLength={NOTE_MAX} value={note} onChange={(event) => setNote(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit(); }} description={t('actions.task.keys')} inputWrapperOrder={['label', 'input', 'description']} />
          <Group gap="xs" mt="sm">
            <Button type="submit" loading={end.isPending}>{t('actions.task.done')}</Button>
            <Button variant="default" disabled={end.isPending} onClick={() => end.mutate(false)}>{t('actions.task.notDone')}</Button>
          </Group>
        </form>
      ) : null}
    </Stack>
  );
}
