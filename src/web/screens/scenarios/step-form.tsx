import { Button, Checkbox, Divider, Drawer, Group, MultiSelect, SegmentedControl, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepDefinition } from '#core/api/scenarios.ts';
import { ANCHORS, APPROVALS, CHANNELS, CONTACT_ROLES, isTask, STEP_KINDS, TONES } from '#core/dunning/scenario.ts';
import { GAP_DAYS_MAX, NOTICE_DAYS_MAX, OFFSET_DAYS_MAX } from '#core/dunning/scenario-check.ts';
import { SEGMENT_NAMES, SEGMENTS } from '#core/risk/segment.ts';
import { useSay } from '../../language/language.ts';
import { known } from '../../ui/reasons.ts';
import { useWords } from '../../ui/words.ts';
import { BoundsField } from './amounts-field.tsx';
import { anchorStep, asKind, asNotice, changeStep, onChannel } from './edits.ts';
import { Doubts, MaybeField, useFaultOf, WholeField } from './fields.tsx';
import { stepProblems } from './problem-fields.ts';
import type { StepField } from './problem-fields.ts';
import { useStepDay } from './step-words.ts';
import { useTemplateChoices } from './templates.ts';
import type { DraftDesk } from './use-draft.ts';

/** Below this width the form takes the whole screen. */
const NARROW = '(max-width: 48em)';

type PartProps = {
  readonly step: StepDefinition; readonly desk: DraftDesk;
  readonly become: (change: (step: StepDefinition) => StepDefinition, field: string) => void;
  readonly fault: (field: StepField) => string | null;
};

function WhenPart({ step, desk, become, fault }: PartProps): ReactElement {
  const { t } = useTranslation();
  const day = useStepDay();
  const anchors = ANCHORS.filter((anchor) => anchor !== 'previousStep' || step.number > 1).map((value) => ({ value, label: t(`scenarios.form.anchors.${value}`) }));
  return (
    <Stack gap="sm">
      <SegmentedControl
        fullWidth aria-label={t('scenarios.form.kind')} value={step.kind} disabled={!desk.mayEdit} data={STEP_KINDS.map((value) => ({ value, label: t(`scenarios.form.kinds.${value}`) }))}
        onChange={(value) => { const kind = known(STEP_KINDS, value); if (kind !== undefined) become((now) => asKind(now, kind), 'kind'); }}
      />
      <SimpleGrid cols={2} style={{ alignItems: 'start' }}>
        <WholeField
          label={t('scenarios.form.offset')} description={day(step)} value={step.offsetDays} min={step.anchor === 'previousStep' ? 1 : -NOTICE_DAYS_MAX} max={OFFSET_DAYS_MAX} clampBehavior="none" error={fault('offsetDays')}
          data-autofocus become={(offsetDays) => become((now) => ({ ...now, offsetDays }), 'offsetDays')} disabled={!desk.mayEdit}
        />
        <Select
          label={t('scenarios.form.anchor')} description={t('scenarios.form.offsetHint')} allowDeselect={false} data={anchors} value={step.anchor} error={fault('anchor')} disabled={!desk.mayEdit}
          onChange={(value) => { const anchor = known(ANCHORS, value); if (anchor !== undefined) desk.edit((now) => anchorStep(now, step.key, anchor)); }}
        />
      </SimpleGrid>
      <WholeField label={t('scenarios.form.gap')} value={step.minimumGapDays} min={0} max={GAP_DAYS_MAX} clampBehavior="none" error={fault('minimumGapDays')} disabled={!desk.mayEdit} become={(minimumGapDays) => { if (minimumGapDays >= 0) become((now) => ({ ...now, minimumGapDays }), 'gap'); }} />
    </Stack>
  );
}

const withoutFallback = ({ fallbackChannel: _gone, ...rest }: StepDefinition): StepDefinition => rest;
const withoutCopies = ({ copyRoles: _gone, ...rest }: StepDefinition): StepDefinition => rest;

