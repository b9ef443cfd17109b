import { Button, Checkbox, Fieldset, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { WEBHOOK_EVENTS, WEBHOOK_GROUPS } from '#core/channels/webhook-events.ts';
import type { WebhookEvent, WebhookGroup } from '#core/channels/webhook-events.ts';

const GROUPS: readonly WebhookGroup[] = ['messages', 'promises', 'plans', 'disputes', 'items'];

/** What a webhook is told, as checkboxes by subject. */
export function WebhookEvents({ value, onChange, error }: { readonly value: readonly WebhookEvent[]; readonly onChange: (events: WebhookEvent[]) => void; readonly error: string | null }): ReactElement {
  const { t } = useTranslation();
  const all = value.length === WEBHOOK_EVENTS.length;
  const toggle = (event: WebhookEvent): void => onChange(WEBHOOK_EVENTS.filter((one) => (one === event) !== value.includes(one)));
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550} id="webhook-events">{t('webhooks.events')}</Text>
        <Button size="compact-xs" variant="subtle" onClick={() => onChange(all ? [] : [...WEBHOOK_EVENTS])}>{all ? t('webhooks.noneOf') : t('webhooks.all')}</Button>
      </Group>
      {error === null ? null : <Text size="sm" c="brick" role="alert">{error}</Text>}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {GROUPS.map((group) => (
          <Fieldset key={group} legend={t(`webhooks.group.${group}`)} p="sm">
            <Stack gap={8}>{WEBHOOK_GROUPS[group].map((event) => <Checkbox key={event} label={t(`webhooks.event.${event}`)} checked={value.includes(event)} onChange={() => toggle(event)} />)}</Stack>
          </Fieldset>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
