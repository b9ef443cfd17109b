import { Autocomplete, Select, SimpleGrid, Text, TextInput, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMemo } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { disputeSteps } from '#core/holds/dispute-reasons.ts';
import { parseDay } from '#core/kernel/day.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import { useDisputeStatistics } from '../../api/holds.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatMoney } from '../../ui/format.ts';
import { decimalOf, inField, readAmount } from '../../ui/typed-amount.ts';
import { useFieldFault } from '../../ui/use-change.ts';
import { AMOUNT_MAX, EMAIL_MAX, FormFrame, NAME_MAX, NOTE_MAX, NothingOpen } from './form-frame.tsx';
import { dayOfSession, deadlineOf, openDocuments } from './hold-start.ts';
import type { OpenDocument } from './hold-start.ts';
import type { HoldFormProps } from './promise-form.tsx';
import { ReasonSelect } from './reason-select.tsx';
import { useEntering } from './use-entering.ts';

type Values = { itemId: string; reason: string; amount: string; ownerName: string; ownerEmail: string; deadline: string; note: string };

/** Names of people who looked after disputes before. */
export function useOwners(): string[] {
  const { data } = useDisputeStatistics('owner');
  return [...new Set((data?.rows ?? []).map(({ key }) => key).filter((key) => key !== ''))];
}

/** Why an e-mail typed for somebody is none; null when it is one, or empty. */
export const emailFault = (text: string, say: (text: { fr: string; en: string }) => string): string | null => {
  if (text.trim() === '') return null;
  const parsed = parseRecipient(text.trim());
  return parsed.ok ? null : say(parsed.error.message);
};

function Fields({ of, from, close, documents }: HoldFormProps & { readonly documents: readonly OpenDocument[] }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const owners = useOwners();
  const today = dayOfSession(useSession().organisation.today);
  const first = documents.find(({ id }) => id === from) ?? documents[0];
  const documentOf = (id: string): OpenDocument | undefined => documents.find((one) => one.id === id);
  const whole = (document: OpenDocument | undefined): string => (document === undefined ? '' : inField(decimalOf(document.open, document.currency), language));
  const form = useForm<Values>({
    initialValues: { itemId: first?.id ?? '', reason: 'commercial', amount: whole(first), ownerName: '', ownerEmail: '', deadline: deadlineOf('commercial', today), note: '' },
    validate: {
      amount: (text, { itemId }) => {
        const document = documentOf(itemId);
        if (document === undefined) return null;
        const minor = readAmount(text, document.currency);
        if (minor === null || minor <= 0n) return t('holds.fault.amount', { currency: document.currency });
        return minor > document.open ? t('holds.fault.overOpen', { open: formatMoney(decimalOf(document.open, document.currency), document.currency, language) }) : null;
      },
      ownerEmail: (text) => emailFault(text, say),
      deadline: (text) => (parseDay(text) === null ? t('holds.fault.day') : null),
    },
  });
  const { itemId, reason } = form.values;
  const chosen = documentOf(itemId);
  const failed = useFieldFault(form, { disputeAmount: 'amount' });
  const save = useEntering('/api/holds', { said: t('holds.dispute.saved', { document: chosen?.name ?? '' }), close, failed });
  const submit = form.onSubmit((values) => {
    if (chosen === undefined) return;
    const minor = readAmount(values.amount, chosen.currency) ?? 0n;
    save.mutate({
      kind: 'dispute', customerId: of.id, itemId: values.itemId, reason: values.reason, amount: minor === chosen.open ? null : decimalOf(minor, chosen.currency), ownerName: values.ownerName,
      ownerEmail: values.ownerEmail.trim(), deadline: values.deadline, note: values.note,
    });
  });
  const chooseReason = (code: string | null): void => {
    if (code === null) return;
    form.setValues({ reason: code, ...(form.isDirty('deadline') ? {} : { deadline: deadlineOf(code, today) }) });
  };
  const steps = disputeSteps(reason);
  return (
    <FormFrame submit={submit} busy={save.isPending} close={close} label={t('holds.dispute.save')}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} style={{ alignItems: 'start' }}>
        <Select label={t('holds.document')} allowDeselect={false} searchable data={documents.map((one) => ({ value: one.id, label: one.name }))} {...form.getInputProps('itemId')} onChange={(value) => { if (value !== null) form.setValues({ itemId: value, amount: whole(documentOf(value)) }); }} />
        <TextInput label={t('holds.dispute.amount', { currency: chosen?.currency ?? '' })} description={t('holds.dispute.amountHint')} inputMode="decimal" maxLength={AMOUNT_MAX} {...form.getInputProps('amount')} inputWrapperOrder={['label', 'input', 'description', 'error']} />
        <ReasonSelect label={t('holds.dispute.reason')} allowDeselect={false} value={reason} onChange={chooseReason} />
        <TextInput type="date" label={t('holds.dispute.deadline')} {...form.getInputProps('deadline')} />
        <Autocomplete label={t('holds.dispute.owner')} description={t('holds.dispute.ownerHint')} data={owners} maxLength={NAME_MAX} {...form.getInputProps('ownerName')} inputWrapperOrder={['label', 'input', 'description', 'error']} />
        <TextInput label={t('holds.dispute.ownerEmail')} inputMode="email" maxLength={EMAIL_MAX} {...form.getInputProps('ownerEmail')} />
      </SimpleGrid>
      <Text size="sm" c="dimmed">{t('holds.dispute.follows', { count: steps.length, first: say(steps[0]?.text ?? { fr: '', en: '' }) })}</Text>
      <Textarea label={t('holds.note')} autosize minRows={1} maxLength={NOTE_MAX} {...form.getInputProps('note')} />
    </FormFrame>
  );
}

/** A dispute of a document, whole or in part: why, who looks after it, until when. */
export function DisputeForm(props: HoldFormProps): ReactElement {
  const documents = useMemo(() => openDocuments(props.of), [props.of]);
  return documents.length === 0 ? <NothingOpen /> : <Fields {...props} documents={documents} />;
}
