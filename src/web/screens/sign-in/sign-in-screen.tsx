import { Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactElement, FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '#core/api/session.ts';
import { change } from '../../api/client.ts';
import { sessionQuery } from '../../api/queries.ts';
import { FaultNote } from '../../ui/states.tsx';

/** Ends the sign-in: the answer is the session, and the link disappears from the address. */
function useSignedIn() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async (session: SessionView): Promise<void> => {
    client.clear();
    client.setQueryData(sessionQuery.queryKey, session);
    await navigate({ to: '/', replace: true });
  };
}

/** A one-time link is used when the person says so: a scanner that only opens the page spends nothing. */
function LinkForm({ token }: { readonly token: string }): ReactElement {
  const { t } = useTranslation();
  const signedIn = useSignedIn();
  const exchange = useMutation({ mutationFn: () => change<SessionView>('POST', '/api/session/link', { token }), onSuccess: signedIn });
  return (
    <Stack>
      <Title order={1}>{t('entry.linkTitle')}</Title>
      <Text c="dimmed">{t('entry.linkText')}</Text>
      {exchange.error === null ? null : <FaultNote error={exchange.error} />}
      <Button size="md" loading={exchange.isPending} onClick={() => exchange.mutate()}>{t('entry.linkOpen')}</Button>
    </Stack>
  );
}

function PasswordForm(): ReactElement {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signedIn = useSignedIn();
  const signIn = useMutation({ mutationFn: () => change<SessionView>('POST', '/api/session/password', { email, password }), onSuccess: signedIn });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Title order={1}>{t('entry.signInTitle')}</Title>
        <Text c="dimmed">{t('entry.pitch')}</Text>
        {signIn.error === null ? null : <FaultNote error={signIn.error} />}
        <TextInput label={t('entry.email')} type="email" autoComplete="username" required value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
        <PasswordInput label={t('entry.password')} autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
        <Button type="submit" size="md" loading={signIn.isPending}>{t('entry.signIn')}</Button>
        <Text size="sm" c="dimmed">{t('entry.noPassword')}</Text>
      </Stack>
    </form>
  );
}

/** Sign-in by the link's fragment, or by e-mail and password. */
export function SignInScreen(): ReactElement {
  const { t } = useTranslation();
  const { hash } = useLocation();
  useDocumentTitle(t('frame.documentTitle', { page: t('entry.signInTitle') }));
  return <div className="card" style={{ maxWidth: 420, margin: '4vh auto 0', padding: 28 }}>{hash.length > 0 ? <LinkForm token={hash} /> : <PasswordForm />}</div>;
}
