import { Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useDunning, useSession } from '../../api/queries.ts';
import { useSending } from '../../api/sending.ts';
import { Card } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { EndStopButton, StopButton } from '../../ui/stop.tsx';
import { BreakerCard } from './breaker-card.tsx';
import { ContactForm } from './contact-form.tsx';
import { RefusalsCard } from './refusals-card.tsx';
import { ReturnsCard } from './returns-card.tsx';
import { SendingForm } from './sending-form.tsx';

function StopCard(): ReactElement {
  const { t } = useTranslation();
  const { stop, organisation } = useSession();
  return (
    <Card title={t('sending.stop.title')}>
      <Group justify="space-between" gap="md">
        <Text size="sm" c="dimmed" style={{ flex: '1 1 300px' }}>{stop === null ? t('sending.stop.text') : t('sending.stop.stopped')}</Text>
        {organisation.role === 'reader' ? null : stop === null ? <StopButton /> : <EndStopButton />}
      </Group>
    </Card>
  );
}

/** Everything about what leaves: whether it does, where to, when, how fast, and what came back. */
export function SendingTab(): ReactElement {
  const sending = useSending();
  const dunning = useDunning();
  const error = sending.error ?? dunning.error;
  if (sending.data === undefined || dunning.data === undefined) return error === null ? <Loading rows={8} /> : <FaultNote error={error} retry={() => { void sending.refetch(); void dunning.refetch(); }} />;
  return <Stack gap="lg"><StopCard /><BreakerCard page={sending.data} /><ContactForm settings={dunning.data.settings} /><SendingForm page={sending.data} /><ReturnsCard /><RefusalsCard /></Stack>;
}
