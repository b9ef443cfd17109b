import { Button, Group, NumberInput, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { DunningView } from '#core/api/configuration.ts';
import { contactHoursProblems, DEFAULT_CONTACT_HOURS } from '#core/dunning/contact-hours.ts';
import { change } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { useSay } from '../../language/language.ts';
import { Card } from '../../ui/page.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';
import { HoursEditor } from './hours-editor.tsx';
import { hoursOf, weekRows } from './hours.ts';
import type { WeekRows } from './hours.ts';

type Values = { business: WeekRows; consumer: WeekRows; capped: boolean; contacts: number | string; windowDays: number | string };

/** Offered when the cap is switched on; those of the product. */
const FIRST_CAP = { contacts: 3, windowDays: 7 } as const;
const CONTACTS = { min: 1, max: 100 } as const;
const WINDOW_DAYS = { min: 1, max: 366 } as const;

const valuesOf = ({ contactHours, contactCap }: DunningView): Values => ({ business: weekRows(contactHours.business), consumer: weekRows(contactHours.consumer), capped: contactCap !== null, ...(contactCap ?? FIRST_CAP) });

/** When customers may be contacted, in their own time, and how often at most; the other dunning settings stay as they are. */
export function ContactForm({ settings }: { readonly settings: DunningView }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const owner = useSession().organisation.role === 'owner';
  const form = useForm<Values>({ initialValues: valuesOf(settings) });
  const hours = { business: hoursOf(form.values.business), consumer: hoursOf(form.values.consumer) };
  const [problem] = contactHoursProblems(hours);
  const save = useChange(({ capped, contacts, windowDays }: Values) => change('PUT', '/api/dunning', {
    ...settings, contactHours: hours, contactCap: capped ? { contacts: Number(contacts), windowDays: Number(windowDays) } : null,
  }), { done: () => {
    tell(t('sending.hours.saved'));
    void client.invalidateQueries({ queryKey: ['dunning'] });
  } });
  return (
    <form onSubmit={form.onSubmit((values) => { if (problem === undefined) save.mutate(values); })} noValidate>
      <fieldset disabled={!owner} style={{ border: 0, padding: 0, margin: 0 }}>
        <Card title={t('sending.hours.title')}>
          <Stack gap="lg">
            <Text size="sm" c="dimmed">{t('sending.hours.text')}</Text>
            <HoursEditor title={t('sending.hours.business')} week={form.values.business} owner={owner} change={(week) => form.setFieldValue('business', week)} />
            <HoursEditor title={t('sending.hours.consumer')} week={form.values.consumer} owner={owner} change={(week) => form.setFieldValue('consumer', week)} />
            {problem === undefined ? null : <Text size="sm" c="#b42318" role="alert">{say(problem)}</Text>}
            {owner ? <Group><Button size="compact-sm" variant="default" onClick={() => form.setValues({ business: weekRows(DEFAULT_CONTACT_HOURS.business), consumer: weekRows(DEFAULT_CONTACT_HOURS.consumer) })}>{t('sending.hours.defaults')}</Button></Group> : null}
            <Switch label={t('sending.cap.switch')} description={t('sending.cap.text')} {...form.getInputProps('capped', { type: 'checkbox' })} />
            {form.values.capped ? (
              <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
                <NumberInput label={t('settings.capContacts')} {...CONTACTS} clampBehavior="strict" allowDecimal={false} required {...form.getInputProps('contacts')} />
                <NumberInput label={t('settings.capDays')} {...WINDOW_DAYS} clampBehavior="strict" allowDecimal={false} required {...form.getInputProps('windowDays')} />
              </SimpleGrid>
            ) : null}
            {owner ? <Group justify="flex-end"><Button type="submit" size="md" loading={save.isPending} disabled={problem !== undefined}>{t('sending.hours.save')}</Button></Group> : null}
          </Stack>
        </Card>
      </fieldset>
    </form>
  );
}
