import { Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerDetail } from '#core/api/customers.ts';
import type { Language } from '#core/kernel/text.ts';
import { change } from '../../api/client.ts';
import { useDunning } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Card } from '../../ui/page.tsx';
import { tell } from '../../ui/tell.ts';
import { termsInWords } from '../../ui/terms.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';

function valuesOf(of: CustomerDetail, language: Language) {
  return {
    name: of.name, kind: of.kind, language: of.language, siren: of.siren ?? '', vatNumber: of.vatNumber ?? '', address1: of.address[0] ?? '', address2: of.address.slice(1).join(', '),
    postalCode: of.postalCode ?? '', city: of.city ?? '', country: of.country, terms: of.terms === null ? '' : termsInWords(of.terms, language), scenario: of.scenario ?? '', payerGroup: of.payerGroup ?? '',
  };
}

type Values = ReturnType<typeof valuesOf>;

const bodyOf = ({ address1, address2, country, ...rest }: Values) => ({ ...rest, country: country.trim().toUpperCase(), address: [address1, address2].filter((line) => line.trim() !== '') });

function RecordForm({ of, close }: { readonly of: CustomerDetail; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const { data: dunning } = useDunning();
  const form = useForm<Values>({ initialValues: valuesOf(of, useLanguage()) });
  const failed = useFieldFault(form);
  const save = useChange((values: Values) => change<{ dueDaysMoved: number }>('PUT', `/api/customers/${of.id}`, bodyOf(values)), { done: ({ dueDaysMoved }) => {
    tell(dueDaysMoved === 0 ? t('customers.recordSaved') : t('customers.recordMoved', { count: dueDaysMoved }));
    close();
  }, failed });
  const kinds = (['business', 'consumer', 'public'] as const).map((value) => ({ value, label: t(`customers.kinds.${value}`) }));
  const scenarios = [{ value: '', label: t('customers.scenarioDefault') }, ...(dunning?.scenarios ?? []).map((one) => ({ value: one.code, label: one.name }))];
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        <TextInput label={t('customers.name')} required maxLength={300} data-autofocus {...form.getInputProps('name')} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select label={t('customers.kind')} allowDeselect={false} data={kinds} {...form.getInputProps('kind')} />
          <Select label={t('customers.languageLabel')} allowDeselect={false} data={[{ value: 'fr', label: t('frame.french') }, { value: 'en', label: t('frame.english') }]} {...form.getInputProps('language')} />
        </SimpleGrid>
        <TextInput label={t('customers.address1')} maxLength={120} {...form.getInputProps('address1')} />
        <TextInput label={t('customers.address2')} maxLength={120} {...form.getInputProps('address2')} />
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <TextInput label={t('customers.postalCode')} maxLength={12} {...form.getInputProps('postalCode')} />
          <TextInput label={t('customers.city')} maxLength={80} {...form.getInputProps('city')} />
          <TextInput label={t('customers.country')} required maxLength={2} {...form.getInputProps('country')} />
        </SimpleGrid>
        <TextInput label={t('customers.terms')} description={t('customers.termsHint')} maxLength={200} {...form.getInputProps('terms')} />
        <Select label={t('customers.scenario')} allowDeselect={false} data={scenarios} {...form.getInputProps('scenario')} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label={t('customers.siren')} maxLength={20} {...form.getInputProps('siren')} />
          <TextInput label={t('customers.vat')} maxLength={20} {...form.getInputProps('vatNumber')} />
        </SimpleGrid>
        <TextInput label={t('matching.payerGroup')} description={t('matching.payerGroupHint')} maxLength={60} {...form.getInputProps('payerGroup')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={save.isPending}>{t('frame.save')}</Button></Group>
      </Stack>
    </form>
  );
}

function Line({ label, value }: { readonly label: string; readonly value: string | null }): ReactElement | null {
  if (value === null || value === '') return null;
  return <div><Text component="dt" size="xs" c="dimmed">{label}</Text><Text component="dd" m={0}>{value}</Text></div>;
}

/** What is known of the customer, and the form that changes it. */
export function RecordCard({ of, mayEdit }: { readonly of: CustomerDetail; readonly mayEdit: boolean }): ReactElement {
  const { t } = useTranslation();
  const { data: dunning } = useDunning();
  const language = useLanguage();
  const [editing, setEditing] = useState(false);
  const address = [...of.address, [of.postalCode, of.city].filter((part) => part !== null).join(' '), of.country === 'FR' ? '' : of.country].filter((line) => line !== '').join(', ');
  const scenario = of.scenario === null ? t('customers.scenarioDefault') : (dunning?.scenarios.find((one) => one.code === of.scenario)?.name ?? of.scenario);
  return (
    <Card title={t('customers.record')} actions={mayEdit ? <Button size="xs" variant="light" onClick={() => setEditing(true)}>{t('frame.edit')}</Button> : null}>
      <Stack component="dl" gap="sm" m={0}>
        <Line label={t('customers.code')} value={of.code} />
        <Line label={t('customers.kind')} value={t(`customers.kinds.${of.kind}`)} />
        <Line label={t('customers.address1')} value={address === '' ? t('customers.noAddress') : address} />
        <Line label={t('customers.terms')} value={of.terms === null ? null : termsInWords(of.terms, language)} />
        <Line label={t('customers.scenario')} value={scenario} />
        <Line label={t('matching.payerGroup')} value={of.payerGroup} />
        <Line label={t('customers.siren')} value={of.siren} />
        <Line label={t('customers.vat')} value={of.vatNumber} />
      </Stack>
      <Modal opened={editing} onClose={() => setEditing(false)} size="lg" title={<Text fw={650}>{t('customers.recordTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
        {editing ? <RecordForm of={of} close={() => setEditing(false)} /> : null}
      </Modal>
    </Card>
  );
}
