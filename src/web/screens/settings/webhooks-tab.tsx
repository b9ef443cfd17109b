import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { WebhookTried } from '#core/api/webhooks.ts';
import { WEBHOOK_EVENTS } from '#core/channels/webhook-events.ts';
import type { WebhookView } from '#core/channels/webhook-view.ts';
import { change } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { useWebhooks } from '../../api/webhooks.ts';
import { useLanguage } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatInstant } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { tellUndo } from '../../ui/tell-undo.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';
import { WebhookDialogs } from './webhook-dialogs.tsx';
import type { WebhookDialog } from './webhook-dialogs.tsx';

type Ask = (dialog: WebhookDialog) => void;

/** How an answer or its absence is said. */
function useOutcome(): (tried: WebhookTried) => string {
  const { t } = useTranslation();
  return ({ outcome, status }) => t(`webhooks.outcome.${outcome}`, { status: status ?? '' });
}

function Standing({ of }: { readonly of: WebhookView }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const outcome = useOutcome();
  const said = [
    of.last === null ? t('webhooks.noCall') : t('webhooks.lastCall', { at: formatInstant(of.last.at, language), outcome: outcome(of.last) }),
    of.waiting === 0 ? null : t('webhooks.waiting', { count: of.waiting }), of.more && of.waiting > 0 ? t('webhooks.more') : null, of.nextAt === null ? null : t('webhooks.nextTry', { at: formatInstant(of.nextAt, language) }),
    of.formerUntil === null ? null : t('webhooks.formerUntil', { at: formatInstant(of.formerUntil, language) }),
  ];
  return <Text size="sm" c="dimmed">{said.filter((part) => part !== null).join(' ')}</Text>;
}

function WhyOff({ of }: { readonly of: WebhookView }): ReactElement | null {
  const { t } = useTranslation();
  const language = useLanguage();
  if (of.offBecause === null) return null;
  const text = t(`webhooks.because.${of.offBecause}`, { at: formatInstant(of.stateAt, language) });
  if (of.offBecause === 'person') return <Text size="sm">{text}</Text>;
  return <Alert color="red" variant="light" p="xs" icon={<Icon name="alert" size={18} />} styles={{ message: { color: '#5b1a13' } }}>{text}</Alert>;
}

function Gestures({ of, ask }: { readonly of: WebhookView; readonly ask: Ask }): ReactElement {
  const { t } = useTranslation();
  const outcome = useOutcome();
  const test = useChange(() => change<WebhookTried>('POST', `/api/webhooks/${of.id}/test`), { done: (tried) => tell(t('webhooks.tested', { outcome: outcome(tried) }), tried.outcome === 'taken' ? 'good' : 'bad') });
  const on = useChange(() => change('POST', `/api/webhooks/${of.id}/on`, { from: 'here' }), { done: () => tell(t('webhooks.switchedOn')) });
  const off = useChange(() => change('POST', `/api/webhooks/${of.id}/off`), { done: () => tellUndo(`webhook-${of.id}`, t('webhooks.switchedOff'), { label: t('frame.undo'), act: () => on.mutate(undefined) }) });
  const small = { size: 'compact-sm', variant: 'light' } as const;
  return (
    <Group gap="xs">
      {of.on ? null : <Button size="compact-sm" onClick={() => ask({ asks: 'on', of })}>{t('webhooks.switchOn')}</Button>}
      <Button {...small} loading={test.isPending} onClick={() => test.mutate(undefined)} aria-label={t('webhooks.testOf', { address: of.address })}>{t('webhooks.test')}</Button>
      <Button {...small} onClick={() => ask({ asks: 'events', of })}>{t('webhooks.change')}</Button>
      <Button {...small} onClick={() => ask({ asks: 'rotate', of })}>{t('webhooks.rotate')}</Button>
      {of.on ? <Button {...small} loading={off.isPending} onClick={() => off.mutate(undefined)}>{t('webhooks.switchOff')}</Button> : null}
      <Button {...small} color="brick" onClick={() => ask({ asks: 'remove', of })} aria-label={t('webhooks.removeOf', { address: of.address })}>{t('webhooks.remove')}</Button>
    </Group>
  );
}

function WebhookLine({ of, ask }: { readonly of: WebhookView; readonly ask: Ask | null }): ReactElement {
  const { t } = useTranslation();
  const failing = of.on && of.nextAt !== null;
  const events = of.events.length === WEBHOOK_EVENTS.length ? t('webhooks.everything') : t('webhooks.count', { count: of.events.length, names: of.events.map((event) => t(`webhooks.event.${event}`)).join(', ') });
  return (
    <Stack component="li" gap={6}>
      <Group justify="space-between" gap="sm" align="flex-start">
        <Text fw={550} style={{ overflowWrap: 'anywhere', flex: '1 1 240px' }}>{of.address}</Text>
        <Chip tone={of.on ? (failing ? 'amber' : 'green') : of.offBecause === 'person' ? 'grey' : 'red'}>{of.on ? (failing ? t('webhooks.retrying') : t('webhooks.on')) : t('webhooks.off')}</Chip>
      </Group>
      <Text size="sm">{events}</Text>
      <WhyOff of={of} />
      <Standing of={of} />
      {ask === null ? null : <Gestures of={of} ask={ask} />}
    </Stack>
  );
}

/** Other software that is told what happened: which, of what, and how it stands. */
export function WebhooksTab(): ReactElement {
  const { t } = useTranslation();
  const owner = useSession().organisation.role === 'owner';
  const { data: page, error, refetch } = useWebhooks();
  const [dialog, setDialog] = useState<WebhookDialog | null>(null);
  if (page === undefined) return error === null ? <Loading rows={5} /> : <FaultNote error={error} retry={() => void refetch()} />;
  const full = page.webhooks.length >= page.max;
  const add = <Button leftSection={<Icon name="plus" size={16} />} disabled={full} onClick={() => setDialog({ asks: 'add' })}>{t('webhooks.add')}</Button>;
  return (
    <Card title={t('webhooks.title')} actions={owner && page.webhooks.length > 0 ? add : null}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">{t('webhooks.text')}</Text>
        {page.silent === null ? null : <Alert color="yellow" variant="light" icon={<Icon name="pause" />} styles={{ message: { color: '#6b3d00' } }}>{t(`webhooks.silent.${page.silent}`)}</Alert>}
        {owner ? null : <Text size="sm" c="dimmed">{t('webhooks.ownerAdds')}</Text>}
        {full && owner ? <Text size="sm" c="dimmed">{t('webhooks.full', { count: page.max })}</Text> : null}
        {page.webhooks.length === 0 ? <EmptyState icon="actions" title={t('webhooks.none')} text={t('webhooks.noneText')}>{owner ? add : null}</EmptyState> : (
          <Stack component="ul" className="plain-list" gap="xl" aria-label={t('webhooks.title')}>{page.webhooks.map((of) => <WebhookLine key={of.id} of={of} ask={owner ? setDialog : null} />)}</Stack>
        )}
      </Stack>
      <WebhookDialogs dialog={dialog} close={() => setDialog(null)} />
    </Card>
  );
}
