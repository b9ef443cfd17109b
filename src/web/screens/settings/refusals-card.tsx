import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RefusalView } from '#core/api/sending.ts';
import { change } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { useRefusals } from '../../api/sending.ts';
import { Chip } from '../../ui/chip.tsx';
import { LinkTo } from '../../ui/links.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { tellUndo } from '../../ui/tell-undo.tsx';
import { useChange } from '../../ui/use-change.ts';
import { useWords } from '../../ui/words.ts';

/** Contacts that refuse to be written to, each with the way to lift it; lifted by mistake, it is put back at once. */
export function RefusalsCard(): ReactElement {
  const { t } = useTranslation();
  const words = useWords();
  const mayWork = useSession().organisation.role !== 'reader';
  const { data, error, refetch } = useRefusals();
  const put = useChange(({ of, channels }: { of: RefusalView; channels: readonly string[] }) => change('PUT', `/api/customers/${of.customerId}/contacts/${of.contactId}/refusals`, { channels }), { done: (_answer, { of, channels }) => {
    if (channels.length === 0) tellUndo(`refusal-${of.contactId}`, t('sending.refusals.lifted', { customer: of.customerName }), { label: t('frame.undo'), act: () => put.mutate({ of, channels: of.channels }) });
  } });
  return (
    <Card title={t('sending.refusals.title')}>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined ? error === null ? <Loading rows={2} /> : null : data.length === 0 ? <EmptyState icon="check" title={t('sending.refusals.none')} text={t('sending.refusals.noneText')} /> : (
        <Stack component="ul" className="plain-list" gap="md">
          {data.map((of) => (
            <Group component="li" key={of.contactId} justify="space-between" gap="sm" align="flex-start">
              <div style={{ minWidth: 0 }}>
                <LinkTo to="/customers/$id" params={{ id: of.customerId }} fw={550}>{of.customerName}</LinkTo>
                <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{[of.name, of.email, of.phone].filter((part) => part !== null).join(' · ')}</Text>
                <Group gap={6} mt={4}>{of.channels.map((channel) => <Chip key={channel} tone="amber">{t('sending.refusals.refuses', { channel: words.channel(channel) })}</Chip>)}</Group>
              </div>
              {mayWork ? <Button size="compact-sm" variant="light" onClick={() => put.mutate({ of, channels: [] })} aria-label={t('sending.refusals.liftOf', { customer: of.customerName })}>{t('sending.refusals.lift')}</Button> : null}
            </Group>
          ))}
        </Stack>
      )}
    </Card>
  );
}
