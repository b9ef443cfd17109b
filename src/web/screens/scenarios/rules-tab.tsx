import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AssignmentView, RuleView, RulesCheck, SavedView, ScenarioLine } from '#core/api/scenarios.ts';
import { change } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { refreshScenarios, useAssignment, useRulesCheck, useScenarios } from '../../api/scenarios.ts';
import { useSay } from '../../language/language.ts';
import { Icon } from '../../ui/icons.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { tellUndo } from '../../ui/tell-undo.tsx';
import { useChange } from '../../ui/use-change.ts';
import { RuleDialog } from './rule-dialog.tsx';
import { RuleRow } from './rule-row.tsx';
import { useRowDrag } from './use-row-drag.ts';
import { makeDefault } from './use-scenario-acts.ts';

/** Whom rules take is asked when the hand rests. */
const PAUSE_MS = 300;

/** A rule in the list, known by a key of its own while its name and place change. */
export type KeyedRule = RuleView & { readonly key: number };

let keys = 0;
const keyed = (rule: RuleView): KeyedRule => ({ ...rule, key: (keys += 1) });
const bare = ({ key: _key, ...rule }: KeyedRule): RuleView => rule;

/** The list with a rule at another place. */
function movedTo(rules: readonly KeyedRule[], key: number, to: number): readonly KeyedRule[] {
  const rule = rules.find((one) => one.key === key);
  if (rule === undefined || to < 0 || to >= rules.length) return rules;
  return rules.filter((one) => one.key !== key).toSpliced(to, 0, rule);
}

function Others({ check, scenarios, mayEdit }: { readonly check: RulesCheck | undefined; readonly scenarios: readonly ScenarioLine[]; readonly mayEdit: boolean }): ReactElement {
  const { t } = useTranslation();
  const standard = scenarios.find(({ uses }) => uses.isDefault);
  const choose = useChange((code: string) => makeDefault(code), { done: (_answer, code) => {
    tell(t('scenarios.madeDefault', { name: scenarios.find((one) => one.code === code)?.name ?? code }));
    void refreshScenarios();
  } });
  return (
    <Stack gap={6} pt="md" style={{ borderTop: '1px solid #e3e8e6' }}>
      <Group justify="space-between" align="flex-end">
        <div><Text fw={650}>{t('scenarios.rules.standard')}</Text>{check === undefined ? null : <Text size="sm" c="dimmed">{t('scenarios.rules.caught', { count: check.standard.customers })}, {t('scenarios.rules.withOpen', { count: check.standard.withOpenItems })}</Text>}</div>
        <Select label={t('scenarios.rules.standardText')} allowDeselect={false} disabled={!mayEdit || choose.isPending} value={standard?.code ?? null} data={scenarios.filter(({ version, retired }) => version > 0 && !retired).map(({ code, name }) => ({ value: code, label: name }))} onChange={(code) => { if (code !== null && code !== standard?.code) choose.mutate(code); }} />
      </Group>
      {check === undefined || check.chosen.customers === 0 ? null : <Text size="sm" c="dimmed">{t('scenarios.rules.chosen', { count: check.chosen.customers })}</Text>}
    </Stack>
  );
}

/** Rules that are written and not saved outlive a look at another tab or page. */
const WRITTEN = ['rules-written'];
type Written = { readonly version: number; readonly rules: readonly KeyedRule[] };

function useRules(of: AssignmentView) {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const [rules, setRules] = useState<readonly KeyedRule[]>(() => {
    const written = client.getQueryData<Written>(WRITTEN);
    return written?.version === of.version ? written.rules : of.rules.map(keyed);
  });
  const changed = JSON.stringify(rules.map(bare)) !== JSON.stringify(of.rules);
  useEffect(() => {
    client.setQueryDefaults(WRITTEN, { gcTime: Number.POSITIVE_INFINITY });
    client.setQueryData<Written>(WRITTEN, { version: of.version, rules });
    if (!changed) return;
    const hold = (event: BeforeUnloadEvent): void => event.preventDefault();
    globalThis.addEventListener('beforeunload', hold);
    return () => globalThis.removeEventListener('beforeunload', hold);
  }, [client, of.version, rules, changed]);
  const save = useChange((written: readonly RuleView[]) => change<SavedView>('PUT', '/api/assignment', { rules: written }), { done: ({ version, problems }) => {
    if (version === null) {
      tell(problems.filter(({ severity }) => severity === 'error').map(({ message }) => say(message)).join(' '), 'bad');
      return;
    }
    tellUndo('rules-saved', t('scenarios.rules.saved', { version }), { label: t('frame.undo'), act: () => { setRules(of.rules.map(keyed)); save.mutate(of.rules); } });
    void refreshScenarios();
  } });
  const remove = (rule: KeyedRule): void => {
    const before = rules;
    setRules(rules.filter(({ key }) => key !== rule.key));
    tellUndo('rule-removed', t('scenarios.rules.removed', { name: rule.name }), { label: t('frame.undo'), act: () => setRules(before) });
  };
  return { rules, setRules, changed, save, remove, revert: () => setRules(of.rules.map(keyed)) };
}

