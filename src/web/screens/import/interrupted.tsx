import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DropView } from '#core/api/drops.ts';
import type { ImportView } from '#core/api/imports.ts';
import { change } from '../../api/client.ts';
import { useImports } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { useChange } from '../../ui/use-change.ts';
import { cancelSending, resumeSending } from './sending.ts';
import type { Remembered, Sending } from './sending.ts';
import { lookNow } from './use-drop.ts';

/** Something that stopped on its way, and the ways on. */
function Note({ title, children, actions }: { readonly title: string; readonly children: ReactNode; readonly actions: ReactNode }): ReactElement {
  return (
    <Alert color="yellow" variant="light" title={title} icon={<Icon name="alert" />} role="alert" styles={{ message: { color: '#5c3c00' }, title: { color: '#7a4100' } }}>
      <Stack gap="sm">{children}{actions === null ? null : <Group gap="xs">{actions}</Group>}</Stack>
    </Alert>
  );
}

/** Sending stopped: nobody answers, or the session ended. */
export function PausedNote({ of }: { readonly of: Sending }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const language = useLanguage();
  const sent = of.files.filter(({ state }) => state === 'sent').length;
  return (
    <Note title={t('drops.paused')} actions={<><Button size="xs" onClick={() => void resumeSending()}>{t('drops.resume')}</Button><Button size="xs" variant="default" onClick={cancelSending}>{t('drops.giveUp')}</Button></>}>
      {of.fault === null ? null : <Text size="sm">{say(of.fault.message)}</Text>}
      <Text size="sm">{t('drops.pausedText', { count: sent, done: formatCount(sent, language), total: formatCount(of.files.length, language) })}</Text>
    </Note>
  );
}

/** The page was closed while files were on their way. */
export function CutNote({ of, putAway }: { readonly of: DropView; readonly putAway: () => void }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const begin = useChange(() => change('POST', `/api/drops/${of.id}/start`), { done: () => void lookNow() });
  const arrived = of.files.filter(({ parent }) => parent === null).length;
  const actions = (
    <>
      {arrived === 0 ? null : <Button size="xs" loading={begin.isPending} onClick={() => begin.mutate(undefined)}>{t('drops.startArrived', { count: arrived })}</Button>}
      <Button size="xs" variant="default" onClick={putAway}>{t('drops.giveUp')}</Button>
    </>
  );
  return <Note title={t('drops.cut')} actions={actions}><Text size="sm">{t('drops.cutText', { count: arrived, done: formatCount(arrived, language), total: formatCount(of.expected, language) })}</Text></Note>;
}

/** Names listed of a lost drop; the history below has them all. */
const LISTED_MAX = 20;

const wasApplied = (name: string, since: string, history: readonly ImportView[]): boolean => history.some((one) => one.fileName === name && one.appliedAt >= since && one.status === 'applied');

/** The server restarted in between: what the history says of the files this browser had sent. */
export function LostNote({ of, understood }: { readonly of: Remembered; readonly understood: () => void }): ReactElement | null {
  const { t } = useTranslation();
  const { data } = useImports(Math.max(of.names.length * 2, LISTED_MAX));
  if (data === undefined) return null;
  return (
    <Note title={t('drops.lost')} actions={<Button size="xs" onClick={understood}>{t('drops.understoodIt')}</Button>}>
      <Text size="sm">{t('drops.lostText')}</Text>
      <List size="sm">{of.names.slice(0, LISTED_MAX).map((name, index) => <List.Item key={`${index}-${name}`}>{name} : <b>{t(wasApplied(name, of.at, data) ? 'drops.lostApplied' : 'drops.lostAgain')}</b></List.Item>)}</List>
      {of.names.length > LISTED_MAX ? <Text size="sm">{t('drops.statusMore', { count: of.names.length - LISTED_MAX })}</Text> : null}
    </Note>
  );
}