function HowPart({ step, desk, become, fault }: PartProps): ReactElement {
  const { t } = useTranslation();
  const words = useWords();
  const { choices } = useTemplateChoices(step.formalNotice ? 'formalNotice' : 'reminder');
  const task = step.kind === 'task';
  const channels = CHANNELS.filter((channel) => isTask(channel) === task).map((value) => ({ value, label: words.channel(value) }));
  const roles = CONTACT_ROLES.map((value) => ({ value, label: t(`customers.role.${value}`) }));
  const inWords = (values: readonly string[]) => CONTACT_ROLES.filter((role) => values.includes(role)).toSorted((a, b) => values.indexOf(a) - values.indexOf(b));
  return (
    <Stack gap="sm">
      <SimpleGrid cols={task ? 1 : 2} style={{ alignItems: 'start' }}>
        <Select label={t('scenarios.form.channel')} allowDeselect={false} data={channels} value={step.channel} error={fault('channel')} disabled={!desk.mayEdit} onChange={(value) => { const channel = known(CHANNELS, value); if (channel !== undefined) become((now) => onChannel(now, channel), 'channel'); }} />
        {task ? null : (
          <Select
            label={t('scenarios.form.fallback')} allowDeselect={false} value={step.fallbackChannel ?? ''} error={fault('fallbackChannel')} disabled={!desk.mayEdit}
            data={[{ value: '', label: t('scenarios.form.noFallback') }, ...CHANNELS.filter((one) => one !== step.channel).map((value) => ({ value, label: words.channel(value) }))]}
            onChange={(value) => { const channel = known(CHANNELS, value); become((now) => (channel === undefined ? withoutFallback(now) : { ...now, fallbackChannel: channel }), 'fallback'); }}
          />
        )}
      </SimpleGrid>
      <SimpleGrid cols={2} style={{ alignItems: 'start' }}>
        <Select
          label={t(task ? 'scenarios.form.words' : 'scenarios.form.template')} allowDeselect={false} searchable value={step.template} error={fault('template')} disabled={!desk.mayEdit}
          data={task ? [{ value: '', label: t('scenarios.noTemplate') }, ...choices] : [...choices]} onChange={(template) => become((now) => ({ ...now, template: template ?? '' }), 'template')}
        />
        <Select label={t('scenarios.form.tone')} allowDeselect={false} data={TONES.map((value) => ({ value, label: t(`settings.tones.${value}`) }))} value={step.tone} disabled={!desk.mayEdit} onChange={(value) => { const tone = known(TONES, value); if (tone !== undefined) become((now) => ({ ...now, tone }), 'tone'); }} />
      </SimpleGrid>
      <MultiSelect label={t('scenarios.form.roles')} data={roles} value={[...step.contactRoles]} error={fault('contactRoles')} disabled={!desk.mayEdit} onChange={(values) => become((now) => ({ ...now, contactRoles: inWords(values) }), 'roles')} />
      {task ? null : <MultiSelect label={t('scenarios.form.copies')} data={roles} value={[...(step.copyRoles ?? [])]} error={fault('copyRoles')} disabled={!desk.mayEdit} onChange={(values) => become((now) => (values.length === 0 ? withoutCopies(now) : { ...now, copyRoles: inWords(values) }), 'copies')} />}
      <Select label={t('scenarios.form.approval')} allowDeselect={false} data={APPROVALS.map((value) => ({ value, label: t(`scenarios.form.approvals.${value}`) }))} value={step.approval} disabled={!desk.mayEdit} onChange={(value) => { const approval = known(APPROVALS, value); if (approval !== undefined) become((now) => ({ ...now, approval }), 'approval'); }} />
      {task ? null : <Checkbox label={t('scenarios.form.formalNotice')} description={t('scenarios.form.formalNoticeText')} checked={step.formalNotice} error={fault('formalNotice')} disabled={!desk.mayEdit} onChange={(event) => { const { checked } = event.currentTarget; become((now) => asNotice(now, checked), 'formalNotice'); }} />}
    </Stack>
  );
}

type Conditions = NonNullable<StepDefinition['conditions']>;

/** The conditions with one of them changed; undefined, and an empty list, take it away. */
function withCondition(step: StepDefinition, change: { readonly [Name in keyof Conditions]: Conditions[Name] | undefined }): StepDefinition {
  const entries = Object.entries({ ...step.conditions, ...change }).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  const { conditions: _old, ...rest } = step;
  return entries.length === 0 ? rest : { ...rest, conditions: Object.fromEntries(entries) };
}

