import { Checkbox, MultiSelect, SegmentedControl, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScenarioDefinition } from '#core/api/scenarios.ts';
import { CHANNELS, CONTACT_ROLES, isTask } from '#core/dunning/scenario.ts';
import { GAP_DAYS_MAX, NAME_LENGTH_MAX } from '#core/dunning/scenario-check.ts';
import { Card } from '../../ui/page.tsx';
import { known } from '../../ui/reasons.ts';
import { useWords } from '../../ui/words.ts';
import { MinimumsField } from './amounts-field.tsx';
import { daysOf } from './edits.ts';
import { Doubts, useFaultOf, WholeField } from './fields.tsx';
import { headProblems } from './problem-fields.ts';
import { useStepDay } from './step-words.ts';
import { useTemplateChoices } from './templates.ts';
import type { DraftDesk } from './use-draft.ts';

const SCOPES = ['account', 'item'] as const;
const STEP = 'step:';

type PartProps = { readonly desk: DraftDesk; readonly become: (change: Partial<ScenarioDefinition>, field: string) => void; readonly fault: string | null };

function EntryField({ desk, become, fault }: PartProps): ReactElement {
  const { t } = useTranslation();
  const day = useStepDay();
  const { entry, steps } = desk.definition;
  const days = daysOf(steps);
  const possible = steps.filter((step, index) => (days[index] ?? 0) > 0 && !step.formalNotice);
  const data = [
    ...(['first', 'byAge'] as const).map((value) => ({ value, label: t(`scenarios.head.entries.${value}`) })),
    ...possible.map((step) => ({ value: `${STEP}${step.key}`, label: t('scenarios.head.entryStep', { step: step.number, day: day(step) }) })),
  ];
  const choose = (value: string | null): void => {
    if (value !== null) become({ entry: value === 'first' || value === 'byAge' ? value : { step: value.slice(STEP.length) } }, 'entry');
  };
  return <Select label={t('scenarios.head.entry')} allowDeselect={false} data={data} value={typeof entry === 'string' ? entry : `${STEP}${entry.step}`} error={fault} disabled={!desk.mayEdit} onChange={choose} />;
}

function ThanksPart({ desk, become, fault }: PartProps): ReactElement {
  const { t } = useTranslation();
  const words = useWords();
  const { thankYou } = desk.definition;
  const { choices } = useTemplateChoices('thankYou');
  const start = { template: 'thankYou', channel: 'email', contactRoles: ['accountsPayable'], onlyWhenReminded: true } as const;
  return (
    <Stack gap="sm">
      <Switch label={t('scenarios.head.thanks')} checked={thankYou !== null} disabled={!desk.mayEdit} onChange={(event) => become({ thankYou: event.currentTarget.checked ? start : null }, 'thanks')} />
      {thankYou === null ? null : (
        <Stack gap="sm" pl="xs" style={{ borderLeft: '3px solid #d7e6df' }}>
          <Select label={t('scenarios.head.thanksTemplate')} allowDeselect={false} data={[...choices]} value={thankYou.template} disabled={!desk.mayEdit} onChange={(template) => { if (template !== null) become({ thankYou: { ...thankYou, template } }, 'thanks'); }} />
          <Select label={t('scenarios.head.thanksChannel')} allowDeselect={false} data={CHANNELS.filter((one) => !isTask(one)).map((value) => ({ value, label: words.channel(value) }))} value={thankYou.channel} disabled={!desk.mayEdit} onChange={(value) => { const channel = known(CHANNELS, value); if (channel !== undefined) become({ thankYou: { ...thankYou, channel } }, 'thanks'); }} />
          <MultiSelect label={t('scenarios.head.thanksRoles')} data={CONTACT_ROLES.map((value) => ({ value, label: t(`customers.role.${value}`) }))} value={[...thankYou.contactRoles]} error={fault} disabled={!desk.mayEdit} onChange={(values) => become({ thankYou: { ...thankYou, contactRoles: CONTACT_ROLES.filter((role) => values.includes(role)) } }, 'thanks')} />
          <Checkbox label={t('scenarios.head.thanksReminded')} checked={thankYou.onlyWhenReminded} disabled={!desk.mayEdit} onChange={(event) => become({ thankYou: { ...thankYou, onlyWhenReminded: event.currentTarget.checked } }, 'thanks')} />
        </Stack>
      )}
    </Stack>
  );
}

/** What holds for the whole scenario. */
export function HeadForm({ desk }: { readonly desk: DraftDesk }): ReactElement {
  const { t } = useTranslation();
  const faultOf = useFaultOf();
  const { definition, mayEdit } = desk;
  const problems = headProblems(desk.problems);
  const become = (change: Partial<ScenarioDefinition>, field: string): void => desk.edit((now) => ({ ...now, ...change }), field);
  const [whole, steps] = [faultOf(problems.get('whole')), faultOf(problems.get('steps'))];
  return (
    <Card title={t('scenarios.head.title')}>
      <Stack gap="md">
        {whole === null && (steps === null || definition.steps.length === 0) ? null : <Text size="sm" c="#b42318" role="alert">{[whole, steps].filter((text) => text !== null).join(' ')}</Text>}
        <Doubts of={problems.get('steps')} />
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
          <Stack gap="md">
            <TextInput label={t('scenarios.head.name')} maxLength={NAME_LENGTH_MAX} value={definition.name} error={faultOf(problems.get('name'))} disabled={!mayEdit} onChange={(event) => become({ name: event.currentTarget.value }, 'name')} />
            <div>
              <Text size="sm" fw={600} mb={4} id="scenario-scope">{t('scenarios.head.scope')}</Text>
              <SegmentedControl fullWidth orientation="vertical" aria-labelledby="scenario-scope" value={definition.scope} disabled={!mayEdit} data={SCOPES.map((value) => ({ value, label: t(`scenarios.head.scopes.${value}`) }))} onChange={(value) => { const scope = known(SCOPES, value); if (scope !== undefined) become({ scope }, 'scope'); }} />
            </div>
            <EntryField desk={desk} become={become} fault={faultOf(problems.get('entry'))} />
          </Stack>
          <Stack gap="md">
            <MinimumsField
              amounts={[definition.minimumAmount, ...definition.otherMinimumAmounts]} error={faultOf(problems.get('minimumAmount'))} disabled={!mayEdit}
              become={([first, ...others]) => { if (first !== undefined) become({ minimumAmount: first, otherMinimumAmounts: others }, 'minimum'); }}
            />
            <WholeField label={t('scenarios.head.grace')} value={definition.graceDays} min={0} max={GAP_DAYS_MAX} clampBehavior="none" error={faultOf(problems.get('graceDays'))} disabled={!mayEdit} become={(graceDays) => { if (graceDays >= 0) become({ graceDays }, 'grace'); }} />
            <ThanksPart desk={desk} become={become} fault={faultOf(problems.get('thankYou'))} />
          </Stack>
        </SimpleGrid>
      </Stack>
    </Card>
  );
}
