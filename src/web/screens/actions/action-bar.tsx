import { ActionIcon, Button, Collapse, Group, Select, SimpleGrid, Text, TextInput, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActionStateView, ActionView } from '#core/api/actions.ts';
import { SEGMENTS, SEGMENT_NAMES } from '#core/risk/segment.ts';
import { useDunning } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatMoney } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { useWords } from '../../ui/words.ts';
import { EVERYTHING, isApprovable, isNarrowed, offeredBy, totalsOf } from './narrowing.ts';
import type { Narrowing } from './narrowing.ts';
import type { useActionChanges } from './use-action-changes.ts';

/** Longest amount that can be typed. */
const AMOUNT_MAX = 24;

type BarProps = {
  readonly tab: ActionStateView;
  readonly narrowing: Narrowing;
  readonly narrow: (narrowing: Narrowing) => void;
  readonly selected: ReadonlySet<string>;
  /** All of the list, those that are shown, and how many there are on the server. */
  readonly all: readonly ActionView[];
  readonly shown: readonly ActionView[];
  readonly total: number;
  readonly changes: ReturnType<typeof useActionChanges>;
  readonly mayWork: boolean;
  readonly help: () => void;
};

function MoreFilters({ narrowing, narrow, all }: Pick<BarProps, 'narrowing' | 'narrow' | 'all'>): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const words = useWords();
  const { data: dunning } = useDunning();
  const offered = offeredBy(all);
  const nameOf = (code: string): string => dunning?.scenarios.find((one) => one.code === code)?.name ?? code;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" w="100%">
      <Select aria-label={t('actions.channelLabel')} placeholder={t('actions.anyChannel')} clearable data={offered.channels.map((value) => ({ value, label: words.channel(value) }))} value={narrowing.channel} onChange={(channel) => narrow({ ...narrowing, channel })} />
      <Select aria-label={t('actions.scenarioLabel')} placeholder={t('actions.anyScenario')} clearable data={offered.scenarios.map((value) => ({ value, label: nameOf(value) }))} value={narrowing.scenario} onChange={(scenario) => narrow({ ...narrowing, scenario })} />
      <Select aria-label={t('actions.step')} placeholder={t('actions.anyStep')} clearable data={offered.steps.map((value) => ({ value, label: t('actions.stepShort', { step: value }) }))} value={narrowing.step} onChange={(step) => narrow({ ...narrowing, step })} />
      <Select aria-label={t('actions.segmentLabel')} placeholder={t('actions.anySegment')} clearable data={offered.segments.map((value) => ({ value, label: say(SEGMENT_NAMES[value]) }))} value={narrowing.segment} onChange={(value) => narrow({ ...narrowing, segment: SEGMENTS.find((one) => one === value) ?? null })} />
      <TextInput aria-label={t('actions.atLeast')} placeholder={t('actions.atLeast')} inputMode="decimal" maxLength={AMOUNT_MAX} value={narrowing.atLeast} onChange={(event) => narrow({ ...narrowing, atLeast: event.currentTarget.value })} />
      {isNarrowed(narrowing) ? <Button variant="subtle" onClick={() => narrow(EVERYTHING)}>{t('actions.clear')}</Button> : null}
    </SimpleGrid>
  );
}

function Work({ tab, selected, all, shown, total, narrowing, changes }: Pick<BarProps, 'tab' | 'selected' | 'all' | 'shown' | 'total' | 'narrowing' | 'changes'>): ReactElement | null {
  const { t } = useTranslation();
  const ids = [...selected];
  const none = ids.length === 0;
  const approvable = shown.filter(isApprovable);
  // Tasks are left out of "all"; a list longer than what is loaded is counted by the server.
  const whole = total - all.filter((row) => !isApprovable(row)).length;
  if (tab === 'proposed') {
    return (
      <Group gap="xs">
        <Button disabled={none} loading={changes.approve.isPending} onClick={() => changes.approve.mutate(ids)}>{t('actions.approve', { count: ids.length })}</Button>
        {isNarrowed(narrowing)
          ? <Button variant="light" disabled={approvable.length === 0} onClick={() => changes.approve.mutate(approvable.map(({ id }) => id))}>{t('actions.approveShown', { count: approvable.length })}</Button>
          : <Button variant="light" disabled={whole === 0} onClick={() => changes.approve.mutate('all')}>{t('actions.approveAll', { count: whole })}</Button>}
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

function Counts({ shown, all, selected }: Pick<BarProps, 'shown' | 'all' | 'selected'>): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const chosen = selected.size === 0 ? shown : shown.filter(({ id }) => selected.has(id));
  const sums = totalsOf(chosen).map(({ amount, currency }) => formatMoney(amount, currency, language)).join(' + ');
  const what = selected.size === 0 ? t('actions.shown', { shown: shown.length, count: all.length }) : t('actions.selected', { count: selected.size });
  return <Text size="sm" c="dimmed" aria-live="polite" className="number" style={{ whiteSpace: 'normal' }}>{what}{sums === '' ? '' : ` · ${sums}`}</Text>;
}

/** Filters, what can be done with the selection or with what is shown, and the keys. */
export function ActionBar(props: BarProps): ReactElement {
  const { t } = useTranslation();
  const { tab, mayWork, help, narrowing, narrow } = props;
  const [filtering, { toggle }] = useDisclosure();
  return (
    <Group gap="sm" p="md" style={{ borderBottom: '1px solid #e3e8e6' }}>
      <TextInput style={{ flex: '1 1 180px' }} aria-label={t('actions.search')} placeholder={t('actions.search')} leftSection={<Icon name="search" size={16} />} value={narrowing.text} onChange={(event) => narrow({ ...narrowing, text: event.currentTarget.value })} />
      <Button variant={isNarrowed({ ...narrowing, text: '' }) ? 'light' : 'default'} leftSection={<Icon name="settings" size={16} />} aria-expanded={filtering} onClick={toggle}>{t('actions.filters')}</Button>
      <Tooltip label={t('actions.helpButton')}><ActionIcon variant="default" size="lg" visibleFrom="sm" onClick={help} aria-label={t('actions.helpButton')}><Icon name="keyboard" /></ActionIcon></Tooltip>
      <Collapse expanded={filtering} w="100%"><MoreFilters narrowing={narrowing} narrow={narrow} all={props.all} /></Collapse>
      <Group w="100%" justify="space-between" gap="xs">
        {mayWork && (tab === 'proposed' || tab === 'approved') ? <Work tab={tab} selected={props.selected} all={props.all} shown={props.shown} total={props.total} narrowing={narrowing} changes={props.changes} /> : null}
        <Counts shown={props.shown} all={props.all} selected={props.selected} />
      </Group>
      <span className="visually-hidden" aria-live="polite">{props.changes.sending.running ? t('actions.sending') : ''}</span>
    </Group>
  );
}
