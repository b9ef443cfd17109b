import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import type { ButtonProps } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { change } from '../api/client.ts';
import { sessionQuery, useSession } from '../api/queries.ts';
import { useLanguage } from '../language/language.ts';
import { formatInstant } from './format.ts';
import { Icon } from './icons.tsx';
import { tellUndo } from './tell-undo.tsx';
import { tell } from './tell.ts';
import { useChange, useFieldFault } from './use-change.ts';

/** Words the server asks for at least, and takes at most. */
const REASON_MIN = 5;
const REASON_MAX = 500;

/** What everybody sees changes: the session says whether everything is stopped. */
function useRefreshed(): () => void {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    void client.invalidateQueries({ queryKey: ['dunning'] });
  };
}

function useEnd() {
  const { t } = useTranslation();
  const refreshed = useRefreshed();
  return useChange(() => change('POST', '/api/stop/end'), { done: () => {
    refreshed();
    tell(t('sending.stop.ended'));
  } });
}

function StopForm({ close }: { readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const refreshed = useRefreshed();
  const end = useEnd();
  const form = useForm({ initialValues: { reason: '' }, validate: { reason: (text) => (text.trim().length < REASON_MIN ? t('sending.fault.reason', { count: REASON_MIN }) : null) } });
  const failed = useFieldFault(form);
  const stop = useChange((values: { reason: string }) => change('POST', '/api/stop', values), { done: () => {
    close();
    refreshed();
    tellUndo('stop', t('sending.stop.done'), { label: t('frame.undo'), act: () => end.mutate(undefined) });
  }, failed });
  return (
    <form onSubmit={form.onSubmit((values) => stop.mutate(values))} noValidate>
      <Stack>
        <Text size="sm">{t('sending.stop.text')}</Text>
        <TextInput label={t('sending.stop.why')} data-autofocus required maxLength={REASON_MAX} {...form.getInputProps('reason')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" color="brick" loading={stop.isPending}>{t('sending.stop.confirm')}</Button></Group>
      </Stack>
    </form>
  );
}

/** Stops everything at once, with a reason everybody reads. */
export function StopButton(props: ButtonProps): ReactElement {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button color="brick" variant="outline" leftSection={<Icon name="stop" size={16} />} {...props} onClick={() => setAsking(true)}>{t('sending.stop.button')}</Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={<Text fw={650}>{t('sending.stop.title')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>{asking ? <StopForm close={() => setAsking(false)} /> : null}</Modal>
    </>
  );
}

/** Lets everything go on; for whom may, else who may is said. */
export function EndStopButton(props: ButtonProps): ReactElement {
  const { t } = useTranslation();
  const { stop } = useSession();
  const end = useEnd();
  if (stop?.mayEnd !== true) return <Text size="sm">{t('sending.stop.whoEnds')}</Text>;
  return <Button {...props} loading={end.isPending} onClick={() => end.mutate(undefined)}>{t('sending.stop.end')}</Button>;
}

/** Says on every page that everything is stopped, why, since when and by whom. */
export function StopBanner(): ReactElement | null {
  const { t } = useTranslation();
  const language = useLanguage();
  const { stop, organisation } = useSession();
  if (stop === null) return null;
  const since = stop.at === null ? '' : t('sending.stop.since', { at: formatInstant(stop.at, language), by: stop.by ?? '' });
  return (
    <Alert color="brick" variant="filled" mb="md" p="sm" role="alert" icon={<Icon name="stop" />} title={t('sending.stop.banner')}>
      <Group justify="space-between" gap="sm">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{[stop.reason === null ? '' : `« ${stop.reason} »`, since].filter((part) => part !== '').join(' ')}</Text>
        {organisation.role === 'reader' ? null : <EndStopButton size="xs" variant="white" color="brick" />}
      </Group>
    </Alert>
  );
}
