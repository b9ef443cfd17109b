import { Autocomplete, Button, Group, Modal, SimpleGrid, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldDetail } from '#core/api/holds.ts';
import { parseDay } from '#core/kernel/day.ts';
import { change } from '../../api/client.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { tell } from '../../ui/tell.ts';
import { inField, plainDecimal, readAmount } from '../../ui/typed-amount.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';
import { emailFault, useOwners } from '../holds/dispute-form.tsx';
import { AMOUNT_MAX, EMAIL_MAX, NAME_MAX, NOTE_MAX } from '../holds/form-frame.tsx';
import { ReasonSelect } from '../holds/reason-select.tsx';

type Values = { reason: string; amount: string; ownerName: string; ownerEmail: string; deadline: string; note: string };

function EditForm({ of, close }: { readonly of: HoldDetail; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const owners = useOwners();
  const currency = of.currency ?? 'EUR';
  const form = useForm<Values>({
    initialValues: {
      reason: of.reason ?? 'other', amount: inField(of.amount ?? '', language), ownerName: of.dispute?.ownerName ?? '', ownerEmail: of.dispute?.ownerEmail ?? '', deadline: of.dispute?.deadline ?? '', note: of.note ?? '',
    },
    validate: {
      amount: (text) => { if (text.trim() === '') return null; const minor = readAmount(text, currency); return minor === null || minor <= 0n ? t('holds.fault.amount', { currency }) : null; },
      ownerEmail: (text) => emailFault(text, say), deadline: (text) => (text !== '' && parseDay(text) === null ? t('holds.fault.day') : null),
    },
  });
  const failed = useFieldFault(form, { disputeAmount: 'amount' });
  const save = useChange((values: Values) => change('PUT', `/api/holds/${of.id}/dispute`, {
    ...values, amount: plainDecimal(values.amount), ownerEmail: values.ownerEmail.trim(), deadline: values.deadline === '' ? null : values.deadline,
  }), { done: () => {
    close();
    tell(t('disputes.changed'));
  }, failed });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }} style={{ alignItems: 'start' }}>
          <ReasonSelect label={t('holds.dispute.reason')} allowDeselect={false} {...form.getInputProps('reason')} />
          {of.itemId === null ? null : <TextInput label={t('holds.dispute.amount', { currency })} description={t('disputes.amountEmpty')} inputWrapperOrder={['label', 'input', 'description', 'error']} inputMode="decimal" maxLength={AMOUNT_MAX} {...form.getInputProps('amount')} />}
          <Autocomplete label={t('holds.dispute.owner')} data-autofocus data={owners} maxLength={NAME_MAX} {...form.getInputProps('ownerName')} />
          <TextInput label={t('holds.dispute.ownerEmail')} inputMode="email" maxLength={EMAIL_MAX} {...form.getInputProps('ownerEmail')} />
          <TextInput type="date" label={t('holds.dispute.deadline')} {...form.getInputProps('deadline')} />
        </SimpleGrid>
        <Textarea label={t('holds.note')} autosize minRows={1} maxLength={NOTE_MAX} {...form.getInputProps('note')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={save.isPending}>{t('frame.save')}</Button></Group>
      </Stack>
    </form>
  );
}

/** Changes what a dispute in force is about, who looks after it and until when. */
export function DisputeEdit({ of, close }: { readonly of: HoldDetail | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={of !== null} onClose={close} size="lg" title={<Text fw={650}>{t('disputes.edit')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {of === null ? null : <EditForm of={of} close={close} />}
    </Modal>
  );
}
