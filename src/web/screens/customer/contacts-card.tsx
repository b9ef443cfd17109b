import { Button, Group, Modal, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContactView, CustomerDetail } from '#core/api/customers.ts';
import { CHANNELS, CONTACT_ROLES } from '#core/dunning/scenario.ts';
import { change } from '../../api/client.ts';
import { Chip } from '../../ui/chip.tsx';
import { Card } from '../../ui/page.tsx';
import { known } from '../../ui/reasons.ts';
import { tell } from '../../ui/tell.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';
import { useWords } from '../../ui/words.ts';

type Values = { name: string; email: string; phone: string; roles: string[]; refused: string[] };

const valuesOf = (contact: ContactView | null): Values => ({ name: contact?.name ?? '', email: contact?.email ?? '', phone: contact?.phone ?? '', roles: [...(contact?.roles ?? ['accountsPayable'])], refused: [...(contact?.refused ?? [])] });

/** What a contact can refuse: what reaches it; a check does not. */
const REFUSABLE = CHANNELS.filter((channel) => channel !== 'check');
const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((one) => b.includes(one));

function ContactForm({ customer, contact, close }: { readonly customer: string; readonly contact: ContactView | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const words = useWords();
  const form = useForm<Values>({ initialValues: valuesOf(contact) });
  const path = `/api/customers/${customer}/contacts`;
  const failed = useFieldFault(form);
  const save = useChange(async ({ refused, ...values }: Values) => {
    if (contact === null) return change('POST', path, values);
    await change('PUT', `${path}/${contact.id}`, values);
    return same(refused, contact.refused) ? null : change('PUT', `${path}/${contact.id}/refusals`, { channels: refused });
  }, { done: () => {
    tell(t('customers.contactSaved'));
    close();
  }, failed });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        <TextInput label={t('customers.contactEmail')} type="email" inputMode="email" data-autofocus maxLength={254} {...form.getInputProps('email')} />
        <TextInput label={t('customers.contactName')} maxLength={120} {...form.getInputProps('name')} />
        <TextInput label={t('customers.contactPhone')} type="tel" maxLength={30} {...form.getInputProps('phone')} />
        <MultiSelect label={t('customers.contactRoles')} data={CONTACT_ROLES.map((value) => ({ value, label: t(`customers.role.${value}`) }))} {...form.getInputProps('roles')} />
        {contact === null ? null : <MultiSelect label={t('customers.contactRefuses')} description={t('customers.contactRefusesHint')} data={REFUSABLE.map((value) => ({ value, label: words.channel(value) }))} {...form.getInputProps('refused')} />}
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={save.isPending} disabled={form.values.roles.length === 0}>{t('frame.save')}</Button></Group>
      </Stack>
    </form>
  );
}

function ContactLine({ customer, contact, edit, mayEdit }: { readonly customer: string; readonly contact: ContactView; readonly edit: () => void; readonly mayEdit: boolean }): ReactElement {
  const { t } = useTranslation();
  const words = useWords();
  const remove = useChange(() => change('DELETE', `/api/customers/${customer}/contacts/${contact.id}`), { done: () => tell(t('customers.contactRemoved')) });
  const name = contact.email ?? contact.phone ?? contact.name ?? '';
  const roles = contact.roles.map((role) => { const word = known(CONTACT_ROLES, role); return word === undefined ? role : t(`customers.role.${word}`); });
  return (
    <li>
      <Group gap={8}><Text fw={550} style={{ wordBreak: 'break-word' }}>{name}</Text>{contact.bounced ? <Chip tone="red">{t('customers.bounced')}</Chip> : null}{contact.refused.map((channel) => <Chip key={channel} tone="amber">{t('sending.refusals.refuses', { channel: words.channel(channel) })}</Chip>)}</Group>
      <Text size="sm" c="dimmed">{[contact.email === null ? null : contact.name, contact.email === null ? null : contact.phone, ...roles].filter((text) => text !== null && text !== '').join(' · ')}</Text>
      {mayEdit ? (
        <Group gap="xs" mt={4}>
          <Button size="compact-xs" variant="light" onClick={edit} aria-label={`${t('frame.edit')} ${name}`}>{t('frame.edit')}</Button>
          <Button size="compact-xs" variant="subtle" color="brick" loading={remove.isPending} onClick={() => remove.mutate(undefined)} aria-label={`${t('frame.remove')} ${name}`}>{t('frame.remove')}</Button>
        </Group>
      ) : null}
    </li>
  );
}

/** People and mailboxes to write to. */
export function ContactsCard({ of, mayEdit }: { readonly of: CustomerDetail; readonly mayEdit: boolean }): ReactElement {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<ContactView | 'new' | null>(null);
  return (
    <Card title={t('customers.contacts')} actions={mayEdit ? <Button size="xs" variant="light" onClick={() => setEdited('new')}>{t('customers.addContact')}</Button> : null}>
      {of.contacts.length === 0 ? <Text size="sm">{t('customers.noContact')}</Text> : null}
      <Stack component="ul" className="plain-list" gap="md">
        {of.contacts.map((contact) => <ContactLine key={contact.id} customer={of.id} contact={contact} mayEdit={mayEdit} edit={() => setEdited(contact)} />)}
      </Stack>
      <Modal opened={edited !== null} onClose={() => setEdited(null)} title={<Text fw={650}>{t('customers.contactTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
        {edited === null ? null : <ContactForm customer={of.id} contact={edited === 'new' ? null : edited} close={() => setEdited(null)} />}
      </Modal>
    </Card>
  );
}
