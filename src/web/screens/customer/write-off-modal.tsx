import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ItemView } from '#core/api/customers.ts';
import { WRITE_OFF_REASONS } from '#core/api/matching.ts';
import type { Placed } from '#core/api/matching.ts';
import { change } from '../../api/client.ts';
import { useLanguage } from '../../language/language.ts';
import { formatMoney } from '../../ui/format.ts';
import { tell } from '../../ui/tell.ts';
import { decimalOf, inField, plainDecimal, readAmount } from '../../ui/typed-amount.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';

/** Longest note and amount the server takes. */
const NOTE_MAX = 500;
const AMOUNT_MAX = 24;

function WriteOffForm({ item, close }: { readonly item: ItemView; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const name = item.document ?? item.label ?? item.id;
  const money = (amount: string): string => formatMoney(amount, item.currency, language);
  const wrong = (text: string): string | null => {
    const minor = readAmount(text, item.currency);
    if (minor === null) return t('matching.fault.notAmount', { currency: item.currency, example: money(item.open) });
    return minor <= 0n ? t('matching.fault.zero') : minor > (readAmount(item.open, item.currency) ?? 0n) ? t('matching.fault.overOpen') : null;
  };
  const form = useForm({ initialValues: { amount: inField(item.open, language), reason: 'goodwill', note: '' }, validate: { amount: wrong } });
  const failed = useFieldFault(form, { writeOff: 'amount', item: 'amount' });
  const save = useChange(({ amount, reason, note }: { amount: string; reason: string; note: string }) => change<Placed>('POST', '/api/matching/write-off', {
    item: item.id, amount: decimalOf(readAmount(amount, item.currency) ?? 0n, item.currency), reason, note: note.trim() === '' ? null : note.trim(),
  }), { done: (_answer, { amount }) => {
    tell(t('matching.itemWriteOffDone', { amount: money(plainDecimal(amount) ?? '0'), document: name }));
    close();
  }, failed });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <Text size="sm">{t('matching.itemWriteOffText', { open: money(item.open) })}</Text>
        <TextInput label={t('matching.itemWriteOffAmount')} inputMode="decimal" required data-autofocus maxLength={AMOUNT_MAX} {...form.getInputProps('amount')} />
        <Select label={t('matching.writeOffReason')} allowDeselect={false} data={WRITE_OFF_REASONS.map((value) => ({ value, label: t(`matching.reason.${value}`) }))} {...form.getInputProps('reason')} />
        <TextInput label={t('matching.writeOffNote')} description={t('frame.optional')} maxLength={NOTE_MAX} {...form.getInputProps('note')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button color="brick" type="submit" loading={save.isPending}>{t('matching.itemWriteOffConfirm')}</Button></Group>
      </Stack>
    </form>
  );
}

/** Lets go of all or part of what is open of a document, without money; undone like a match. */
export function WriteOffModal({ item, close }: { readonly item: ItemView | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={item !== null} onClose={close} title={<Text fw={650}>{t('matching.itemWriteOffTitle', { document: item?.document ?? item?.label ?? '' })}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {item === null ? null : <WriteOffForm item={item} close={close} />}
    </Modal>
  );
}
