import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { change } from '../../api/client.ts';
import { sessionQuery, useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Card } from '../../ui/page.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';

function Identity(): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const language = useLanguage();
  const { user } = useSession();
  const form = useForm({ initialValues: { name: user.name, email: user.email } });
  const failed = useFieldFault(form);
  const save = useChange((values: { name: string; email: string }) => change('PUT', '/api/account', { ...values, language }), { done: () => {
    tell(t('settings.accountSaved'));
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }, failed });
  return (
    <Card title={t('settings.tabs.account')}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack maw={480}>
          <Text c="dimmed" size="sm">{t('settings.accountText')}</Text>
          <TextInput label={t('settings.accountName')} required maxLength={200} autoComplete="name" {...form.getInputProps('name')} />
          <TextInput label={t('settings.accountEmail')} required type="email" maxLength={254} autoComplete="email" {...form.getInputProps('email')} />
          <Group><Button type="submit" loading={save.isPending}>{t('frame.save')}</Button></Group>
        </Stack>
      </form>
    </Card>
  );
}

function Password(): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { user } = useSession();
  const form = useForm({ initialValues: { current: '', next: '' } });
  const failed = useFieldFault(form);
  const save = useChange((values: { current: string; next: string }) => change('PUT', '/api/account/password', values), { done: () => {
    tell(t('settings.passwordSaved'));
    form.reset();
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }, failed });
  return (
    <Card title={t('settings.password')}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack maw={480}>
          {user.hasPassword ? <PasswordInput label={t('settings.passwordCurrent')} required autoComplete="current-password" {...form.getInputProps('current')} /> : null}
          <PasswordInput label={t('settings.passwordNew')} description={t('settings.passwordHint')} required minLength={12} autoComplete="new-password" {...form.getInputProps('next')} />
          <Group><Button type="submit" loading={save.isPending}>{user.hasPassword ? t('settings.passwordChange') : t('settings.passwordSet')}</Button></Group>
        </Stack>
      </form>
    </Card>
  );
}

/** Name, e-mail and password of whoever is signed in. */
export function AccountForm(): ReactElement {
  return <Stack gap="lg"><Identity /><Password /></Stack>;
}
