import { Alert, Button, Group, Modal, Tabs, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRef } from '#core/api/matching.ts';
import { change } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { refreshScenarios, reopenScenario, useOpenedScenario } from '../../api/scenarios.ts';
import type { OpenedScenario } from '../../api/scenarios.ts';
import { useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icons.tsx';
import { LinkTo } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';
import { EDITOR_PANELS } from './editor-panels.tsx';
import { EDITOR_TABS } from './editor-tabs.ts';
import { errorsIn } from './problem-fields.ts';
import { PublishDialog } from './publish-dialog.tsx';
import { useDraft } from './use-draft.ts';
import type { DraftDesk } from './use-draft.ts';

function KeepingState({ desk, version }: { readonly desk: DraftDesk; readonly version: number }): ReactElement {
  const { t } = useTranslation();
  const { state } = desk.keeping;
  const untouched = state === 'kept' && !desk.hasDraft;
  const tone = state === 'failed' || state === 'conflict' ? 'red' : untouched ? 'grey' : state === 'kept' ? 'green' : 'amber';
  return <output><Chip tone={tone}>{untouched ? t('scenarios.keeping.inForce', { version }) : t(`scenarios.keeping.${state}`)}</Chip></output>;
}

/** What to do when the draft was not kept, or is not the one that was opened. */
function KeepingFault({ desk, code }: { readonly desk: DraftDesk; readonly code: string }): ReactElement | null {
  const { t } = useTranslation();
  const say = useSay();
  const { keeping } = desk;
  if (keeping.state !== 'failed' && keeping.state !== 'conflict') return null;
  const conflict = keeping.state === 'conflict';
  return (
    <Alert color="brick" variant="light" icon={<Icon name="alert" />} title={t(`scenarios.keeping.${keeping.state}`)} role="alert" styles={{ message: { color: '#5b1a13' }, title: { color: '#8f1d12' } }}>
      <Text size="sm">{say(keeping.fault.message)} {conflict ? '' : t('scenarios.keeping.failedText')}</Text>
      <Group gap="xs" mt="sm">
        {conflict ? <><Button size="xs" onClick={() => void reopenScenario(code)}>{t('scenarios.keeping.takeTheirs')}</Button><Button size="xs" variant="default" onClick={() => void desk.keepMine()}>{t('scenarios.keeping.keepMine')}</Button></>
          : <Button size="xs" onClick={() => void desk.flush()}>{t('scenarios.keeping.retry')}</Button>}
      </Group>
    </Alert>
  );
}

/** A version was published under the draft: it can only go on from that one. */
function OldDraft({ code, opened, desk }: { readonly code: string; readonly opened: OpenedScenario; readonly desk: DraftDesk }): ReactElement | null {
  const { t } = useTranslation();
  const { version } = opened.line;
  const rebase = useChange(async () => {
    await desk.flush();
    await change('DELETE', `/api/scenarios/${code}/draft`);
    await change('PUT', `/api/scenarios/${code}/draft?seen=none`, desk.definition);
  }, { done: () => void reopenScenario(code) });
  if (opened.draft === null || opened.draft.basedOn === (version === 0 ? null : version)) return null;
  return (
    <Alert color="yellow" variant="light" icon={<Icon name="alert" />} styles={{ message: { color: '#5c3d00' } }}>
      <Text size="sm">{t('scenarios.draftOld', { version })}</Text>
      {desk.mayEdit ? <Button size="xs" mt="sm" variant="default" loading={rebase.isPending} onClick={() => rebase.mutate(undefined)}>{t('scenarios.rebase', { version })}</Button> : null}
    </Alert>
  );
}

function EditorActions({ code, opened, desk }: { readonly code: string; readonly opened: OpenedScenario; readonly desk: DraftDesk }): ReactElement | null {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [publishing, publish] = useDisclosure();
  const [discarding, discard] = useDisclosure();
  const { version } = opened.line;
  const errors = errorsIn(desk.problems);
  const drop = useChange(() => change('DELETE', `/api/scenarios/${code}/draft`), { done: () => {
    tell(t('scenarios.discardedDone'));
    discard.close();
    if (version === 0) void navigate({ to: '/scenarios' }).then(refreshScenarios);
    else void reopenScenario(code);
  } });
  if (!desk.mayEdit) return null;
  const ask = async (): Promise<void> => { if (await desk.flush()) publish.open(); };
  return (
    <>
      <Button variant="default" disabled={desk.undo === null} onClick={() => desk.undo?.()} leftSection={<Icon name="undo" size={16} />} aria-label={t('scenarios.undo')}>{t('scenarios.undoShort')}</Button>
      {desk.hasDraft ? <Button variant="default" onClick={() => void desk.flush().then(discard.open)}>{t('scenarios.discard')}</Button> : null}
      {desk.hasDraft ? <Button disabled={errors > 0 || (version > 0 && desk.changes.length === 0 && desk.keeping.state === 'kept')} onClick={() => void ask()} title={errors > 0 ? t('scenarios.publishBlocked', { count: errors }) : ''}>{t('scenarios.publish')}</Button> : null}
      <PublishDialog code={code} version={version + 1} desk={desk} opened={publishing} close={publish.close} />
      <Modal opened={discarding} onClose={discard.close} title={<Text fw={650}>{t('scenarios.discardTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
        <Text>{t(version === 0 ? 'scenarios.discardNew' : 'scenarios.discardText')}</Text>
        <Group justify="flex-end" mt="md"><Button variant="default" data-autofocus onClick={discard.close}>{t('frame.cancel')}</Button><Button color="brick" loading={drop.isPending} onClick={() => drop.mutate(undefined)}>{t('scenarios.discard')}</Button></Group>
      </Modal>
    </>
  );
}

function Editor({ code, opened }: { readonly code: string; readonly opened: OpenedScenario }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const session = useSession();
  const { tab = 'steps' } = useSearch({ from: '/scenarios/$code' });
  const desk = useDraft(code, opened, session.organisation.role === 'owner');
  const [customer, chooseCustomer] = useState<CustomerRef | null>(null);
  const { version, retired, uses } = opened.line;
  const subtitle = <Group gap={8}><KeepingState desk={desk} version={version} />{uses.isDefault ? <Chip tone="blue">{t('scenarios.isDefault')}</Chip> : null}{retired ? <Chip tone="grey">{t('scenarios.retired')}</Chip> : null}<span>{t('scenarios.stepCount', { count: desk.definition.steps.length })}</span></Group>;
  return (
    <Page title={desk.definition.name === '' ? code : desk.definition.name} subtitle={subtitle} actions={<EditorActions code={code} opened={opened} desk={desk} />}>
      {desk.mayEdit ? null : <Text c="dimmed">{t('scenarios.ownerOnly')}</Text>}
      <KeepingFault desk={desk} code={code} />
      <OldDraft code={code} opened={opened} desk={desk} />
      <Tabs value={tab} onChange={(value) => void navigate({ to: '/scenarios/$code', params: { code }, search: { tab: EDITOR_TABS.find((one) => one === value) ?? 'steps' } })} keepMounted={false}>
        <Tabs.List aria-label={t('scenarios.editorTabsLabel')} mb="lg" style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>{EDITOR_TABS.map((one) => <Tabs.Tab key={one} value={one}>{t(`scenarios.editorTabs.${one}`)}</Tabs.Tab>)}</Tabs.List>
        {EDITOR_TABS.map((one) => <Tabs.Panel key={one} value={one}>{EDITOR_PANELS[one]({ code, version, desk, customer, chooseCustomer })}</Tabs.Panel>)}
      </Tabs>
    </Page>
  );
}

/** One scenario: its steps as a time line, what it would do for a customer, and its versions. */
export function EditorScreen(): ReactElement {
  const { t } = useTranslation();
  const { code } = useParams({ from: '/scenarios/$code' });
  const { data, error, refetch, dataUpdatedAt } = useOpenedScenario(code);
  const back = <LinkTo to="/scenarios" size="sm"><Group gap={4}><Icon name="back" size={15} />{t('scenarios.back')}</Group></LinkTo>;
  return (
    <>
      <div className="page" style={{ marginBottom: 12 }}>{back}</div>
      {data === undefined ? <Page title={t('scenarios.title')}>{error === null ? <Loading rows={8} /> : <FaultNote error={error} retry={() => void refetch()} />}</Page>
        : data === null ? <Page title={t('scenarios.title')}><EmptyState icon="scenarios" title={t('scenarios.unknown')} text={t('scenarios.unknownText')} /></Page>
          : <Editor key={`${code}-${dataUpdatedAt}`} code={code} opened={data} />}
    </>
  );
}
