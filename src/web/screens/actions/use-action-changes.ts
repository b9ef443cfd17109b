import { useTranslation } from 'react-i18next';
import type { ActionsApproved, ActionsMoved } from '#core/api/actions.ts';
import type { SendOutcome } from '#core/api/jobs.ts';
import { change } from '../../api/client.ts';
import { useJob } from '../../api/jobs.ts';
import { queryClient, refreshWork, sessionQuery } from '../../api/queries.ts';
import { useSay } from '../../language/language.ts';
import { tellUndo } from '../../ui/tell-undo.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';

const sendPath = (id: string): string => `/api/sendings/${id}`;

/** Moves actions to another state and tells how many were. */
function useMove(path: 'unapprove' | 'cancel', say: (count: number) => string, done: () => void) {
  return useChange((ids: readonly string[]) => change<ActionsMoved>('POST', `/api/actions/${path}`, { ids }), { done: ({ ids }) => {
    tell(say(ids.length));
    done();
  } });
}

/** Approves actions; says how many may leave, what waits for a second person, what was left out and why; can be taken back at once. */
function useApproval(done: () => void) {
  const { t } = useTranslation();
  const undo = useChange((ids: readonly string[]) => change<ActionsMoved>('POST', '/api/actions/unapprove', { ids }), { done: ({ ids }) => tell(t('actions.unapproved', { count: ids.length })) });
  return useChange((ids: readonly string[] | 'all') => change<ActionsApproved>('POST', '/api/actions/approve', { ids }), { done: ({ ids, once, samePerson, tasks }) => {
    const said = [
      ids.length > 0 || once.length + samePerson.length + tasks.length === 0 ? t('actions.approved', { count: ids.length }) : '', once.length === 0 ? '' : t('actions.onceDone', { count: once.length }),
      samePerson.length === 0 ? '' : t('actions.sameDone', { count: samePerson.length }), tasks.length === 0 ? '' : t('actions.tasksLeft', { count: tasks.length }),
    ].filter((part) => part !== '').join(' ');
    const taken = [...ids, ...once];
    if (taken.length === 0) tell(said, 'bad');
    else tellUndo('approval', said, { label: t('frame.undo'), act: () => undo.mutate(taken) });
    done();
  } });
}

/** What can be done to actions, each told when done. */
export function useActionChanges(done: () => void) {
  const { t } = useTranslation();
  const say = useSay();
  const approve = useApproval(done);
  const unapprove = useMove('unapprove', (count) => t('actions.unapproved', { count }), done);
  const cancel = useMove('cancel', (count) => t('actions.cancelled', { count }), done);
  const resolve = useChange(
    ({ id, arrived }: { id: string; arrived: boolean }) => change('POST', `/api/actions/${id}/resolve`, { arrived }), { done: (_answer, { arrived }) => tell(arrived ? t('actions.resolvedArrived') : t('actions.resolvedNot')) });
  const sending = useJob<SendOutcome>(sendPath, (outcome) => {
    if (outcome.said !== null) tell(say(outcome.said), 'bad');
    else tell(t('actions.sendDone', { sent: outcome.sent, waiting: outcome.waiting, failed: outcome.failed, unknown: outcome.unknown, cancelled: outcome.cancelled.length }), outcome.failed + outcome.unknown > 0 ? 'bad' : 'good');
    if (outcome.stopped === 'frozen') void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    void refreshWork();
  });
  const send = (): void => void sending.start(() => change<{ job: string }>('POST', '/api/sendings'));
  return { approve, unapprove, cancel, resolve, send, sending };
}
