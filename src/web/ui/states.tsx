import { Alert, Button, Group, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiFault } from '../api/client.ts';
import { useSay } from '../language/language.ts';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';

/** What could not be done, in the server's own sentence, with a way to try again. */
export function FaultNote({ error, retry }: { readonly error: unknown; readonly retry?: () => void }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const text = error instanceof ApiFault ? say(error.fault.message) : t('frame.crashText');
  return (
    <Alert color="brick" variant="light" title={t('frame.failedTitle')} icon={<Icon name="alert" />} role="alert" styles={{ message: { color: '#5b1a13' }, title: { color: '#8f1d12' } }}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{text}</Text>
        {retry === undefined ? null : <Button variant="white" color="brick" size="xs" onClick={retry}>{t('frame.retry')}</Button>}
      </Stack>
    </Alert>
  );
}

/** An empty place with what to do about it. */
export function EmptyState({ icon, title, text, children }: { readonly icon: IconName; readonly title: string; readonly text?: string; readonly children?: ReactNode }): ReactElement {
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      <ThemeIcon variant="light" size={54} radius="xl" color="pine"><Icon name={icon} size={26} /></ThemeIcon>
      <Title order={3} mt="xs">{title}</Title>
      {text === undefined ? null : <Text c="dimmed" maw={460}>{text}</Text>}
      {children === undefined ? null : <Group mt="sm" justify="center">{children}</Group>}
    </Stack>
  );
}

/** Grey lines while an answer is on its way. */
export function Loading({ rows = 6 }: { readonly rows?: number }): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack gap="sm" aria-busy="true" aria-live="polite" p="md">
      <span className="visually-hidden">{t('frame.loading')}</span>
      {Array.from({ length: rows }, (_, index) => <Skeleton key={index} height={index === 0 ? 28 : 18} width={`${95 - (index % 3) * 12}%`} radius="sm" />)}
    </Stack>
  );
}
