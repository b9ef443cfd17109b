import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScenarioDefinition, StepDefinition } from '#core/api/scenarios.ts';
import { STEPS_MAX } from '#core/dunning/scenario-check.ts';
import { useSay } from '../../language/language.ts';
import { Icon } from '../../ui/icons.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { tellUndo } from '../../ui/tell-undo.tsx';
import { addStep, duplicateStep, moveStep, placeStep, removeStep, restoreStep } from './edits.ts';
import type { Side } from './edits.ts';
import { HeadForm } from './head-form.tsx';
import { StepForm } from './step-form.tsx';
import { useStepDay } from './step-words.ts';
import { TimeLine } from './time-line.tsx';
import type { DraftDesk } from './use-draft.ts';

/** Letters of a new step's key: what was done is known by it for years, so no two are ever alike. */
const KEY_LETTERS = 10;
const newKey = (): string => `s-${globalThis.crypto.randomUUID().replaceAll('-', '').slice(0, KEY_LETTERS)}`;

/** Everything that can be done to steps, told and taken back. */
function useStepActs(desk: DraftDesk) {
  const { t } = useTranslation();
  const day = useStepDay();
  const [said, setSaid] = useState('');
  const [opened, setOpened] = useState<string | null>(null);
  const moved = useRef<string | null>(null);
  const { definition, edit } = desk;
  // A card that changed its place in the list keeps the focus that moved it.
  useEffect(() => {
    if (moved.current === null) return;
    document.querySelector<HTMLElement>(`[data-step="${CSS.escape(moved.current)}"]`)?.focus({ preventScroll: true });
    document.querySelector(`[data-step="${CSS.escape(moved.current)}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    moved.current = null;
  });
  const change = (key: string, next: ScenarioDefinition, tag: string): void => {
    const step = next.steps.find((one) => one.key === key);
    moved.current = key;
    edit(() => next, tag);
    if (step !== undefined) setSaid(t('scenarios.moved', { step: step.number, day: day(step) }));
  };
  const put = (next: ScenarioDefinition | null, key: string): void => {
    if (next === null) {
      tell(t('scenarios.full', { count: STEPS_MAX }), 'bad');
      return;
    }
    edit(() => next);
    setSaid(t('scenarios.added', { step: next.steps.find((one) => one.key === key)?.number ?? 0 }));
    setOpened(key);
  };
  return {
    said, opened, setOpened,
    move: (key: string, byDays: number) => change(key, moveStep(definition, key, byDays), `${key}:move`),
    drop: (key: string, to: number) => change(key, placeStep(definition, key, to), `${key}:drop:${to}`),
    add: (side: Side) => { const key = newKey(); put(addStep(definition, side, key), key); },
    duplicate: (step: StepDefinition) => { const key = newKey(); put(duplicateStep(definition, step.key, key), key); },
    remove: (step: StepDefinition) => {
      const before = definition;
      setOpened(null);
      edit((now) => removeStep(now, step.key));
      setSaid(t('scenarios.removed', { step: step.number }));
      tellUndo('scenario-step', t('scenarios.removed', { step: step.number }), { label: t('frame.undo'), act: () => { moved.current = step.key; edit((now) => restoreStep(now, before, step.key)); } });
    },
  };
}

function AddButtons({ add }: { readonly add: (side: Side) => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Group gap="xs">
      <Button variant="light" size="xs" leftSection={<Icon name="plus" size={14} />} onClick={() => add('before')}>{t('scenarios.addBefore')}</Button>
      <Button variant="light" size="xs" leftSection={<Icon name="plus" size={14} />} onClick={() => add('after')}>{t('scenarios.addAfter')}</Button>
    </Group>
  );
}

/** What the draft changes of the version in force, in words. */
export function ChangesCard({ desk, isNew }: { readonly desk: DraftDesk; readonly isNew: boolean }): ReactElement | null {
  const { t } = useTranslation();
  const say = useSay();
  if (!desk.hasDraft) return null;
  return (
    <Card title={t('scenarios.changesTitle')}>
      {isNew ? <Text size="sm" c="dimmed">{t('scenarios.firstVersion')}</Text> : desk.changes.length === 0 ? <Text size="sm" c="dimmed">{t('scenarios.noChanges')}</Text> : (
        <ul className="changes">{desk.changes.map((one, index) => <li key={`${index}-${one.fr}`}>{say(one)}</li>)}</ul>
      )}
    </Card>
  );
}

/** The steps as a time line, the form of the one that is open, and the scenario's own settings. */
export function StepsPanel({ desk, isNew }: { readonly desk: DraftDesk; readonly isNew: boolean }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const acts = useStepActs(desk);
  const { definition, problems, mayEdit } = desk;
  const open = definition.steps.find(({ key }) => key === acts.opened) ?? null;
  const errors = problems.filter(({ severity }) => severity === 'error');
  return (
    <Stack gap="lg">
      <Card title={t('scenarios.line')} actions={mayEdit ? <AddButtons add={acts.add} /> : null}>
        {definition.steps.length === 0 ? <EmptyState icon="scenarios" title={t('scenarios.noSteps')} text={t('scenarios.noStepsText')} /> : (
          <TimeLine
            steps={definition.steps} problems={problems} mayEdit={mayEdit}
            acts={{ drop: acts.drop, of: (step) => ({ open: () => acts.setOpened(step.key), move: (by) => acts.move(step.key, by), duplicate: () => acts.duplicate(step), remove: () => acts.remove(step) }) }}
          />
        )}
        <Text id="line-hint" size="xs" c="dimmed" mt="sm" {...(mayEdit && definition.steps.length > 0 ? {} : { className: 'visually-hidden' })}><span className="with-keys">{t('scenarios.lineHint')}</span><span className="without-keys">{t('scenarios.lineHintTouch')}</span></Text>
        <output className="visually-hidden" aria-live="polite">{acts.said}</output>
      </Card>
      {errors.length === 0 ? null : (
        <Alert color="brick" variant="light" icon={<Icon name="alert" />} title={t('scenarios.problems')} styles={{ message: { color: '#5b1a13' }, title: { color: '#8f1d12' } }}>
          <ul className="changes">{errors.map((problem, index) => <li key={`${problem.code}-${index}`}>{say(problem.message)}</li>)}</ul>
        </Alert>
      )}
      <ChangesCard desk={desk} isNew={isNew} />
      <HeadForm desk={desk} />
      <StepForm step={open} desk={desk} close={() => acts.setOpened(null)} duplicate={() => { if (open !== null) acts.duplicate(open); }} remove={() => { if (open !== null) acts.remove(open); }} />
    </Stack>
  );
}
