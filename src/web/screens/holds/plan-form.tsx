import { Autocomplete, Checkbox, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/queries.ts';
import { decimalOf } from '../../ui/typed-amount.ts';
import { useFieldFault } from '../../ui/use-change.ts';
import { CurrencyChoice } from './currency-choice.tsx';
import { DOCUMENTS_MAX, DocumentPicker } from './document-picker.tsx';
import { FormFrame, NAME_MAX, NOTE_MAX, NothingOpen } from './form-frame.tsx';
import { dayOfSession, inAWeek } from './hold-start.ts';
import { PlanInstalments } from './plan-instalments.tsx';
import { planDraft } from './plan-values.ts';
import type { PlanValues } from './plan-values.ts';
import { contactNames } from './promise-form.tsx';
import type { HoldFormProps } from './promise-form.tsx';
import { useDocuments } from './use-documents.ts';
import { useEntering } from './use-entering.ts';

/** Instalments offered at first: a quarter by months. */
const FIRST_COUNT = 3;
/** Days between instalments offered when neither months nor weeks fit. */
const FIRST_DAYS = 15;

/** A payment plan over chosen documents, proposed or agreed. */
export function PlanForm({ of, from, close }: HoldFormProps): ReactElement {
  const { t } = useTranslation();
  const today = dayOfSession(useSession().organisation.today);
  const documents = useDocuments(of, from);
  const { currency, sum, chosen } = documents;
  const form = useForm<PlanValues>({
    initialValues: { mode: 'regular', count: FIRST_COUNT, every: 'month', days: FIRST_DAYS, firstOn: inAWeek(today, of), rows: [], accepted: false, acceptedBy: '', note: '' },
    validate: { acceptedBy: (text, { accepted }) => (accepted && text.trim() === '' ? t('holds.plan.whoNeeded') : null) },
  });
  const ground = { total: sum, currency, today };
  const draft = planDraft(form.values, ground);
  const failed = useFieldFault(form);
  const save = useEntering('/api/plans', { said: form.values.accepted ? t('holds.plan.saved', { customer: of.name }) : t('holds.plan.proposed', { customer: of.name }), close, failed });
  if (documents.here.length === 0) return <NothingOpen />;
  const none = chosen.size === 0 ? t('holds.fault.documents') : chosen.size > DOCUMENTS_MAX ? t('holds.fault.tooMany', { count: DOCUMENTS_MAX }) : null;
  const submit = form.onSubmit((values) => {
    if (none !== null || draft.fault !== null) return;
    save.mutate({
      customerId: of.id, items: [...chosen], instalments: draft.instalments.map(({ dueOn, minor }) => ({ dueOn, amount: decimalOf(minor, currency) })),
      acceptedBy: values.accepted ? values.acceptedBy : null, note: values.note,
    });
  });
  return (
    <FormFrame submit={submit} busy={save.isPending} close={close} label={form.values.accepted ? t('holds.plan.save') : t('holds.plan.propose')} disabled={draft.fault !== null}>
      <CurrencyChoice documents={documents} speak={documents.speak} />
      <DocumentPicker documents={documents.here} chosen={chosen} choose={documents.choose} error={none} />
      <PlanInstalments form={form} draft={draft} ground={ground} />
      <Checkbox label={t('holds.plan.accepted')} description={t('holds.plan.acceptedHint')} {...form.getInputProps('accepted', { type: 'checkbox' })} />
      {form.values.accepted ? <Autocomplete label={t('holds.plan.acceptedBy')} required data={contactNames(of)} maxLength={NAME_MAX} {...form.getInputProps('acceptedBy')} /> : null}
      <Textarea label={t('holds.note')} autosize minRows={1} maxLength={NOTE_MAX} {...form.getInputProps('note')} />
    </FormFrame>
  );
}
