import { Button, Loader, SimpleGrid, Stack, Text, TextInput, ThemeIcon, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { FormEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { change, get } from '../../api/client.ts';
import { useJob } from '../../api/jobs.ts';
import { sessionQuery } from '../../api/queries.ts';
import { Icon } from '../../ui/icons.tsx';
import { FaultNote } from '../../ui/states.tsx';
import { useChange } from '../../ui/use-change.ts';

const samplePath = (id: string): string => `/api/setup/sample/${id}`;

function SampleCard(): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: setup } = useQuery({ queryKey: ['setup'], queryFn: () => get<{ sample: boolean }>('/api/setup') });
  const { running, fault, start } = useJob<{ organisation: string }>(samplePath, () => {
    void client.invalidateQueries().then(() => navigate({ to: '/' }));
  });
  return (
    <section className="card">
      <Stack h="100%" justify="space-between">
        <Stack gap="xs">
          <ThemeIcon variant="light" size={46} radius="md"><Icon name="overview" size={24} /></ThemeIcon>
          <Title order={2}>{t('entry.sampleTitle')}</Title>
          <Text c="dimmed">{t('entry.sampleText')}</Text>
          {fault === null ? null : <FaultNote error={fault} />}
        </Stack>
        {setup?.sample === false ? <Text size="sm" c="dimmed">{t('entry.sampleUnavailable')}</Text> : (
          <Button size="md" variant="light" disabled={running} leftSection={running ? <Loader size="xs" /> : null} onClick={() => void start(() => change<{ job: string }>('POST', '/api/setup/sample'))}>
            {running ? t('entry.sampleWorking') : t('entry.sampleStart')}
          </Button>
        )}
        <span className="visually-hidden" aria-live="polite">{running ? t('entry.sampleWorking') : ''}</span>
      </Stack>
    </section>
  );
}

function OwnCard(): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const save = useChange((given: string) => change('PUT', '/api/setup/company', { name: given }), { done: () => {
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey }).then(() => navigate({ to: '/import' }));
  } });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(name.trim() === '');
    if (name.trim() !== '') save.mutate(name.trim());
  };
  return (
    <section className="card">
      <form onSubmit={submit} style={{ height: '100%' }} noValidate>
        <Stack h="100%" justify="space-between">
          <Stack gap="xs">
            <ThemeIcon variant="light" size={46} radius="md"><Icon name="imports" size={24} /></ThemeIcon>
            <Title order={2}>{t('entry.ownTitle')}</Title>
            <Text c="dimmed">{t('entry.ownText')}</Text>
            <TextInput label={t('entry.ownName')} autoComplete="organization" required value={name} maxLength={200} error={missing ? t('entry.ownNameNeeded') : null} onChange={(event) => setName(event.currentTarget.value)} />
          </Stack>
          <Button size="md" type="submit" loading={save.isPending}>{t('entry.ownStart')}</Button>
        </Stack>
      </form>
    </section>
  );
}

/** First start: two ways to begin. */
export function WelcomeScreen(): ReactElement {
  const { t } = useTranslation();
  useDocumentTitle(t('frame.documentTitle', { page: t('entry.welcomeTitle') }));
  return (
    <Stack gap="lg" maw={880} mx="auto">
      <div>
        <Title order={1}>{t('entry.welcomeTitle')}</Title>
        <Text c="dimmed" mt={4}>{t('entry.welcomeText')}</Text>
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg"><OwnCard /><SampleCard /></SimpleGrid>
    </Stack>
  );
}
