import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckView } from '#core/api/configuration.ts';
import { get } from '../../api/client.ts';
import { Chip } from '../../ui/chip.tsx';
import { Card } from '../../ui/page.tsx';
import { FaultNote } from '../../ui/states.tsx';

/** Everything kept is computed again, on demand. */
export function ChecksCard(): ReactElement {
  const { t } = useTranslation();
  const { data, error, refetch, isFetching } = useQuery({ queryKey: ['verify'], queryFn: () => get<readonly CheckView[]>('/api/verify'), enabled: false });
  return (
    <Card title={t('settings.tabs.checks')}>
      <Stack aria-live="polite">
        <Text c="dimmed">{t('settings.checksText')}</Text>
        <Group><Button loading={isFetching} onClick={() => void refetch()}>{t('settings.checksRun')}</Button></Group>
        {error === null ? null : <FaultNote error={error} />}
        {data?.every((check) => check.ok) === true ? <Text fw={600} c="pine.8">{t('settings.checksAll')}</Text> : null}
        {data === undefined ? null : (
          <Table verticalSpacing="xs">
            <Table.Caption className="visually-hidden">{t('settings.tabs.checks')}</Table.Caption>
            <Table.Thead><Table.Tr><Table.Th scope="col">{t('settings.check')}</Table.Th><Table.Th scope="col">{t('settings.result')}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {data.map((check) => (
                <Table.Tr key={check.name}>
                  <Table.Td lang="en">{check.name}<Text size="xs" c="dimmed">{check.detail}</Text></Table.Td>
                  <Table.Td><Chip tone={check.ok ? 'green' : 'red'}>{check.ok ? t('settings.checkOk') : t('settings.checkBad')}</Chip></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Card>
  );
}
