import { ActionIcon, Button, Text } from '@mantine/core';
import type { KeyboardEvent, PointerEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProblemView } from '#core/api/faults.ts';
import type { CatchView } from '#core/api/scenarios.ts';
import { useSay } from '../../language/language.ts';
import { Icon } from '../../ui/icons.tsx';
import { useRuleWords } from './rule-words.ts';
import type { KeyedRule } from './rules-tab.tsx';

type Props = {
  readonly rule: KeyedRule; readonly place: number; readonly last: boolean; readonly scenario: string; readonly caught: CatchView | undefined; readonly problems: readonly ProblemView[]; readonly mayEdit: boolean;
  readonly acts: { readonly move: (to: number) => void; readonly edit: () => void; readonly remove: () => void };
  /** Another rule is being dragged to its place. */
  readonly over: boolean;
  readonly grab: (event: PointerEvent<HTMLElement>) => void;
};

function Handle({ rule, place, acts, grab }: Pick<Props, 'rule' | 'place' | 'acts' | 'grab'>): ReactElement {
  const { t } = useTranslation();
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    acts.move(place + (event.key === 'ArrowUp' ? -1 : 1));
  };
  return (
    <button type="button" className="rule-handle" data-rule={rule.key} aria-label={t('scenarios.rules.handle', { name: rule.name })} onKeyDown={press} onPointerDown={grab}>⋮⋮</button>
  );
}

/** One rule of the list: whom it is for, its scenario, whom it takes today, and what is wrong with it. */
export function RuleRow({ rule, place, last, scenario, caught, problems, mayEdit, acts, over, grab }: Props): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const words = useRuleWords();
  const { name } = rule;
  return (
    <li className="rule" data-over={over} data-place={place}>
      {mayEdit ? <Handle rule={rule} place={place} acts={acts} grab={grab} /> : <Text className="number">{place + 1}</Text>}
      <div>
        <Text fw={650}>{place + 1}. {name} → {scenario}</Text>
        <Text size="sm">{words(rule.when)}</Text>
        {caught === undefined ? null : <Text size="sm" c="dimmed">{t('scenarios.rules.catches', { who: `${t('scenarios.rules.caught', { count: caught.customers })}, ${t('scenarios.rules.withOpen', { count: caught.withOpenItems })}` })}</Text>}
        {problems.map((problem, index) => <Text key={`${problem.code}-${index}`} size="sm" c={problem.severity === 'error' ? '#b42318' : '#7a4100'} role="alert">{say(problem.message)}</Text>)}
      </div>
      {mayEdit ? (
        <div className="rule-side">
          <ActionIcon variant="subtle" size="lg" disabled={place === 0} aria-label={t('scenarios.rules.up', { name })} onClick={() => acts.move(place - 1)}>↑</ActionIcon>
          <ActionIcon variant="subtle" size="lg" disabled={last} aria-label={t('scenarios.rules.down', { name })} onClick={() => acts.move(place + 1)}>↓</ActionIcon>
          <Button size="compact-sm" variant="light" onClick={acts.edit} aria-label={t('scenarios.rules.edit', { name })}>{t('frame.edit')}</Button>
          <ActionIcon variant="subtle" color="brick" size="lg" aria-label={t('scenarios.rules.remove', { name })} onClick={acts.remove}><Icon name="close" size={16} /></ActionIcon>
        </div>
      ) : null}
    </li>
  );
}
