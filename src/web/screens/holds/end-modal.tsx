import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldSummary } from '#core/api/holds.ts';
import { change } from '../../api/client.ts';
import { tellUndo } from '../../ui/tell-undo.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';
import { NAME_MAX } from './form-frame.tsx';

/** Takes an end back on its day. */
export function useResume() {
  const { t } = useTranslation();
  return useChange((id: string) => change('POST', `/api/holds/${id}/resume`), { done: () => tell(t('holds.resumed')) });
}

function EndForm({ hold, close }: { readonly hold: HoldSummary; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { reason: '' }, validate: { reason: (text) => (text.trim() === '' ? t('holds.fault.reason') : null) } });
  const failed = useFieldFault(form);
  const resume = useResume();
  const end = useChange((values: { reason: string }) => change('POST', `/api/holds/${hold.id}/end`, values), { done: () => {
    close();
    tellUndo(`end-${hold.id}`, t('holds.ended'), { label: t('frame.undo'), act: () => resume.mutate(hold.id) });
  }, failed });
  return (
    <form onSubmit={form.onSubmit((values) => end.mutate(values))} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">{hold.state === 'proposed' ? t('holds.endProposedText') : t('holds.endText')}</Text>
        <TextInput label={t('holds.endWhy')} data-autofocus required maxLength={NAME_MAX} {...form.getInputProps('reason')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={end.isPending}>{t('holds.end')}</Button></Group>
      </Stack>
    </form>
  );
}

/** Ends a hold with the reason a person gives; can be taken back the same day. */
export function EndModal({ hold, close }: { readonly hold: HoldSummary | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={hold !== null} onClose={close} title={<Text fw={650}>{hold === null ? '' : t(`holds.endTitle.${hold.kind}`)}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {hold === null ? null : <EndForm hold={hold} close={close} />}
    </Modal>
  );
}