function ConditionsPart({ step, desk, become, fault }: PartProps): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const { overdueTotals = [], ageFrom, ageTo, segmentsIn = [], segmentsOut = [], languages = [] } = step.conditions ?? {};
  const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  const segments = SEGMENTS.map((value) => ({ value, label: capital(say(SEGMENT_NAMES[value])) }));
  const wrong = fault('conditions');
  return (
    <Stack component="fieldset" gap="sm" m={0} p={0} style={{ border: 0 }}>
      <div><Text component="legend" fw={650} p={0}>{t('scenarios.form.conditions')}</Text><Text size="xs" c="dimmed">{t('scenarios.form.conditionsText')}</Text></div>
      <BoundsField label={t('scenarios.bounds.overdue')} bounds={overdueTotals} disabled={!desk.mayEdit} become={(bounds) => become((now) => withCondition(now, { overdueTotals: bounds }), 'overdue')} />
      <SimpleGrid cols={2} style={{ alignItems: 'start' }}>
        <MaybeField label={t('scenarios.form.ageFrom')} value={ageFrom} disabled={!desk.mayEdit} become={(value) => become((now) => withCondition(now, { ageFrom: value }), 'ageFrom')} />
        <MaybeField label={t('scenarios.form.ageTo')} value={ageTo} disabled={!desk.mayEdit} become={(value) => become((now) => withCondition(now, { ageTo: value }), 'ageTo')} />
      </SimpleGrid>
      <MultiSelect label={t('scenarios.form.segmentsIn')} placeholder={segmentsIn.length === 0 ? t('scenarios.form.anyOne') : ''} data={segments} value={[...segmentsIn]} disabled={!desk.mayEdit} onChange={(values) => become((now) => withCondition(now, { segmentsIn: SEGMENTS.filter((one) => values.includes(one)) }), 'segmentsIn')} />
      <MultiSelect label={t('scenarios.form.segmentsOut')} data={segments} value={[...segmentsOut]} disabled={!desk.mayEdit} onChange={(values) => become((now) => withCondition(now, { segmentsOut: SEGMENTS.filter((one) => values.includes(one)) }), 'segmentsOut')} />
      <MultiSelect label={t('scenarios.form.languages')} placeholder={languages.length === 0 ? t('scenarios.form.anyOne') : ''} data={[{ value: 'fr', label: t('frame.french') }, { value: 'en', label: t('frame.english') }]} value={[...languages]} disabled={!desk.mayEdit} onChange={(values) => become((now) => withCondition(now, { languages: (['fr', 'en'] as const).filter((one) => values.includes(one)) }), 'languages')} />
      {wrong === null ? null : <Text size="sm" c="#b42318" role="alert">{wrong}</Text>}
    </Stack>
  );
}

type Props = { readonly step: StepDefinition | null; readonly desk: DraftDesk; readonly close: () => void; readonly duplicate: () => void; readonly remove: () => void };

/** The form of one step beside the line; what is changed is in the draft at once, what is wrong stands beside its field. */
export function StepForm({ step, desk, close, duplicate, remove }: Props): ReactElement {
  const { t } = useTranslation();
  const narrow = useMediaQuery(NARROW) ?? false;
  const faultOf = useFaultOf();
  const problems = stepProblems(desk.problems, step?.number ?? 0);
  const part = step === null ? null : {
    step, desk, fault: (field: StepField) => faultOf(problems.get(field)),
    become: (change: (now: StepDefinition) => StepDefinition, field: string) => desk.edit((now) => changeStep(now, step.key, change), `${step.key}:${field}`),
  };
  return (
    <Drawer opened={step !== null} onClose={close} position="right" size={narrow ? '100%' : 480} title={<Text fw={650}>{t('scenarios.form.title', { step: step?.number ?? 0 })}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {part === null ? null : (
        <Stack gap="lg">
          <WhenPart {...part} />
          <HowPart {...part} />
          <Doubts of={[...problems.values()].flat()} />
          {part.fault('whole') === null ? null : <Text size="sm" c="#b42318" role="alert">{part.fault('whole')}</Text>}
          <Divider />
          <ConditionsPart {...part} />
          <Group justify="space-between" wrap="nowrap" gap={6} className="form-foot">
            {desk.mayEdit ? <Group gap={6} wrap="nowrap"><Button variant="default" px="sm" onClick={duplicate}>{t('scenarios.duplicate')}</Button><Button variant="light" color="brick" px="sm" onClick={remove}>{t('scenarios.remove')}</Button></Group> : <span />}
            <Button px="sm" onClick={close}>{t('scenarios.form.done')}</Button>
          </Group>
        </Stack>
      )}
    </Drawer>
  );
}
