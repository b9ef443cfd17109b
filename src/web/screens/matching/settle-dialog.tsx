import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { WRITE_OFF_REASONS } from '#core/api/matching.ts';
import type { PersonWriteOffReason } from '#core/api/matching.ts';
import { useLanguage } from '../../language/language.ts';
import { formatMoney } from '../../ui/format.ts';
import { useKeys } from '../../ui/keys.ts';
import type { Settling } from './proposals.ts';
import { ReasonChoice, reasonOfKey } from './reason-choice.tsx';

/** Longest note the server takes. */
const NOTE_MAX = 500;

type Props = { readonly of: Settling; readonly currency: string; readonly close: () => void; readonly settle: (reason: PersonWriteOffReason, note: string | null) => void };

function SettleForm({ of, currency, close, settle }: Props): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const [reason, setReason] = useState<PersonWriteOffReason>('bankFees');
  const [note, setNote] = useState('');
  useKeys(({ key }) => {
    const chosen = reasonOfKey(key, WRITE_OFF_REASONS);
    if (chosen === undefined) return false;
    setReason(chosen);
    return true;
  }, false);
  return (
    <form onSubmit={(event) => { event.preventDefault(); settle(reason, note.trim() === '' ? null : note.trim()); }}>
      <Stack>
        <Text size="sm" c="dimmed">{t('matching.settleText')}</Text>
        <ReasonChoice label={t('matching.writeOffReason')} value={reason} choose={(value) => setReason(WRITE_OFF_REASONS.find((one) => one === value) ?? 'bankFees')} reasons={WRITE_OFF_REASONS.map((value) => ({ value, label: t(`matching.reason.${value}`) }))} />
        <TextInput label={t('matching.writeOffNote')} description={t('frame.optional')} maxLength={NOTE_MAX} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit">{t('matching.settleConfirm', { amount: formatMoney(of.amount, currency, language) })}</Button></Group>
      </Stack>
    </form>
  );
}

/** Settles the documents of a proposal and lets what is missing go, with a reason. Letting go takes Enter: a digit only chooses. */
export function SettleDialog({ of, currency, close, settle }: Omit<Props, 'of'> & { readonly of: Settling | null }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Modal opened={of !== null} onClose={close} title={<Text fw={650}>{t('matching.settleTitle', { amount: of === null ? '' : formatMoney(of.amount, currency, language) })}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }} returnFocus={false}>
      {of === null ? null : <SettleForm of={of} currency={currency} close={close} settle={settle} />}
    </Modal>
  );
}
