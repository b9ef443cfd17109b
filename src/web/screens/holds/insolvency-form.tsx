import { SimpleGrid, Text, TextInput, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldDetail } from '#core/api/holds.ts';
import { claimDeadline } from '#core/holds/insolvency.ts';
import { parseDay } from '#core/kernel/day.ts';
import { useCompany, useSession } from '../../api/queries.ts';
import { useFieldFault } from '../../ui/use-change.ts';
import { ClaimNote } from './claim-note.tsx';
import { FormFrame, NAME_MAX, NOTE_MAX } from './form-frame.tsx';
import type { HoldFormProps } from './promise-form.tsx';
import { useEntering } from './use-entering.ts';

/** The claim to file as the server will say it, from what is typed; null while the company's place is on its way. */
export function useClaim(publishedOn: string): HoldDetail['claim'] {
  const { data: company } = useCompany();
  if (company === undefined) return null;
  const deadline = claimDeadline({ publishedOn: parseDay(publishedOn), creditor: { country: company.country, postalCode: company.postalCode } });
  return deadline.ok ? { dueOn: deadline.value.on, article: deadline.value.rule.article, url: deadline.value.rule.url, problem: null } : { dueOn: null, article: null, url: null, problem: deadline.error.message };
}

/** Insolvency proceedings: the judgment, the court, the publication from which the time to file runs. */
export function InsolvencyForm({ of, close }: HoldFormProps): ReactElement {
  const { t } = useTranslation();
  const { today } = useSession().organisation;
  const form = useForm({
    initialValues: { from: today, court: '', publishedOn: '', note: '' },
    validate: {
      from: (text) => (parseDay(text) === null ? t('holds.fault.day') : text > today ? t('holds.fault.toCome') : null),
      publishedOn: (text, { from }) => (text === '' ? null : parseDay(text) === null ? t('holds.fault.day') : text < from ? t('holds.fault.publishedBefore') : null),
    },
  });
  const failed = useFieldFault(form, { judgmentToCome: 'from', publishedBefore: 'publishedOn' });
  const save = useEntering('/api/holds', { said: t('holds.insolvency.saved', { customer: of.name }), close, failed });
  const claim = useClaim(form.values.publishedOn);
  const submit = form.onSubmit((values) => save.mutate({ kind: 'insolvency', customerId: of.id, from: values.from, court: values.court, publishedOn: values.publishedOn === '' ? null : values.publishedOn, note: values.note }));
  return (
    <FormFrame submit={submit} busy={save.isPending} close={close} label={t('holds.insolvency.save')}>
      <Text size="sm" c="dimmed">{t('holds.insolvency.follows')}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} style={{ alignItems: 'start' }}>
        <TextInput type="date" label={t('holds.insolvency.judgment')} max={today} {...form.getInputProps('from')} />
        <TextInput type="date" label={t('holds.insolvency.published')} description={t('holds.insolvency.publishedHint')} {...form.getInputProps('publishedOn')} inputWrapperOrder={['label', 'input', 'description', 'error']} />
      </SimpleGrid>
      <TextInput label={t('holds.insolvency.court')} placeholder={t('holds.insolvency.courtExample')} maxLength={NAME_MAX} {...form.getInputProps('court')} />
      {claim === null ? null : <ClaimNote claim={claim} />}
      <Textarea label={t('holds.note')} autosize minRows={1} maxLength={NOTE_MAX} {...form.getInputProps('note')} />
    </FormFrame>
  );
}
