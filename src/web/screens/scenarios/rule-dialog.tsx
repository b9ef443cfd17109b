import { Button, Group, Modal, MultiSelect, Select, Stack, TagsInput, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RuleView, ScenarioLine } from '#core/api/scenarios.ts';
import { SEGMENT_NAMES, SEGMENTS } from '#core/risk/segment.ts';
import { useSay } from '../../language/language.ts';
import { BoundsField } from './amounts-field.tsx';

const KINDS = ['business', 'consumer', 'public'] as const;
const LANGUAGES = ['fr', 'en'] as const;
/** Longest name of a rule. */
const NAME_MAX = 80;
const COUNTRY = /^[A-Z]{2}$/;

type When = RuleView['when'];

/** The criteria with one of them changed; an empty list takes it away. */
function withCriterion(when: When, change: { readonly [Name in keyof When]: When[Name] }): When {
  return Object.fromEntries(Object.entries({ ...when, ...change }).filter(([, values]) => values.length > 0));
}

function Criteria({ when, become, badCountry }: { readonly when: When; readonly become: (when: When) => void; readonly badCountry: string | null }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  return (
    <Stack gap="sm">
      <div><Title order={3}>{t('scenarios.rules.form.when')}</Title><Text size="xs" c="dimmed">{t('scenarios.rules.form.whenText')}</Text></div>
      <MultiSelect label={t('scenarios.rules.form.segments')} data={SEGMENTS.map((value) => ({ value, label: capital(say(SEGMENT_NAMES[value])) }))} value={[...(when.segments ?? [])]} onChange={(values) => become(withCriterion(when, { segments: SEGMENTS.filter((one) => values.includes(one)) }))} />
      <MultiSelect label={t('scenarios.rules.form.kinds')} data={KINDS.map((value) => ({ value, label: t(`customers.kinds.${value}`) }))} value={[...(when.kinds ?? [])]} onChange={(values) => become(withCriterion(when, { kinds: KINDS.filter((one) => values.includes(one)) }))} />
      <MultiSelect label={t('scenarios.rules.form.languages')} data={[{ value: 'fr', label: t('frame.french') }, { value: 'en', label: t('frame.english') }]} value={[...(when.languages ?? [])]} onChange={(values) => become(withCriterion(when, { languages: LANGUAGES.filter((one) => values.includes(one)) }))} />
      <TagsInput label={t('scenarios.rules.form.countries')} description={t('scenarios.rules.form.prefixesHint')} error={badCountry} value={[...(when.countries ?? [])]} onChange={(values) => become(withCriterion(when, { countries: values.map((one) => one.trim().toUpperCase()) }))} />
      <TagsInput label={t('scenarios.rules.form.prefixes')} description={t('scenarios.rules.form.prefixesHint')} value={[...(when.accountPrefixes ?? [])]} onChange={(values) => become(withCriterion(when, { accountPrefixes: values.map((one) => one.trim()).filter((one) => one !== '') }))} />
      <BoundsField label={t('scenarios.bounds.open')} bounds={when.openTotals ?? []} become={(openTotals) => become(withCriterion(when, { openTotals }))} />
    </Stack>
  );
}

type FormProps = { readonly rule: RuleView; readonly scenarios: readonly ScenarioLine[]; readonly apply: (rule: RuleView) => void; readonly close: () => void };

function RuleForm({ rule, scenarios, apply, close }: FormProps): ReactElement {
  const { t } = useTranslation();
  const [now, setNow] = useState(rule);
  const [asked, setAsked] = useState(false);
  const unnamed = now.name.trim() === '';
  const badCountry = (now.when.countries ?? []).some((country) => !COUNTRY.test(country)) ? t('scenarios.rules.form.badCountry') : null;
  const choices = scenarios.filter(({ version, retired, code }) => version > 0 && (!retired || code === now.scenario)).map(({ code, name, retired }) => ({ value: code, label: retired ? t('scenarios.rules.retiredChoice', { name }) : name }));
  return (
    <form noValidate onSubmit={(event) => {
      event.preventDefault();
      setAsked(true);
      if (!unnamed && badCountry === null) apply({ ...now, name: now.name.trim() });
    }}>
      <Stack>
        <TextInput label={t('scenarios.rules.form.name')} required maxLength={NAME_MAX} data-autofocus value={now.name} error={asked && unnamed ? t('scenarios.nameNeeded') : null} onChange={(event) => setNow({ ...now, name: event.currentTarget.value })} />
        <Select label={t('scenarios.rules.form.scenario')} allowDeselect={false} data={choices} value={now.scenario} onChange={(scenario) => setNow({ ...now, scenario: scenario ?? now.scenario })} />
        <Criteria when={now.when} badCountry={badCountry} become={(when) => setNow((before) => ({ ...before, when }))} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit">{t('scenarios.rules.form.apply')}</Button></Group>
      </Stack>
    </form>
  );
}

type Props = { readonly rule: RuleView | null; readonly scenarios: readonly ScenarioLine[]; readonly apply: (rule: RuleView) => void; readonly close: () => void };

/** One rule: its name, its scenario and whom it is for. It takes effect when the rules are saved. */
export function RuleDialog({ rule, scenarios, apply, close }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={rule !== null} onClose={close} size="lg" title={<Text fw={650}>{t('scenarios.rules.form.title')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {rule === null ? null : <RuleForm rule={rule} scenarios={scenarios} apply={apply} close={close} />}
    </Modal>
  );
}
