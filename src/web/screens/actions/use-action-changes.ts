import { useTranslation } from 'react-i18next';
import type { ActionsMoved } from '#core/api/actions.ts';
import type { SendOutcome } from '#core/api/jobs.ts';
import { change } from '../../api/client.ts';
import { useJob } from '../../api/jobs.ts';
import { refreshWork } from '../../api/queries.ts';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';

const sendPath = (id: string): string => `/api/sendings/${id}`;

/** Moves actions to another state and tells how many were. */
function useMove(path: 'approve' | 'unapprove' | 'cancel', say: (count: number) => string, done: () => void) {
  return useChange((ids: readonly string[] | 'all') => change<ActionsMoved>('POST', `/api/actions/${path}`, { ids }), { done: ({ ids }) => {
    tell(say(ids.length));
    done();
  } });
}

/** What can be done to actions, each told when done. */
export function useActionChanges(done: () => void) {
  const { t } = useTranslation();
  const approve = useMove('approve', (count) => t('actions.approved', { count }), done);
  const unapprove = useMove('unapprove', (count) => t('actions.unapproved', { count }), done);
  const cancel = useMove('cancel', (count) => t('actions.cancelled', { count }), done);
  const resolve = useChange(
    ({ id, arrived }: { id: string; arrived: boolean }) => change('POST', `/api/actions/${id}/resolve`, { arrived }), { done: (_answer, { arrived }) => tell(arrived ? t('actions.resolvedArrived') : t('actions.resolvedNot')) });
  const sending = useJob<SendOutcome>(sendPath, (outcome) => {
    tell(t('actions.sendDone', { sent: outcome.sent, waiting: outcome.waiting, failed: outcome.failed, unknown: outcome.unknown, cancelled: outcome.cancelled.length }), outcome.failed + outcome.unknown > 0 ? 'bad' : 'good');
    void refreshWork();
  });
  const send = (): void => void sending.start(() => change<{ job: string }>('POST', '/api/sendings'));
  return { approve, unapprove, cancel, resolve, send, sending };
}
