import { Button, Group, NumberInput, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { SegmentsView } from '#core/api/scenarios.ts';
import { SEGMENTS } from '#core/risk/segment.ts';
import type { SegmentThresholds } from '#core/risk/segment.ts';
import { change } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { refreshScenarios, useSegments } from '../../api/scenarios.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatCount } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';

/** Thresholds in the order in which they are thought of. */
const ORDER = ['windowMonths', 'onTimeDays', 'goodLateDaysMax', 'goodOnTimePercentMin', 'goodOverdueDaysMax', 'riskLateDaysMin', 'riskOverdueDaysMin', 'newMonths', 'newPayments'] as const satisfies readonly (keyof SegmentThresholds)[];

function CountsCard({ of, mayCompute }: { readonly of: SegmentsView; readonly mayCompute: boolean }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const language = useLanguage();
  const total = SEGMENTS.reduce((sum, segment) => sum + of.counts[segment], 0);
  const compute = useChange(() => change<{ customers: number; changed: number }>('POST', '/api/segments/recompute'), { done: ({ customers, changed }) => {
    tell(t('scenarios.segments.recomputed', { customers: formatCount(customers, language), count: changed }));
    void refreshScenarios();
  } });
  const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  return (
    <Card title={t('scenarios.segments.title')} actions={mayCompute ? <Button size="xs" variant="light" loading={compute.isPending} onClick={() => compute.mutate(undefined)}>{t('scenarios.segments.recompute')}</Button> : null}>
      <Text size="sm" c="dimmed" mb="md">{t('scenarios.segments.text')}</Text>
      {total === 0 ? <Text size="sm">{t('scenarios.segments.none')}</Text> : (
        <Stack component="ul" className="plain-list" gap="sm">
          {SEGMENTS.map((segment) => (
            <li key={segment}>
              <Group justify="space-between"><Text size="sm" fw={550}>{capital(say(of.names[segment]))}</Text><Text size="sm" className="number">{t('scenarios.segments.customers', { count: of.counts[segment] })}</Text></Group>
              <Progress value={(of.counts[segment] * 100) / total} size="sm" mt={4} aria-label={capital(say(of.names[segment]))} />
            </li>
          ))}
        </Stack>
      )}
    </Card>
  );
}

function ThresholdsCard({ of }: { readonly of: SegmentsView }): ReactElement {
  const { t } = useTranslation();
  const owner = useSession().organisation.role === 'owner';
  const form = useForm<SegmentThresholds>({ initialValues: of.thresholds });
  const save = useChange((values: SegmentThresholds) => change('PUT', '/api/segments', values), { done: () => {
    tell(t('scenarios.segments.saved'));
    void refreshScenarios();
  } });
  const wrong = ORDER.some((name) => !Number.isInteger(form.values[name]));
  return (
    <Card title={t('scenarios.segments.thresholds')}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <fieldset disabled={!owner} style={{ border: 0, padding: 0, margin: 0 }}>
          <Text size="sm" c="dimmed" mb="md">{owner ? t('scenarios.segments.thresholdsText') : t('settings.ownerOnly')}</Text>
          <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
            {ORDER.map((name) => {
              const [low, high] = of.bounds[name];
              return <NumberInput key={name} label={t(`scenarios.segments.names.${name}`)} description={t('scenarios.segments.bounds', { low, high })} min={low} max={high} allowDecimal={false} required {...form.getInputProps(name)} />;
            })}
          </SimpleGrid>
          {owner ? <Group justify="flex-end" mt="md"><Button type="submit" loading={save.isPending} disabled={wrong || !form.isDirty()}>{t('frame.save')}</Button></Group> : null}
        </fieldset>
      </form>
    </Card>
  );
}

/** How customers pay: how many of each profile, and where one ends and the next begins. */
export function SegmentsTab(): ReactElement {
  const { data, error, refetch } = useSegments();
  const { role } = useSession().organisation;
  if (data === undefined) return error === null ? <Loading /> : <FaultNote error={error} retry={() => void refetch()} />;
  return <Stack gap="lg"><CountsCard of={data} mayCompute={role !== 'reader'} /><ThresholdsCard key={JSON.stringify(data.thresholds)} of={data} /></Stack>;
}
