import { Button, Group, Loader, Modal, Stack, Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImpactView, SavedView } from '#core/api/scenarios.ts';
import { change } from '../../api/client.ts';
import { reopenScenario, useImpact } from '../../api/scenarios.ts';
import { useSay } from '../../language/language.ts';
import { FaultNote } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';
import type { DraftDesk } from './use-draft.ts';

function Impact({ of }: { readonly of: ImpactView }): ReactElement {
  const { t } = useTranslation();
  if (of.customers === 0) return <Text>{t('scenarios.impact.none')}</Text>;
  return (
    <Stack gap={4}>
      <Text>{t('scenarios.impact.customers', { count: of.customers, open: of.withOpenItems })}</Text>
      <Text>{t('scenarios.impact.today', { before: of.actionsBefore, after: of.actionsAfter })}</Text>
      <Text fw={600}>{of.customersChanged === 0 ? t('scenarios.impact.unchanged') : t('scenarios.impact.changed', { count: of.customersChanged })}</Text>
    </Stack>
  );
}

type Props = { readonly code: string; readonly version: number; readonly desk: DraftDesk; readonly opened: boolean; readonly close: () => void };

/** Asks before a draft is put in force: what changes, and for how many customers. */
export function PublishDialog({ code, version, desk, opened, close }: Props): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const { data, error, refetch } = useImpact(code, opened);
  const publish = useChange(() => change<SavedView>('POST', `/api/scenarios/${code}/publish`), { done: ({ version: made, problems }) => {
    if (made === null) {
      tell(problems.filter(({ severity }) => severity === 'error').map(({ message }) => say(message)).join(' '), 'bad');
      return;
    }
    tell(t('scenarios.published', { version: made }));
    close();
    void reopenScenario(code);
  } });
  const doubts = desk.problems.filter(({ severity }) => severity === 'warning');
  return (
    <Modal opened={opened} onClose={close} size="lg" title={<Text fw={650}>{t('scenarios.publishTitle', { version })}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      <Stack gap="md">
        {error !== null ? <FaultNote error={error} retry={() => void refetch()} /> : data === undefined ? <Group gap="sm"><Loader size="sm" /><Text component="output">{t('scenarios.computing')}</Text></Group> : <Impact of={data} />}
        <Text size="sm" c="dimmed">{t('scenarios.publishText')}</Text>
        {desk.changes.length === 0 ? null : (
          <div><Title order={3}>{t('scenarios.changesTitle')}</Title><ul className="changes">{desk.changes.map((one, index) => <li key={`${index}-${one.fr}`}>{say(one)}</li>)}</ul></div>
        )}
        {doubts.map((problem, index) => <Text key={`${problem.code}-${index}`} size="sm" c="#7a4100">{say(problem.message)}</Text>)}
        <Group justify="flex-end"><Button variant="default" onClick={close} data-autofocus>{t('frame.cancel')}</Button><Button loading={publish.isPending} disabled={data === undefined} onClick={() => publish.mutate(undefined)}>{t('scenarios.publishConfirm', { version })}</Button></Group>
      </Stack>
    </Modal>
  );
}
