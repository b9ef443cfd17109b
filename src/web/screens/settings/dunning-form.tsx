import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Switch, Table, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { UseFormReturnType } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { DunningPage, DunningView, ScenarioView, StepView } from '#core/api/configuration.ts';
import { TONES } from '#core/dunning/scenario.ts';
import { change } from '../../api/client.ts';
import { useDunning, useSession } from '../../api/queries.ts';
import { Chip } from '../../ui/chip.tsx';
import { Card } from '../../ui/page.tsx';
import { known } from '../../ui/reasons.ts';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';
import { useWords } from '../../ui/words.ts';

type Values = Omit<DunningView, 'closedDays'> & { closedDays: string };

const valuesOf = ({ closedDays, ...rest }: DunningView): Values => ({ ...rest, closedDays: closedDays.join('\n') });

const bodyOf = ({ closedDays, ...rest }: Values): DunningView => ({ ...rest, closedDays: closedDays.split(/\s+/).filter((day) => day !== '') });

function StepLine({ step }: { readonly step: StepView }): ReactElement {
  const { t } = useTranslation();
  const words = useWords();
  const tone = known(TONES, step.tone);
  const when = step.offsetDays === 0 ? t('settings.whenDay') : step.offsetDays < 0 ? t('settings.whenBefore', { days: -step.offsetDays }) : t('settings.whenAfter', { days: step.offsetDays });
  const how = step.fallbackChannel === null ? words.channel(step.channel) : t('settings.orElse', { channel: words.channel(step.channel), fallback: words.channel(step.fallbackChannel).toLocaleLowerCase() });
  return (
    <Table.Tr>
      <Table.Td className="number">{step.number}</Table.Td><Table.Td className="number">{when}</Table.Td>
      <Table.Td>{how} {step.formalNotice ? <Chip tone="red">{t('actions.formalNotice')}</Chip> : null}</Table.Td>
      <Table.Td visibleFrom="xs">{tone === undefined ? step.tone : t(`settings.tones.${tone}`)}</Table.Td>
    </Table.Tr>
  );
}

function Steps({ scenario }: { readonly scenario: ScenarioView }): ReactElement {
  const { t } = useTranslation();
  return (
    <Table verticalSpacing="xs">
      <Table.Caption className="visually-hidden">{t('settings.steps')}</Table.Caption>
      <Table.Thead><Table.Tr><Table.Th scope="col">{t('settings.step')}</Table.Th><Table.Th scope="col">{t('settings.when')}</Table.Th><Table.Th scope="col">{t('settings.how')}</Table.Th><Table.Th scope="col" visibleFrom="xs">{t('settings.tone')}</Table.Th></Table.Tr></Table.Thead>
      <Table.Tbody>{scenario.steps.map((step) => <StepLine key={step.number} step={step} />)}</Table.Tbody>
    </Table>
  );
}

function Limits({ form }: { readonly form: UseFormReturnType<Values> }): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
        <NumberInput label={t('settings.ledgerLimit')} description={t('settings.ledgerLimitText')} min={1} max={366} allowDecimal={false} required {...form.getInputProps('ledgerLimitDays')} />
        <NumberInput label={t('settings.formalDays')} min={1} max={60} allowDecimal={false} required {...form.getInputProps('formalNoticeDays')} />
      </SimpleGrid>
      <Textarea label={t('settings.closedDays')} description={t('settings.closedDaysText')} autosize minRows={2} maxRows={8} {...form.getInputProps('closedDays')} />
    </Stack>
  );
}

function Fields({ of }: { readonly of: DunningPage }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const owner = useSession().organisation.role === 'owner';
  const form = useForm<Values>({ initialValues: valuesOf(of.settings) });
  const failed = useFieldFault(form);
  const save = useChange((values: Values) => change('PUT', '/api/dunning', bodyOf(values)), { done: () => {
    tell(t('settings.dunningSaved'));
    void client.invalidateQueries({ queryKey: ['dunning'] });
  }, failed });
  const scenario = of.scenarios.find((one) => one.code === form.values.scenario);
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <fieldset disabled={!owner} style={{ border: 0, padding: 0, margin: 0 }}>
        <Stack gap="lg">
          {owner ? null : <Text c="dimmed">{t('settings.ownerOnly')}</Text>}
          <Card>
            <Stack gap="md">
              <Switch label={t('settings.approveEverything')} {...form.getInputProps('approveEverything', { type: 'checkbox' })} />
              <Switch label={t('settings.automatic')} {...form.getInputProps('automatic', { type: 'checkbox' })} />
            </Stack>
          </Card>
          <Card title={t('settings.steps')}>
            <Stack gap="md">
              <Select label={t('settings.scenario')} description={t('settings.scenarioText')} allowDeselect={false} maw={420} data={of.scenarios.map((one) => ({ value: one.code, label: one.name }))} {...form.getInputProps('scenario')} />
              {scenario === undefined ? null : <Steps scenario={scenario} />}
            </Stack>
          </Card>
          <Card><Limits form={form} /></Card>
          {owner ? <Group justify="flex-end"><Button type="submit" size="md" loading={save.isPending}>{t('frame.save')}</Button></Group> : null}
        </Stack>
      </fieldset>
    </form>
  );
}

/** How the organisation chases. */
export function DunningForm(): ReactElement {
  const { data, error, refetch } = useDunning();
  if (data === undefined) return error === null ? <Loading rows={8} /> : <FaultNote error={error} retry={() => void refetch()} />;
  return <Fields of={data} />;
}
