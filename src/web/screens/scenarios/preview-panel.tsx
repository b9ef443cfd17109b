import { Alert, Button, Group, List, SegmentedControl, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRef } from '#core/api/matching.ts';
import type { ScenarioPreview, StepMessage } from '#core/api/scenarios.ts';
import { useProposedCustomers, useScenarioPreview } from '../../api/scenarios.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { CustomerSelect } from '../../ui/customer-select.tsx';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { MailFrame } from '../../ui/mail-frame.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { NextDaysList } from './next-days-list.tsx';
import type { DraftDesk } from './use-draft.ts';

/** The preview follows the hand after this pause. */
const PAUSE_MS = 250;

function Chooser({ chosen, choose }: { readonly chosen: CustomerRef | null; readonly choose: (customer: CustomerRef) => void }): ReactElement {
  const { t } = useTranslation();
  const { data } = useProposedCustomers();
  return (
    <Card>
      <Group gap="md" align="flex-end">
        <div style={{ flex: '1 1 280px', maxWidth: 420 }}><CustomerSelect key={chosen?.id ?? ''} label={t('scenarios.preview.customer')} description={t('scenarios.preview.hint')} chosen={chosen} choose={choose} /></div>
        <Group gap="xs">
          {data?.map((one) => (
            <Button key={one.id} variant={one.id === chosen?.id ? 'filled' : 'light'} size="sm" h="auto" py={6} onClick={() => choose({ id: one.id, code: one.code, name: one.name })}>
              <span style={{ textAlign: 'left' }}><span style={{ display: 'block' }}>{one.name}</span><Text component="span" size="xs" fw={400}>{t(`scenarios.preview.because.${one.because}`, { days: one.days, documents: one.documents })}</Text></span>
            </Button>
          ))}
        </Group>
      </Group>
    </Card>
  );
}

function Message({ of }: { readonly of: StepMessage }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const words = useWords();
  const task = of.subject === '' && of.text === '' && of.problems.length === 0;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">{t(of.planned ? 'scenarios.preview.planned' : 'scenarios.preview.imagined', { day: formatDay(of.today, language) })} · {words.channel(of.channel)}{of.to === null ? '' : ` · ${of.to}`} · {t('scenarios.preview.about', { amount: formatMoney(of.total, of.currency, language), documents: of.documents.slice(0, 6).join(', ') })}</Text>
      {of.reachable ? null : <Alert color="yellow" variant="light" p="xs" icon={<Icon name="alert" size={18} />} styles={{ message: { color: '#5c3d00' } }}>{t('scenarios.preview.noPerson')}</Alert>}
      {of.problems.length === 0 ? null : (
        <Alert color="brick" variant="light" title={t('scenarios.preview.problems')} icon={<Icon name="alert" />} styles={{ message: { color: '#5b1a13' }, title: { color: '#8f1d12' } }}>
          <List size="sm" spacing={4}>{of.problems.map((problem, index) => <List.Item key={`${problem.code}-${index}`}>{say(problem.message)}</List.Item>)}</List>
        </Alert>
      )}
      {task ? <Text size="sm">{t('scenarios.preview.task')}</Text> : null}
      {of.subject === '' ? null : <Text fw={650}>{of.subject}</Text>}
      {of.html === null ? null : <MailFrame html={of.html} />}
    </Stack>
  );
}

function Messages({ of }: { readonly of: readonly StepMessage[] }): ReactElement | null {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<string | null>(null);
  const shown = of.find(({ key }) => key === asked) ?? of.find(({ planned }) => planned) ?? of[0];
  if (shown === undefined) return null;
  return (
    <Card title={t('scenarios.preview.messages')}>
      <div style={{ overflowX: 'auto' }}>
        <SegmentedControl aria-label={t('scenarios.preview.step')} mb="md" value={shown.key} onChange={setAsked} data={of.map(({ key, step }) => ({ value: key, label: t('scenarios.stepName', { step }) }))} />
      </div>
      <Message of={shown} />
    </Card>
  );
}

function Found({ of }: { readonly of: ScenarioPreview }): ReactElement {
  const { t } = useTranslation();
  if (!of.owes) return <Card><EmptyState icon="check" title={t('scenarios.preview.owesNothing')} text={t('scenarios.preview.owesNothingText')} /></Card>;
  return (
    <div className="preview-grid">
      <Card title={t('scenarios.preview.nextDays')}><Text size="sm" c="dimmed" mb="md">{t('scenarios.customer.nextText')}</Text><NextDaysList of={of.next} /></Card>
      <Messages of={of.messages} />
    </div>
  );
}

/** What the draft, as it stands on the screen, would do for a real customer. */
export function PreviewPanel({ code, desk, chosen, choose }: { readonly code: string; readonly desk: DraftDesk; readonly chosen: CustomerRef | null; readonly choose: (customer: CustomerRef) => void }): ReactElement {
  const { t } = useTranslation();
  const [definition] = useDebouncedValue(desk.definition, PAUSE_MS);
  const { data, error, refetch } = useScenarioPreview(code, { customer: chosen?.id ?? null, definition });
  return (
    <Stack gap="lg">
      <Chooser chosen={chosen} choose={choose} />
      {chosen === null ? <Card><EmptyState icon="search" title={t('scenarios.preview.choose')} text={t('scenarios.preview.chooseText')} /></Card> : null}
      {chosen !== null && error !== null ? <FaultNote error={error} retry={() => void refetch()} /> : null}
      {chosen !== null && error === null ? data === undefined ? <Loading /> : <Found of={data} /> : null}
    </Stack>
  );
}
