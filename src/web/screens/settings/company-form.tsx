import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CompanyView } from '#core/api/configuration.ts';
import type { Language } from '#core/kernel/text.ts';
import { change } from '../../api/client.ts';
import { sessionQuery, useCompany, useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Card } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { termsInWords } from '../../ui/terms.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';

/** "FR76 3000 4000 …" in groups of four, as it is read on paper. */
const grouped = (iban: string | null): string => (iban ?? '').replaceAll(/\s/g, '').replaceAll(/(.{4})(?=.)/g, '$1 ');

function valuesOf(of: CompanyView, language: Language) {
  return {
    name: of.name, legalForm: of.legalForm ?? '', capital: of.capital ?? '', siren: of.siren ?? '', rcsCity: of.rcsCity ?? '', vatNumber: of.vatNumber ?? '',
    address1: of.address[0] ?? '', address2: of.address.slice(1).join(', '), postalCode: of.postalCode ?? '', city: of.city ?? '', country: of.country, phone: of.phone ?? '',
    email: of.email ?? '', iban: grouped(of.iban), bic: of.bic ?? '', signatory: of.signatory ?? '', defaultTerms: termsInWords(of.defaultTerms, language),
  };
}

type Values = ReturnType<typeof valuesOf>;

const bodyOf = ({ address1, address2, country, ...rest }: Values) => ({ ...rest, country: country.trim().toUpperCase(), address: [address1, address2].filter((line) => line.trim() !== '') });

function Fields({ of }: { readonly of: CompanyView }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const owner = useSession().organisation.role === 'owner';
  const form = useForm<Values>({ initialValues: valuesOf(of, useLanguage()) });
  const failed = useFieldFault(form);
  const save = useChange((values: Values) => change('PUT', '/api/company', bodyOf(values)), { done: () => {
    tell(t('settings.companySaved'));
    void client.invalidateQueries({ queryKey: ['company'] });
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }, failed });
  const two = { base: 1, sm: 2 };
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <fieldset disabled={!owner} style={{ border: 0, padding: 0, margin: 0 }}>
        <Stack gap="lg">
          <Text c="dimmed">{owner ? t('settings.companyText') : t('settings.ownerOnly')}</Text>
          <Card title={t('settings.sending')}>
            <SimpleGrid cols={two} style={{ alignItems: 'end' }}>
              <TextInput label={t('settings.email')} description={t('settings.emailHint')} type="email" maxLength={254} {...form.getInputProps('email')} />
              <TextInput label={t('settings.signatory')} description={t('settings.signatoryHint')} maxLength={120} {...form.getInputProps('signatory')} />
              <TextInput label={t('settings.phone')} type="tel" maxLength={30} {...form.getInputProps('phone')} />
            </SimpleGrid>
          </Card>
          <Card title={t('settings.bank')}>
            <SimpleGrid cols={two} style={{ alignItems: 'end' }}>
              <TextInput label={t('settings.iban')} description={t('settings.ibanHint')} maxLength={60} autoComplete="off" spellCheck={false} {...form.getInputProps('iban')} />
              <TextInput label={t('settings.bic')} description={t('frame.optional')} maxLength={20} autoComplete="off" spellCheck={false} {...form.getInputProps('bic')} />
              <TextInput label={t('settings.terms')} description={t('settings.termsHint')} required maxLength={200} {...form.getInputProps('defaultTerms')} />
            </SimpleGrid>
          </Card>
          <Card title={t('settings.identity')}>
            <SimpleGrid cols={two} style={{ alignItems: 'end' }}>
              <TextInput label={t('settings.name')} required maxLength={200} autoComplete="organization" {...form.getInputProps('name')} />
              <TextInput label={t('settings.legalForm')} placeholder={t('settings.legalFormHint')} maxLength={60} {...form.getInputProps('legalForm')} />
              <TextInput label={t('settings.capital')} maxLength={60} {...form.getInputProps('capital')} />
              <TextInput label={t('settings.siren')} maxLength={20} inputMode="numeric" {...form.getInputProps('siren')} />
              <TextInput label={t('settings.rcsCity')} maxLength={80} {...form.getInputProps('rcsCity')} />
              <TextInput label={t('settings.vat')} maxLength={20} {...form.getInputProps('vatNumber')} />
            </SimpleGrid>
          </Card>
          <Card title={t('settings.postal')}>
            <SimpleGrid cols={two} style={{ alignItems: 'end' }}>
              <TextInput label={t('settings.address1')} maxLength={120} autoComplete="address-line1" {...form.getInputProps('address1')} />
              <TextInput label={t('settings.address2')} maxLength={120} autoComplete="address-line2" {...form.getInputProps('address2')} />
              <TextInput label={t('settings.postalCode')} maxLength={12} autoComplete="postal-code" {...form.getInputProps('postalCode')} />
              <TextInput label={t('settings.city')} maxLength={80} autoComplete="address-level2" {...form.getInputProps('city')} />
              <TextInput label={t('settings.country')} required maxLength={2} {...form.getInputProps('country')} />
            </SimpleGrid>
          </Card>
          {owner ? <Group justify="flex-end"><Button type="submit" size="md" loading={save.isPending}>{t('frame.save')}</Button></Group> : null}
        </Stack>
      </fieldset>
    </form>
  );
}

/** The company that issues the invoices: what letters print and where money goes. */
export function CompanyForm(): ReactElement {
  const { data, error, refetch } = useCompany();
  if (data === undefined) return error === null ? <Loading rows={8} /> : <FaultNote error={error} retry={() => void refetch()} />;
  return <Fields of={data} />;
}
