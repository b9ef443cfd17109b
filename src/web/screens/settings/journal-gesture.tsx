import { Button, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReconciledView } from '#core/api/journal.ts';
import { change } from '../../api/client.ts';
import { sessionQuery, useSession } from '../../api/queries.ts';
import { tell } from '../../ui/tell.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';
import { REASON_MAX, REASON_MIN } from './breaker-card.tsx';

/** What a person can do about the journal: let sending go on by its proof (`thawed`: it proves nothing new), without it, or freeze it. */
export type Gesture = 'applied' | 'thawed' | 'adopted' | 'freeze';

/** What a gesture does, sentence by sentence. */
function Consequences({ gesture }: { readonly gesture: Gesture }): ReactElement {
  const { t } = useTranslation();
  if (gesture === 'freeze' || gesture === 'thawed') return <Text size="sm">{gesture === 'freeze' ? t('journal.freezeText') : t('journal.thawWhat')}</Text>;
  const lines = gesture === 'applied'
    ? [t('journal.applyWhat.sent'), t('journal.applyWhat.unknown'), t('journal.applyWhat.elsewhere'), t('journal.applyWhat.waiting'), t('journal.applyWhat.bytes'), t('journal.webhooks')]
    : [t('journal.adoptWhat.answer'), t('journal.adoptWhat.known'), t('journal.adoptWhat.asked'), t('journal.webhooks'), t('journal.adoptWhat.original')];
  return <List size="sm" spacing={4}>{lines.map((line) => <List.Item key={line}>{line}</List.Item>)}</List>;
}

function GestureForm({ gesture, close }: { readonly gesture: Gesture; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const form = useForm({ initialValues: { reason: '' }, validate: { reason: (text) => (text.trim().length < REASON_MIN ? t('sending.fault.reason', { count: REASON_MIN }) : null) } });
  const failed = useFieldFault(form);
  const act = useChange(async ({ reason }: { reason: string }) => (gesture === 'freeze' ? { frozen: await change('POST', '/api/journal/freeze', { reason }) } : { done: await change<ReconciledView>('POST', '/api/journal/reconcile', { how: gesture === 'adopted' ? 'adopted' : 'applied', reason }) }), { done: (answer) => {
    close();
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    if (answer.done === undefined) tell(t('journal.frozenNow'));
    else if (gesture === 'adopted') tell(t('journal.adopted', { sent: answer.done.sent + answer.done.parked, back: answer.done.backToProposed, dropped: answer.done.dropped, webhooks: answer.done.webhooksOff }));
    else if (gesture === 'thawed') tell(t('journal.thawed'));
    else tell(t('journal.applied', { sent: answer.done.sent, parked: answer.done.parked, waiting: answer.done.waiting, dropped: answer.done.dropped, webhooks: answer.done.webhooksOff }));
  }, failed });
  return (
    <form onSubmit={form.onSubmit((values) => act.mutate(values))} noValidate>
      <Stack>
        <Consequences gesture={gesture} />
        <Textarea label={t('journal.why')} data-autofocus required autosize minRows={2} maxLength={REASON_MAX} {...form.getInputProps('reason')} />
        <Text size="sm" c="dimmed">{t('journal.byName', { name: user.name })}</Text>
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" {...(gesture === 'applied' || gesture === 'thawed' ? {} : { color: 'brick' })} loading={act.isPending}>{gesture === 'thawed' ? t('journal.thaw') : t(`journal.confirm.${gesture}`)}</Button></Group>
      </Stack>
    </form>
  );
}

/** Asks for the reason of a gesture, after saying what it does; in the name of who is signed in. */
export function JournalGesture({ gesture, close }: { readonly gesture: Gesture | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const title = gesture === null ? '' : gesture === 'freeze' ? t('journal.freezeTitle') : gesture === 'thawed' ? t('journal.thaw') : gesture === 'applied' ? t('journal.applyTitle') : t('journal.adoptTitle');
  return <Modal opened={gesture !== null} onClose={close} title={<Text fw={650}>{title}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>{gesture === null ? null : <GestureForm gesture={gesture} close={close} />}</Modal>;
}
