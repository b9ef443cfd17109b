import { Alert, Drawer, Grid, Tabs, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { ACTION_VIEWS } from '#core/api/actions.ts';
import type { ActionStateView } from '#core/api/actions.ts';
import { useActions, useSession } from '../../api/queries.ts';
import { Chip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { IconName } from '../../ui/icons.tsx';
import { focusRow } from '../../ui/keys.ts';
import { Page } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { ActionBar } from './action-bar.tsx';
import { ActionList } from './action-list.tsx';
import { KeysHelp } from './keys-help.tsx';
import { EVERYTHING, isApprovable, narrowed } from './narrowing.ts';
import type { Narrowing } from './narrowing.ts';
import { PreviewPane } from './preview-pane.tsx';
import { RunButton } from './run-button.tsx';
import { TASK_NOTE } from './task-pane.tsx';
import { useActionChanges } from './use-action-changes.ts';
import { useListKeys } from './use-list-keys.ts';

/** A drawer that opens has its field by then. */
const DRAWER_MS = 300;

/** Moves the focus to the note of the task that is shown; false when it is not there yet. */
function focusNote(): boolean {
  const field = document.querySelector<HTMLElement>(`#${TASK_NOTE}`);
  field?.focus();
  return field !== null;
}

/** Width from which the message stands beside the list. */
const BESIDE = '(min-width: 62em)';

const EMPTY_ICONS: Readonly<Record<ActionStateView, IconName>> = { proposed: 'check', approved: 'actions', unknown: 'check', failed: 'check', sent: 'actions', cancelled: 'close' };

function EmptyList({ tab }: { readonly tab: ActionStateView }): ReactElement {
  const { t } = useTranslation();
  return <EmptyState icon={EMPTY_ICONS[tab]} title={t(`actions.empty.${tab}`)} text={t(`actions.empty.${tab}Text`)}>{tab === 'proposed' ? <RunButton /> : null}</EmptyState>;
}

function Notes({ tab, waiting }: { readonly tab: ActionStateView; readonly waiting: boolean }): ReactElement | null {
  const { t } = useTranslation();
  const session = useSession();
  const amber = { message: { color: '#5c3c00' }, title: { color: '#7a4100' } };
  if (tab === 'unknown' && waiting) return <Alert color="yellow" variant="light" title={t('actions.parkedTitle')} icon={<Icon name="alert" />} styles={amber}>{t('actions.parkedText')}</Alert>;
  if (tab === 'approved' && !session.channels.mail) return <Alert color="yellow" variant="light" title={t('actions.noMailTitle')} icon={<Icon name="clock" />} styles={amber}>{t('actions.noMail')}</Alert>;
  return null;
}

/** One list of actions with its message beside, worked by mouse or by keys. */
function ActionBoard({ tab }: { readonly tab: ActionStateView }): ReactElement {
  const { t } = useTranslation();
  const session = useSession();
  const { data, error, refetch } = useActions(tab);
  const [narrowing, narrow] = useState<Narrowing>(EVERYTHING);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState<string | null>(null);
  const [reading, reader] = useDisclosure();
  const [helping, help] = useDisclosure();
  const beside = useMediaQuery(BESIDE) ?? true;
  const changes = useActionChanges(() => setSelected(new Set()));
  const mine = data?.rows.filter((row) => row.state === tab) ?? [];
  const rows = narrowed(mine, narrowing);
  const action = rows.find((row) => row.id === current) ?? null;
  const mayWork = session.organisation.role !== 'reader';
  const approvable = rows.filter(isApprovable);
  const toggle = (id: string): void => setSelected((before) => { const after = new Set(before); if (!after.delete(id)) after.add(id); return after; });
  const toggleAll = (): void => setSelected((before) => (approvable.every((row) => before.has(row.id)) ? new Set() : new Set(approvable.map((row) => row.id))));
  const open = (id: string): void => { setCurrent(id); if (!beside) reader.open(); };
  useListKeys({
    move: (by) => {
      const index = rows.findIndex((row) => row.id === current);
      const next = rows[index < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, index + by))];
      if (next === undefined) return;
      setCurrent(next.id);
      focusRow(next.id);
    },
    toggle: () => { if (action !== null && isApprovable(action)) toggle(action.id); },
    toggleAll,
    approve: () => {
      // What is selected, else the row one stands on.
      const ids = selected.size > 0 ? [...selected].filter((id) => mine.some((row) => row.id === id)) : action !== null && isApprovable(action) ? [action.id] : [];
      if (mayWork && tab === 'proposed' && ids.length > 0) changes.approve.mutate(ids);
    },
    done: () => {
      if (action?.task !== true) return;
      open(action.id);
      // Beside the list the field is there; in a drawer it comes with it.
      if (!focusNote()) setTimeout(focusNote, DRAWER_MS);
    },
    preview: () => { const first = current ?? rows[0]?.id; if (first !== undefined) open(first); },
    help: help.open,
  }, helping || reading);
  const selectable = mayWork && (tab === 'proposed' || tab === 'approved');
  const list = rows.length === 0
    ? (mine.length === 0 ? <EmptyList tab={tab} /> : <EmptyState icon="search" title={t('actions.noMatch')} />)
    : <ActionList rows={rows} tab={tab} current={current} selected={selected} selectable={selectable} toggle={toggle} toggleAll={toggleAll} open={open} resolve={(id, arrived) => changes.resolve.mutate({ id, arrived })} />;
  return (
    <>
      <Notes tab={tab} waiting={mine.length > 0} />
      <Grid gap="lg" mt="md">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <section className="card card-flush">
            {mine.length === 0 ? null : <ActionBar tab={tab} narrowing={narrowing} narrow={narrow} selected={selected} all={mine} shown={rows} total={data?.counts[tab] ?? 0} changes={changes} mayWork={mayWork} help={help.open} />}
            {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
            {changes.sending.fault === null ? null : <FaultNote error={changes.sending.fault} />}
            {data === undefined && error === null ? <Loading rows={8} /> : list}
            {data?.truncated === true ? <Text size="sm" c="dimmed" p="md">{t('actions.truncated')}</Text> : null}
          </section>
        </Grid.Col>
        {beside ? <Grid.Col span={{ base: 12, md: 6 }}><section className="card" aria-label={t('actions.previewTitle')} style={{ position: 'sticky', top: 84 }}><PreviewPane action={action} /></section></Grid.Col> : null}
      </Grid>
      {beside ? null : <Drawer opened={reading} onClose={reader.close} position="bottom" size="88%" title={t('actions.previewTitle')} closeButtonProps={{ 'aria-label': t('frame.close') }}><PreviewPane action={action} /></Drawer>}
      <KeysHelp opened={helping} close={help.close} />
    </>
  );
}

/** What is to be sent, what waits, what is uncertain, what left. */
export function ActionsScreen(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tab = 'proposed' } = useSearch({ from: '/actions' });
  const { data } = useActions(tab);
  const choose = (value: string | null): void => void navigate({ to: '/actions', search: { tab: ACTION_VIEWS.find((one) => one === value) ?? 'proposed' } });
  return (
    <Page title={t('actions.title')} actions={<RunButton withDryRun />}>
      <Tabs value={tab} onChange={choose} keepMounted={false}>
        <Tabs.List aria-label={t('actions.tabsLabel')} style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
          {ACTION_VIEWS.map((view) => (
            <Tabs.Tab key={view} value={view} rightSection={(data?.counts[view] ?? 0) > 0 ? <Chip tone={view === 'unknown' ? 'amber' : view === 'failed' ? 'red' : 'grey'}>{data?.counts[view]}</Chip> : null}>{t(`actions.tabs.${view}`)}</Tabs.Tab>
          ))}
        </Tabs.List>
        {ACTION_VIEWS.map((view) => <Tabs.Panel key={view} value={view} pt="xs">{view === tab ? <ActionBoard key={view} tab={view} /> : null}</Tabs.Panel>)}
      </Tabs>
    </Page>
  );
}
