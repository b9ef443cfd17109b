import { Autocomplete, Select, SimpleGrid, Text, TextInput, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerDetail } from '#core/api/customers.ts';
import { GRACE_DAYS, lastDayOf } from '#core/holds/grace.ts';
import { PROMISE_CHANNELS } from '#core/holds/promise.ts';
import { parseDay } from '#core/kernel/day.ts';
import type { Place } from '#core/ledger/calendar.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { decimalOf, inField, readAmount } from '../../ui/typed-amount.ts';
import { useFieldFault } from '../../ui/use-change.ts';
import { CurrencyChoice } from './currency-choice.tsx';
import { DOCUMENTS_MAX, DocumentPicker } from './document-picker.tsx';
import { AMOUNT_MAX, FormFrame, NAME_MAX, NOTE_MAX, NothingOpen } from './form-frame.tsx';
import { dayOfSession, inAWeek } from './hold-start.ts';
import { useDocuments } from './use-documents.ts';
import { useEntering } from './use-entering.ts';

/** What every form of the panel is given. */
export type HoldFormProps = { readonly of: CustomerDetail; readonly from: string | null; readonly close: () => void };

type Values = { amount: string; until: string; by: string; channel: string; note: string };

/** Names of people at the customer, offered as who promised. */
export const contactNames = (of: CustomerDetail): string[] => [...new Set(of.contacts.flatMap(({ name }) => (name === null ? [] : [name])))];

/** "Kept if the money is there by …": what the product will do with the promise, before it is entered. */
function WhatFollows({ until, place }: { readonly until: string; readonly place: Place }): ReactElement | null {
  const { t } = useTranslation();
  const language = useLanguage();
  const day = parseDay(until);
  return day === null ? null : <Text size="sm" c="dimmed">{t('holds.promise.follows', { day: formatDay(lastDayOf(day, GRACE_DAYS, place), language), count: GRACE_DAYS })}</Text>;
}

/** A promise to pay: what, how much, by when, who said so. */
export function PromiseForm({ of, from, close }: HoldFormProps): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const today = dayOfSession(useSession().organisation.today);
  const documents = useDocuments(of, from);
  const { currency, sum, chosen } = documents;
  const names = contactNames(of);
  const [only] = names;
  const form = useForm<Values>({
    initialValues: { amount: inField(decimalOf(sum, currency), language), until: inAWeek(today, of), by: names.length === 1 && only !== undefined ? only : '', channel: 'phone', note: '' },
    validate: {
      amount: (text) => {
        const minor = readAmount(text, currency);
        if (minor === null || minor <= 0n) return t('holds.fault.amount', { currency });
        return minor > sum ? t('holds.fault.overOpen', { open: formatMoney(decimalOf(sum, currency), currency, language) }) : null;
      },
      until: (text) => (parseDay(text) === null ? t('holds.fault.day') : text < today ? t('holds.fault.past') : null),
    },
  });
  // What is promised follows what is chosen.
  const follow = (next: bigint, spoken: string): void => form.setFieldValue('amount', inField(decimalOf(next, spoken), language));
  const failed = useFieldFault(form, { promiseTooMuch: 'amount', items: 'amount' });
  const save = useEntering('/api/holds', { said: t('holds.promise.saved', { customer: of.name }), close, failed });
  if (documents.here.length === 0) return <NothingOpen />;
  const none = chosen.size === 0 ? t('holds.fault.documents') : chosen.size > DOCUMENTS_MAX ? t('holds.fault.tooMany', { count: DOCUMENTS_MAX }) : null;
  const submit = form.onSubmit((values) => {
    if (none !== null) return;
    save.mutate({
      kind: 'promise', customerId: of.id, items: [...chosen], amount: decimalOf(readAmount(values.amount, currency) ?? 0n, currency), until: values.until, by: values.by, channel: values.channel, note: values.note,
    });
  });
  return (
    <FormFrame submit={submit} busy={save.isPending} close={close} label={t('holds.promise.save')}>
      <CurrencyChoice documents={documents} speak={(next) => follow(documents.speak(next), next)} />
      <DocumentPicker documents={documents.here} chosen={chosen} choose={(next) => follow(documents.choose(next), currency)} error={none} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} style={{ alignItems: 'start' }}>
        <TextInput label={t('holds.promise.amount', { currency })} inputMode="decimal" maxLength={AMOUNT_MAX} {...form.getInputProps('amount')} />
        <TextInput type="date" label={t('holds.promise.until')} min={today} {...form.getInputProps('until')} />
        <Autocomplete label={t('holds.promise.by')} data={names} maxLength={NAME_MAX} {...form.getInputProps('by')} />
        <Select label={t('holds.promise.channel')} allowDeselect={false} data={PROMISE_CHANNELS.map((value) => ({ value, label: t(`holds.channels.${value}`) }))} {...form.getInputProps('channel')} />
      </SimpleGrid>
      <WhatFollows until={form.values.until} place={of} />
      <Textarea label={t('holds.note')} autosize minRows={1} maxLength={NOTE_MAX} {...form.getInputProps('note')} />
    </FormFrame>
  );
}
