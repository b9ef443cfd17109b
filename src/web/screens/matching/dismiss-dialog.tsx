import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { DISMISS_REASONS } from '#core/api/matching.ts';
import type { DismissReason, OpenLineView } from '#core/api/matching.ts';
import { useKeys } from '../../ui/keys.ts';
import { ReasonChoice, reasonOfKey } from './reason-choice.tsx';

/** Longest note the server takes. */
const NOTE_MAX = 500;

type Dismissing = { readonly line: OpenLineView; readonly close: () => void; readonly dismiss: (reason: DismissReason, note: string | null) => void };

function DismissForm({ close, dismiss }: Omit<Dismissing, 'line'>): ReactElement {
  const { t } = useTranslation();
  const [reason, setReason] = useState<DismissReason>('ownTransfer');
  const [note, setNote] = useState('');
  const noteField = useRef<HTMLInputElement>(null);
  const carryOut = (chosen: DismissReason): void => dismiss(chosen, note.trim() === '' ? null : note.trim());
  useKeys(({ key, repeat }) => {
    const chosen = repeat ? undefined : reasonOfKey(key, DISMISS_REASONS);
    if (chosen === undefined) return false;
    setReason(chosen);
    // "Something else" says nothing without a word on what.
    if (chosen === 'other') noteField.current?.focus();
    else carryOut(chosen);
    return true;
  }, false);
  return (
    <form onSubmit={(event) => { event.preventDefault(); carryOut(reason); }}>
      <Stack>
        <Text size="sm" c="dimmed">{t('matching.dismissText')} {t('matching.dismissHint')}</Text>
        <ReasonChoice label={t('matching.dismissReason')} value={reason} choose={(value) => setReason(DISMISS_REASONS.find((one) => one === value) ?? 'other')} reasons={DISMISS_REASONS.map((value) => ({ value, label: t(`matching.dismissReasons.${value}`) }))} />
        <TextInput ref={noteField} label={t('matching.dismissNote')} description={t('frame.optional')} maxLength={NOTE_MAX} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit">{t('matching.dismissConfirm')}</Button></Group>
      </Stack>
    </form>
  );
}

/** Says that a line is no customer's money, and what it is: one digit is enough. */
export function DismissDialog({ line, close, dismiss }: Omit<Dismissing, 'line'> & { readonly line: OpenLineView | null }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={line !== null} onClose={close} title={<Text fw={650}>{t('matching.dismissTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }} returnFocus={false}>
      {line === null ? null : <DismissForm close={close} dismiss={dismiss} />}
    </Modal>
  );
}
