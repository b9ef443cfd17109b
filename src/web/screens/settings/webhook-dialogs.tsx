import { Button, CopyButton, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { WebhookSecret } from '#core/api/webhooks.ts';
import { WEBHOOK_EVENTS } from '#core/channels/webhook-events.ts';
import type { WebhookEvent } from '#core/channels/webhook-events.ts';
import type { WebhookFrom, WebhookView } from '#core/channels/webhook-view.ts';
import { change } from '../../api/client.ts';
import { useSay } from '../../language/language.ts';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';
import { WebhookEvents } from './webhook-events.tsx';

/** What a person is asked about a webhook before it happens. */
export type WebhookDialog = { readonly asks: 'add' } | { readonly asks: 'events' | 'rotate' | 'on' | 'remove'; readonly of: WebhookView };

type Asking = { readonly close: () => void };
type AskingOf = Asking & { readonly of: WebhookView };
type Showing = { readonly show: (secret: string) => void };

function Buttons({ close, act, busy, danger = false }: Asking & { readonly act: string; readonly busy: boolean; readonly danger?: boolean }): ReactElement {
  const { t } = useTranslation();
  return <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={busy} {...(danger ? { color: 'brick' } : {})}>{act}</Button></Group>;
}

const submitting = (act: () => void) => (event: FormEvent): void => {
  event.preventDefault();
  act();
};

function AddForm({ close, show }: Asking & Showing): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<WebhookEvent[]>([...WEBHOOK_EVENTS]);
  const [faults, setFaults] = useState<{ url: string | null; events: string | null }>({ url: null, events: null });
  const add = useChange((body: { url: string; events: readonly WebhookEvent[] }) => change<WebhookSecret>('POST', '/api/webhooks', body), {
    done: ({ secret }) => show(secret),
    failed: (fault) => {
      setFaults(fault.code === 'webhook.events' ? { url: null, events: say(fault.message) } : { url: say(fault.message), events: null });
      return true;
    },
  });
  const send = (): void => {
    const found = { url: url.trim() === '' ? t('webhooks.urlNeeded') : null, events: events.length === 0 ? t('webhooks.eventsNeeded') : null };
    setFaults(found);
    if (found.url === null && found.events === null) add.mutate({ url: url.trim(), events });
  };
  const write = (text: string): void => {
    setUrl(text);
    setFaults({ ...faults, url: null });
  };
  return (
    <form onSubmit={submitting(send)} noValidate>
      <Stack>
        <TextInput label={t('webhooks.url')} description={t('webhooks.urlHint')} placeholder="https://" required data-autofocus type="url" inputMode="url" autoComplete="off" spellCheck={false} value={url} onChange={(event) => write(event.currentTarget.value)} error={faults.url} />
        <WebhookEvents value={events} onChange={setEvents} error={events.length === 0 ? faults.events : null} />
        <Buttons close={close} act={t('webhooks.create')} busy={add.isPending} />
      </Stack>
    </form>
  );
}

function EventsForm({ of, close }: AskingOf): ReactElement {
  const { t } = useTranslation();
  const [events, setEvents] = useState<WebhookEvent[]>([...of.events]);
  const [fault, setFault] = useState<string | null>(null);
  const save = useChange(() => change('PUT', `/api/webhooks/${of.id}`, { events }), { done: () => {
    close();
    tell(t('webhooks.changed'));
  } });
  return (
    <form onSubmit={submitting(() => (events.length === 0 ? setFault(t('webhooks.eventsNeeded')) : save.mutate(undefined)))} noValidate>
      <Stack><WebhookEvents value={events} onChange={setEvents} error={events.length === 0 ? fault : null} /><Buttons close={close} act={t('frame.save')} busy={save.isPending} /></Stack>
    </form>
  );
}

function RotateForm({ of, close, show }: AskingOf & Showing): ReactElement {
  const { t } = useTranslation();
  const rotate = useChange(() => change<WebhookSecret>('POST', `/api/webhooks/${of.id}/secret`), { done: ({ secret }) => show(secret) });
  return <form onSubmit={submitting(() => rotate.mutate(undefined))}><Stack><Text size="sm">{t('webhooks.rotateText')}</Text><Buttons close={close} act={t('webhooks.rotate')} busy={rotate.isPending} /></Stack></form>;
}

