import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerSegmentView } from '#core/api/scenarios.ts';
import { SEGMENT_NAMES } from '#core/risk/segment.ts';
import { useCustomerScenario, useCustomerSegment } from '../../api/scenarios.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatDay } from '../../ui/format.ts';
import { LinkTo } from '../../ui/links.tsx';
import { Card } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { CustomerScenarioModal, SegmentModal } from './scenario-modals.tsx';

const TONES = { goodPayer: 'green', oftenLate: 'amber', atRisk: 'red', new: 'grey', strategic: 'violet', publicBuyer: 'blue', consumer: 'blue' } as const;

function ScenarioPart({ customer, mayEdit }: { readonly customer: string; readonly mayEdit: boolean }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const [opened, { open, close }] = useDisclosure();
  const { data, error, refetch } = useCustomerScenario(customer);
  if (data === undefined) return error === null ? <Loading rows={2} /> : <FaultNote error={error} retry={() => void refetch()} />;
  return (
    <div>
      <Group justify="space-between"><Text size="xs" c="dimmed">{t('scenarios.customer.scenario')}</Text>{mayEdit ? <Button size="compact-xs" variant="light" onClick={open} aria-label={`${t('scenarios.customer.change')} (${t('scenarios.customer.scenario')})`}>{t('scenarios.customer.change')}</Button> : null}</Group>
      <LinkTo to="/scenarios/$code" params={{ code: data.code }} fw={600}>{data.name}</LinkTo>
      <Text size="sm" c="dimmed">{t('scenarios.versionShort', { version: data.version })}, {say(data.because)}</Text>
      <CustomerScenarioModal key={data.chosen ?? ''} customer={customer} chosen={data.chosen} opened={opened} close={close} />
    </div>
  );
}

function History({ of }: { readonly of: CustomerSegmentView }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const language = useLanguage();
  return (
    <details className="waits">
      <summary><Text component="span" size="sm">{t('scenarios.customer.segmentHistory')}</Text></summary>
      {of.history.length === 0 ? <Text size="sm" c="dimmed">{t('scenarios.customer.noHistory')}</Text> : <ul className="changes">{of.history.map((line, index) => <li key={`${line.on}-${index}`}>{t('scenarios.customer.historyLine', { day: formatDay(line.on, language), reason: say(line.reason) })}</li>)}</ul>}
    </details>
  );
}

function SegmentPart({ customer, mayEdit }: { readonly customer: string; readonly mayEdit: boolean }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const [opened, { open, close }] = useDisclosure();
  const { data, error, refetch } = useCustomerSegment(customer);
  if (data === undefined) return error === null ? <Loading rows={2} /> : <FaultNote error={error} retry={() => void refetch()} />;
  return (
    <div>
      <Group justify="space-between"><Text size="xs" c="dimmed">{t('scenarios.customer.segment')}</Text>{mayEdit ? <Button size="compact-xs" variant="light" onClick={open} aria-label={`${t('scenarios.customer.change')} (${t('scenarios.customer.segment')})`}>{t('scenarios.customer.change')}</Button> : null}</Group>
      <Chip tone={TONES[data.segment]}>{say(SEGMENT_NAMES[data.segment])}</Chip>
      <Text size="sm" mt={4}>{say(data.reason)}</Text>
      {data.chosenByPerson ? <Text size="sm" c="dimmed">{t('scenarios.customer.segmentChosen', { name: say(SEGMENT_NAMES[data.ruleSegment]) })}</Text> : null}
      <History of={data} />
      <SegmentModal customer={customer} of={data} opened={opened} close={close} />
    </div>
  );
}

/** How the customer is chased: its scenario and who chose it, how it pays and why that is said. */
export function DunningCard({ customer, mayEdit }: { readonly customer: string; readonly mayEdit: boolean }): ReactElement {
  const { t } = useTranslation();
  return <Card title={t('scenarios.customer.card')}><Stack gap="md"><ScenarioPart customer={customer} mayEdit={mayEdit} /><SegmentPart customer={customer} mayEdit={mayEdit} /></Stack></Card>;
}
