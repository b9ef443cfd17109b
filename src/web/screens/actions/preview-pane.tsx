import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActionPreview, ActionView } from '#core/api/actions.ts';
import { usePreview } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatMoney } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { MailFrame } from '../../ui/mail-frame.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { LinkTo } from '../../ui/links.tsx';
import { TaskPane } from './task-pane.tsx';

function Line({ label, value }: { readonly label: string; readonly value: string }): ReactElement {
  return <Group gap={8} wrap="nowrap" align="baseline"><Text component="dt" size="sm" c="dimmed" w={52} style={{ flexShrink: 0 }}>{label}</Text><Text component="dd" m={0} size="sm" style={{ wordBreak: 'break-word' }}>{value}</Text></Group>;
}

function Message({ of }: { readonly of: ActionPreview }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  if (of.stored && of.problems.length > 0) {
    return <Alert color="yellow" variant="light" title={t('actions.bytesElsewhere')} icon={<Icon name="letter" />} styles={{ message: { color: '#4a3200', overflowWrap: 'anywhere' }, title: { color: '#7a4100' } }}>{of.problems.map(({ message }) => say(message)).join(' ')}</Alert>;
  }
  if (of.problems.length > 0) {
    return (
      <Alert color="brick" variant="light" title={t('actions.problemsTitle')} icon={<Icon name="alert" />} styles={{ message: { color: '#5b1a13' }, title: { color: '#8f1d12' } }}>
        <List size="sm" spacing={4}>{of.problems.map((problem, index) => <List.Item key={`${problem.code}-${index}`}>{say(problem.message)}</List.Item>)}</List>
      </Alert>
    );
  }
  return (
    <Stack gap="sm">
      <Stack component="dl" gap={4} m={0}>
        <Line label={of.channel === 'email' ? t('actions.to') : t('actions.postal')} value={of.to ?? t('actions.noRecipient')} />
        {of.channel === 'email' && of.from !== null ? <Line label={t('actions.from')} value={of.from} /> : null}
        <Line label={t('actions.subject')} value={of.subject} />
      </Stack>
      {of.html === null ? <Text component="pre" size="sm" style={{ whiteSpace: 'pre-wrap', fontFamily: 'inherit', margin: 0 }} className="mail-text">{of.text}</Text> : <MailFrame html={of.html} />}
      <Text size="xs" c="dimmed">{of.stored ? t('actions.storedNote') : t('actions.composedNote')} {formatMoney(of.total, of.currency, language)}</Text>
      <Group gap="xs">
        {of.hasLetter ? <Button component="a" href={`/api/actions/${of.id}/letter.pdf`} download size="xs" variant="light" leftSection={<Icon name="letter" size={16} />}>{t('actions.pdf')}</Button> : null}
        {of.hasMail ? <Button component="a" href={`/api/actions/${of.id}/message.eml`} download size="xs" variant="default">{t('actions.eml')}</Button> : null}
      </Group>
    </Stack>
  );
}

/** Who approved a formal notice first, and that it takes a second person. */
function ApprovalNote({ action }: { readonly action: ActionView }): ReactElement | null {
  const { t } = useTranslation();
  if (action.approvalsNeeded < 2 || action.state !== 'proposed') return null;
  const text = action.approvedOnceBy === null ? t('actions.twoNeeded') : action.approvedOnceByMe ? t('actions.onceByMe') : t('actions.onceBy', { name: action.approvedOnceBy });
  return <Alert color="violet" variant="light" icon={<Icon name="user" />} styles={{ message: { color: '#3b2574' } }}>{text}</Alert>;
}

/** The words that a task's step gives, to be said rather than sent; nothing where it gives none. */
function Script({ text }: { readonly text: string }): ReactElement | null {
  const { t } = useTranslation();
  if (text === '') return null;
  return <section aria-label={t('actions.task.script')}><Text size="sm" fw={600}>{t('actions.task.script')}</Text><Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</Text></section>;
}

/** What is handed to a judge or an auditor: the exact message, who approved it, what the server answered, and how to verify it all. */
function Proof({ action }: { readonly action: ActionView }): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack gap={4} align="flex-start">
      <Button component="a" href={`/api/actions/${action.id}/proof.zip`} download size="xs" variant="default" leftSection={<Icon name="registered" size={16} />} aria-label={t('actions.proofOf', { customer: action.customerName })}>{t('actions.proof')}</Button>
      <Text size="xs" c="dimmed">{t('actions.proofText')}</Text>
    </Stack>
  );
}

/** What an action says and to whom, before it leaves or as it left. */
export function PreviewPane({ action }: { readonly action: ActionView | null }): ReactElement {
  const { t } = useTranslation();
  const { data, error, refetch } = usePreview(action?.id ?? null);
  if (action === null) return <EmptyState icon="letter" title={t('actions.previewTitle')} text={t('actions.previewNone')} />;
  return (
    <Stack gap="md" aria-live="polite">
      <div>
        <Text fw={650} fz="lg">{action.customerName}</Text>
        <LinkTo to="/customers/$id" params={{ id: action.customerId }} size="sm">{t('actions.openCustomer')}</LinkTo>
      </div>
      <ApprovalNote action={action} />
      {action.task ? <TaskPane key={action.id} action={action} /> : null}
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && !action.task ? <Loading rows={5} /> : null}
      {data === undefined ? null : action.task ? <Script text={data.text} /> : <Message of={data} />}
      <Proof action={action} />
    </Stack>
  );
}
