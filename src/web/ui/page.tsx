import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { ReactElement, ReactNode } from 'react';

/** A page: its title, what can be done about the whole of it, and its content. */
export function Page({ title, subtitle, actions, children }: { readonly title: string; readonly subtitle?: ReactNode; readonly actions?: ReactNode; readonly children: ReactNode }): ReactElement {
  const { t } = useTranslation();
  useDocumentTitle(t('frame.documentTitle', { page: title }));
  return (
    <Stack gap="lg" className="page">
      <Group justify="space-between" align="flex-end" gap="md">
        <Box>
          <Title order={1}>{title}</Title>
          {subtitle === undefined ? null : <Text c="dimmed" size="sm" mt={2}>{subtitle}</Text>}
        </Box>
        {actions === undefined ? null : <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

/** A white block with a heading. */
export function Card({ title, actions, flush = false, children }: { readonly title?: ReactNode; readonly actions?: ReactNode; readonly flush?: boolean; readonly children: ReactNode }): ReactElement {
  const head = title === undefined ? null : (
    <Group justify="space-between" gap="sm" mb={flush ? 0 : 'md'} px={flush ? 20 : 0} py={flush ? 16 : 0}>
      <Title order={2}>{title}</Title>
      {actions}
    </Group>
  );
  return <section className={flush ? 'card card-flush' : 'card'}>{head}{children}</section>;
}
