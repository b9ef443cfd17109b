import { useTranslation } from 'react-i18next';
import type { DunningPage } from '#core/api/configuration.ts';
import type { ScenarioLine } from '#core/api/scenarios.ts';
import { change, get } from '../../api/client.ts';
import { refreshScenarios } from '../../api/scenarios.ts';
import { tell } from '../../ui/tell.ts';
import { tellUndo } from '../../ui/tell-undo.tsx';
import { useChange } from '../../ui/use-change.ts';

/** Gives the company another default scenario; its other settings stay as they are this moment. */
export async function makeDefault(code: string): Promise<void> {
  const { settings } = await get<DunningPage>('/api/dunning');
  await change('PUT', '/api/dunning', { ...settings, scenario: code });
}

/** What can be done to a scenario from the list, each told when done. */
export function useScenarioActs() {
  const { t } = useTranslation();
  const restore = useChange((line: ScenarioLine) => change('POST', `/api/scenarios/${line.code}/restore`), { done: (_answer, { name }) => {
    tell(t('scenarios.restoredDone', { name }));
    void refreshScenarios();
  } });
  const retire = useChange((line: ScenarioLine) => change('POST', `/api/scenarios/${line.code}/retire`), { done: (_answer, line) => {
    tellUndo('scenario-retired', t('scenarios.retiredDone', { name: line.name }), { label: t('frame.undo'), act: () => restore.mutate(line) });
    void refreshScenarios();
  } });
  const discard = useChange((line: ScenarioLine) => change('DELETE', `/api/scenarios/${line.code}/draft`), { done: () => {
    tell(t('scenarios.discardedDone'));
    void refreshScenarios();
  } });
  const standard = useChange((line: ScenarioLine) => makeDefault(line.code), { done: (_answer, { name }) => {
    tell(t('scenarios.madeDefault', { name }));
    void refreshScenarios();
  } });
  return { restore, retire, discard, standard };
}
