import { ActionIcon, Button, Group, Select, Text, TextInput, Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActionStateView } from '#core/api/actions.ts';
import { Icon } from '../../ui/icons.tsx';
import { CHANNELS, known } from '../../ui/reasons.ts';
import type { useActionChanges } from './use-action-changes.ts';

/** Which rows are shown. */
export type Narrowing = { readonly text: string; readonly channel: string | null };

type BarProps = {
  readonly tab: ActionStateView;
  readonly narrowing: Narrowing;
  readonly narrow: (narrowing: Narrowing) => void;
  readonly selected: ReadonlySet<string>;
  readonly total: number;
  readonly channels: readonly string[];
  readonly changes: ReturnType<typeof useActionChanges>;
  readonly mayWork: boolean;
  readonly help: () => void;
};

function Filters({ narrowing, narrow, channels }: Pick<BarProps, 'narrowing' | 'narrow' | 'channels'>): ReactElement {
  const { t } = useTranslation();
  const choices = channels.map((value) => { const word = known(CHANNELS, value); return { value, label: word === undefined ? value : t(`frame.channel.${word}`) }; });
  return (
    <>
      <TextInput style={{ flex: '1 1 180px' }} aria-label={t('actions.search')} placeholder={t('actions.search')} leftSection={<Icon name="search" size={16} />} value={narrowing.text} onChange={(event) => narrow({ ...narrowing, text: event.currentTarget.value })} />
      <Select w={180} aria-label={t('actions.channelLabel')} placeholder={t('actions.anyChannel')} clearable data={choices} value={narrowing.channel} onChange={(channel) => narrow({ ...narrowing, channel })} />
    </>
  );
}

function Work({ tab, selected, total, changes }: Pick<BarProps, 'tab' | 'selected' | 'total' | 'changes'>): ReactElement | null {
  const { t } = useTranslation();
  const ids = [...selected];
  const none = ids.length === 0;
  if (tab === 'proposed') {
    return (
      <Group gap="xs">
        <Button disabled={none} loading={changes.approve.isPending} onClick={() => changes.approve.mutate(ids)}>{t('actions.approve', { count: ids.length })}</Button>
        <Button variant="light" disabled={total === 0} onClick={() => changes.approve.mutate('all')}>{t('actions.approveAll', { count: total })}</Button>
        <Button variant="subtle" color="brick" disabled={none} onClick={() => changes.cancel.mutate(ids)}>{t('actions.cancel')}</Button>
      </Group>
    );
  }
  if (tab !== 'approved') return null;
  return (
    <Group gap="xs">
      <Button disabled={total === 0} loading={changes.sending.running} onClick={changes.send}>{t('actions.send')}</Button>
      <Button variant="light" disabled={none} onClick={() => changes.unapprove.mutate(ids)}>{t('actions.unapprove')}</Button>
      <Button variant="subtle" color="brick" disabled={none} onClick={() => changes.cancel.mutate(ids)}>{t('actions.cancel')}</Button>
    </Group>
  );
}

/** Filters, what can be done with the selection, and the keys. */
export function ActionBar(props: BarProps): ReactElement {
  const { t } = useTranslation();
  const { selected, tab, mayWork, help } = props;
  return (
    <Group gap="sm" p="md" style={{ borderBottom: '1px solid #e3e8e6' }}>
      <Filters narrowing={props.narrowing} narrow={props.narrow} channels={props.channels} />
      <Tooltip label={t('actions.helpButton')}><ActionIcon variant="default" size="lg" visibleFrom="sm" onClick={help} aria-label={t('actions.helpButton')}><Icon name="keyboard" /></ActionIcon></Tooltip>
      {mayWork && (tab === 'proposed' || tab === 'approved') ? (
        <Group w="100%" justify="space-between" gap="xs">
          <Work tab={tab} selected={selected} total={props.total} changes={props.changes} />
          <Text size="sm" c="dimmed" aria-live="polite">{selected.size === 0 ? '' : t('actions.selected', { count: selected.size })}</Text>
        </Group>
      ) : null}
      <span className="visually-hidden" aria-live="polite">{props.changes.sending.running ? t('actions.sending') : ''}</span>
    </Group>
  );
}