function Rules({ of, scenarios }: { readonly of: AssignmentView; readonly scenarios: readonly ScenarioLine[] }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const mayEdit = useSession().organisation.role === 'owner';
  const { rules, setRules, changed, save, remove, revert } = useRules(of);
  const [edited, setEdited] = useState<KeyedRule | null>(null);
  const [said, setSaid] = useState('');
  const [asked] = useDebouncedValue(rules, PAUSE_MS);
  const { data: check, error } = useRulesCheck(asked.map(bare));
  const move = (rule: KeyedRule, to: number): void => {
    const next = movedTo(rules, rule.key, to);
    if (next === rules) return;
    setRules(next);
    setSaid(t('scenarios.rules.moved', { name: rule.name, place: to + 1 }));
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-rule="${rule.key}"]`)?.focus());
  };
  const { over, grab } = useRowDrag((key, place) => {
    const rule = rules.find((one) => one.key === key);
    if (rule !== undefined) move(rule, place);
  });
  const add = (): void => setEdited(keyed({ name: '', scenario: scenarios.find(({ version, retired }) => version > 0 && !retired)?.code ?? '', when: {} }));
  const apply = (rule: RuleView): void => {
    if (edited === null) return;
    const kept = { ...rule, key: edited.key };
    setRules(rules.some(({ key }) => key === edited.key) ? rules.map((one) => (one.key === edited.key ? kept : one)) : [...rules, kept]);
    setEdited(null);
  };
  const button = mayEdit ? <Button size="xs" variant="light" leftSection={<Icon name="plus" size={14} />} onClick={add}>{t('scenarios.rules.add')}</Button> : null;
  const whole = (check?.problems ?? []).filter(({ line }) => line === 0);
  const errors = (check?.problems ?? []).some(({ severity }) => severity === 'error');
  return (
    <Card title={t('scenarios.rules.title')} actions={button}>
      <Text size="sm" c="dimmed" mb="sm">{t('scenarios.rules.text')}</Text>
      {rules.length === 0 ? <EmptyState icon="scenarios" title={t('scenarios.rules.empty')} text={t('scenarios.rules.emptyText')} /> : (
        <ol className="plain-list">
          {rules.map((rule, index) => (
            <RuleRow
              key={rule.key} rule={rule} place={index} last={index === rules.length - 1} caught={asked === rules ? check?.rules[index] : undefined} problems={asked === rules ? (check?.problems ?? []).filter(({ line }) => line === index + 1) : []}
              scenario={scenarios.find(({ code }) => code === rule.scenario)?.name ?? rule.scenario} mayEdit={mayEdit}
              acts={{ move: (to) => move(rule, to), edit: () => setEdited(rule), remove: () => remove(rule) }} over={over === index} grab={grab(rule.key)}
            />
          ))}
        </ol>
      )}
      <output className="visually-hidden" aria-live="polite">{said}</output>
      {error === null ? null : <FaultNote error={error} />}
      {whole.map((problem, index) => <Text key={`${problem.code}-${index}`} size="sm" c="#b42318" role="alert">{say(problem.message)}</Text>)}
      {changed ? (
        <Alert color="yellow" variant="light" my="sm" styles={{ message: { color: '#5c3d00' } }}>
          <Group justify="space-between"><Text size="sm">{t('scenarios.rules.unsaved')}</Text><Group gap="xs"><Button size="xs" variant="default" onClick={revert}>{t('scenarios.rules.revert')}</Button><Button size="xs" loading={save.isPending} disabled={errors} onClick={() => save.mutate(rules.map(bare))}>{t('scenarios.rules.save')}</Button></Group></Group>
        </Alert>
      ) : null}
      <Others check={check} scenarios={scenarios} mayEdit={mayEdit} />
      <RuleDialog rule={edited} scenarios={scenarios} apply={apply} close={() => setEdited(null)} />
    </Card>
  );
}

/** What chooses the scenario of each customer: rules in their order, and the default. */
export function RulesTab(): ReactElement {
  const { data, error, refetch } = useAssignment();
  const { data: scenarios } = useScenarios();
  if (data === undefined || scenarios === undefined) return error === null ? <Loading /> : <FaultNote error={error} retry={() => void refetch()} />;
  return <Rules key={data.version} of={data} scenarios={scenarios} />;
}