function OnForm({ of, close }: AskingOf): ReactElement {
  const { t } = useTranslation();
  const [from, setFrom] = useState<WebhookFrom>('here');
  const on = useChange(() => change('POST', `/api/webhooks/${of.id}/on`, { from }), { done: () => {
    close();
    tell(t('webhooks.switchedOn'));
  } });
  return (
    <form onSubmit={submitting(() => on.mutate(undefined))}>
      <Stack>
        <Radio.Group label={t('webhooks.from')} value={from} onChange={(value) => setFrom(value === 'now' ? 'now' : 'here')}>
          <Stack gap="sm" mt="xs">
            <Radio value="here" label={t('webhooks.fromHere')} description={`${t('webhooks.fromHereText')}${of.offBecause === 'unsure' || of.offBecause === 'failing' ? ` ${t('webhooks.fromUnsure')}` : ''}`} data-autofocus />
            <Radio value="now" label={t('webhooks.fromNow')} description={t('webhooks.fromNowText')} />
          </Stack>
        </Radio.Group>
        <Buttons close={close} act={t('webhooks.switchOn')} busy={on.isPending} />
      </Stack>
    </form>
  );
}

function RemoveForm({ of, close }: AskingOf): ReactElement {
  const { t } = useTranslation();
  const remove = useChange(() => change('DELETE', `/api/webhooks/${of.id}`), { done: () => {
    close();
    tell(t('webhooks.removed'));
  } });
  return (
    <form onSubmit={submitting(() => remove.mutate(undefined))}>
      <Stack><Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>{of.address}</Text><Text size="sm">{t('webhooks.removeText')}</Text><Buttons close={close} act={t('webhooks.remove')} busy={remove.isPending} danger /></Stack>
    </form>
  );
}

/** A secret, shown this once: it stays until the person says that it is copied. */
function Secret({ secret, former, close }: Asking & { readonly secret: string; readonly former: boolean }): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack>
      <Text size="sm">{t('webhooks.secretText')}</Text>
      <Group align="flex-end" gap="sm">
        <TextInput style={{ flex: '1 1 260px' }} label={t('webhooks.secret')} value={secret} readOnly onFocus={(event) => event.currentTarget.select()} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }} data-autofocus />
        <CopyButton value={secret}>{({ copied, copy }) => <Button variant="light" onClick={copy}><span aria-live="polite">{copied ? t('webhooks.copied') : t('webhooks.copy')}</span></Button>}</CopyButton>
      </Group>
      {former ? <Text size="sm">{t('webhooks.secretFormer')}</Text> : null}
      <Group justify="flex-end"><Button onClick={close}>{t('webhooks.secretDone')}</Button></Group>
    </Stack>
  );
}

function Asked({ dialog, close, show }: Asking & Showing & { readonly dialog: WebhookDialog }): ReactElement {
  switch (dialog.asks) {
    case 'add': return <AddForm close={close} show={show} />;
    case 'events': return <EventsForm of={dialog.of} close={close} />;
    case 'rotate': return <RotateForm of={dialog.of} close={close} show={show} />;
    case 'on': return <OnForm of={dialog.of} close={close} />;
    case 'remove': return <RemoveForm of={dialog.of} close={close} />;
  }
}

/** The dialog that is open, and the secret that one of them brings. */
export function WebhookDialogs({ dialog, close }: Asking & { readonly dialog: WebhookDialog | null }): ReactElement {
  const { t } = useTranslation();
  const [secret, setSecret] = useState<string | null>(null);
  const titles = { add: t('webhooks.addTitle'), events: t('webhooks.changeTitle'), rotate: t('webhooks.rotateTitle'), on: t('webhooks.switchOnTitle'), remove: t('webhooks.removeTitle') };
  const end = (): void => {
    close();
    setSecret(null);
  };
  const wide = secret === null && (dialog?.asks === 'add' || dialog?.asks === 'events');
  return (
    <Modal opened={dialog !== null} onClose={end} size={wide ? 'lg' : 'md'} closeOnClickOutside={secret === null} closeOnEscape={secret === null} title={<Text fw={650}>{secret !== null ? t('webhooks.secretTitle') : dialog === null ? '' : titles[dialog.asks]}</Text>}
      closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {dialog === null ? null : secret === null ? <Asked dialog={dialog} close={end} show={setSecret} /> : <Secret secret={secret} former={dialog.asks === 'rotate'} close={end} />}
    </Modal>
  );
}
