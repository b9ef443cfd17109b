import { Select, SimpleGrid, TextInput, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { parseDay } from '#core/kernel/day.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { formatDay } from '../../ui/format.ts';
import { useFieldFault } from '../../ui/use-change.ts';
import { FormFrame, NAME_MAX, NOTE_MAX } from './form-frame.tsx';
import { dayOfSession, inAWeek, openDocuments } from './hold-start.ts';
import type { HoldFormProps } from './promise-form.tsx';
import { useEntering } from './use-entering.ts';

/** A pause until a day, with its reason, of the whole account or one document. */
export function PauseForm({ of, from, close }: HoldFormProps): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const today = dayOfSession(useSession().organisation.today);
  const form = useForm({
    initialValues: { itemId: from ?? '', until: inAWeek(today, of), reason: '', note: '' },
    validate: {
      until: (text) => (parseDay(text) === null ? t('holds.fault.day') : text < today ? t('holds.fault.past') : null),
      reason: (text) => (text.trim() === '' ? t('holds.fault.reason') : null),
    },
  });
  const failed = useFieldFault(form);
  const until = parseDay(form.values.until);
  const save = useEntering('/api/holds', { said: t('holds.pause.saved', { day: until === null ? '' : formatDay(until, language) }), close, failed });
  const submit = form.onSubmit((values) => save.mutate({ kind: 'pause', customerId: of.id, itemId: values.itemId === '' ? null : values.itemId, until: values.until, reason: values.reason, note: values.note }));
  const about = [{ value: '', label: t('holds.wholeAccount') }, ...openDocuments(of).map(({ id, name }) => ({ value: id, label: name }))];
  return (
    <FormFrame submit={submit} busy={save.isPending} close={close} label={t('holds.pause.save')}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} style={{ alignItems: 'start' }}>
        <Select label={t('holds.about')} allowDeselect={false} searchable data={about} {...form.getInputProps('itemId')} />
        <TextInput type="date" label={t('holds.pause.until')} description={t('holds.pause.untilHint')} min={today} {...form.getInputProps('until')} inputWrapperOrder={['label', 'input', 'description', 'error']} />
      </SimpleGrid>
      <TextInput label={t('holds.pause.reason')} placeholder={t('holds.pause.reasonExample')} required maxLength={NAME_MAX} {...form.getInputProps('reason')} />
      <Textarea label={t('holds.note')} autosize minRows={1} maxLength={NOTE_MAX} {...form.getInputProps('note')} />
    </FormFrame>
  );
}
