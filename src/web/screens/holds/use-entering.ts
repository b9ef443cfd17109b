import { useTranslation } from 'react-i18next';
import type { Fault } from '#core/api/faults.ts';
import { change } from '../../api/client.ts';
import { tellUndo } from '../../ui/tell-undo.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';

/** The code that says a hold was ended at once because it was entered by mistake. */
const BY_MISTAKE = 'enteredByMistake';

/** Enters a hold, says so and offers to take it back. */
export function useEntering(path: '/api/holds' | '/api/plans', of: { readonly said: string; readonly close: () => void; readonly failed: (fault: Fault) => boolean }) {
  const { t } = useTranslation();
  const undo = useChange((id: string) => change('POST', `/api/holds/${id}/end`, { reason: BY_MISTAKE }), { done: () => tell(t('holds.takenBack')) });
  return useChange((body: object) => change<{ id: string }>('POST', path, body), {
    done: ({ id }) => {
      of.close();
      tellUndo(`hold-${id}`, of.said, { label: t('frame.undo'), act: () => undo.mutate(id) });
    },
    failed: of.failed,
  });
}
