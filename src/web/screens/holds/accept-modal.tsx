import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldSummary } from '#core/api/holds.ts';
import { change } from '../../api/client.ts';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';
import { NAME_MAX } from './form-frame.tsx';

/** Refusals of an agreement that have no field of their own: told beside the name. */
const REFUSALS: ReadonlySet<string> = new Set(['hold.planStale', 'hold.planTwice', 'hold.planGone']);

function AcceptForm({ plan, close }: { readonly plan: HoldSummary; readonly close: () => void }): ReactElement {
  const { t, i18n } = useTranslation();
  const form = useForm({ initialValues: { acceptedBy: '' }, validate: { acceptedBy: (text) => (text.trim() === '' ? t('holds.plan.whoNeeded') : null) } });
  const save = useChange((values: { acceptedBy: string }) => change('POST', `/api/plans/${plan.id}/accept`, values), { done: () => {
    close();
    tell(t('holds.plan.acceptedDone'));
  }, failed: (fault) => {
    if (!REFUSALS.has(fault.code)) return false;
    form.setFieldError('acceptedBy', i18n.language === 'en' ? fault.message.en : fault.message.fr);
    return true;
  } });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">{t('holds.plan.acceptText')}</Text>
        <TextInput label={t('holds.plan.acceptedBy')} data-autofocus required maxLength={NAME_MAX} {...form.getInputProps('acceptedBy')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={save.isPending}>{t('holds.plan.accept')}</Button></Group>
      </Stack>
    </form>
  );
}

/** Records that a customer agreed to a proposed plan, and who said so. */
export function AcceptModal({ plan, close }: { readonly plan: HoldSummary | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={plan !== null} onClose={close} title={<Text fw={650}>{t('holds.plan.acceptTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {plan === null ? null : <AcceptForm plan={plan} close={close} />}
    </Modal>
  );
}
