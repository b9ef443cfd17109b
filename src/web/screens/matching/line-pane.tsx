import { Alert, Button, Group, List, Radio, Stack, Text, Title } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '#core/api/faults.ts';
import type { OpenLineView } from '#core/api/matching.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { Chip } from '../../ui/chip.tsx';
import { formatDay } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { LinkTo } from '../../ui/links.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { BankWords } from './bank-words.tsx';
import { ProposalCard } from './proposal-card.tsx';
import { firstChoice } from './proposals.ts';
import type { useChoice } from './use-choice.ts';
import { useLineWords } from './use-line-changes.ts';

/** What can be done with the line shown; null is not offered for it. */
export type LineWork = {
  readonly place: (() => void) | null; readonly split: () => void; readonly customer: (() => void) | null; readonly settle: (() => void) | null;
  readonly refuse: (() => void) | null; readonly dismiss: (() => void) | null; readonly undo: (() => void) | null;
};

function KeyButton({ keys, act, main = false, children }: { readonly keys: string; readonly act: (() => void) | null; readonly main?: boolean; readonly children: ReactNode }): ReactElement {
  return (
    <Button size="compact-sm" variant={main ? 'filled' : 'default'} disabled={act === null} onClick={() => act?.()} aria-keyshortcuts={keys === '⏎' ? 'Enter' : keys} rightSection={<span className="key key-hint" aria-hidden="true">{keys}</span>}>{children}</Button>
  );
}

function Work({ work }: { readonly work: LineWork }): ReactElement {
  const { t } = useTranslation();
  return (
    <Group component="fieldset" gap={6} className="pane-work" aria-label={t('matching.actions')}>
      <KeyButton keys="⏎" act={work.place} main>{t('matching.place')}</KeyButton>
      <KeyButton keys="s" act={work.split}>{t('matching.split')}</KeyButton>
      <KeyButton keys="c" act={work.customer}>{t('matching.chooseCustomer')}</KeyButton>
      <KeyButton keys="w" act={work.settle}>{t('matching.settle')}</KeyButton>
      <KeyButton keys="r" act={work.refuse}>{t('matching.refuse')}</KeyButton>
      <KeyButton keys="x" act={work.dismiss}>{t('matching.dismiss')}</KeyButton>
      <KeyButton keys="u" act={work.undo}>{t('matching.undoLast')}</KeyButton>
    </Group>
  );
}

function Head({ line }: { readonly line: OpenLineView }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <div>
      <Group justify="space-between" align="baseline" gap="sm">
        <Title order={2} style={{ overflowWrap: 'anywhere' }}>{useLineWords()(line).payer}</Title>
        <Amount amount={line.amount} currency={line.currency} fw={680} fz="lg" />
      </Group>
      <Group gap={8} mt={4}>
        <Text size="sm" c="dimmed">{line.kind === 'credit' ? t('matching.credit') : t('matching.bankLine')}, {formatDay(line.bookedOn, language)}</Text>
        {line.customer === null ? null : <LinkTo to="/customers/$id" params={{ id: line.customer.id }} size="sm">{line.customer.name}</LinkTo>}
        {line.holdsBack === null ? null : <Chip tone="violet" title={t('matching.holdsBackText')}>{t('matching.holdsBack', { customer: line.holdsBack.name })}</Chip>}
      </Group>
    </div>
  );
}

const AMBER = { message: { color: '#5c3c00' }, title: { color: '#7a4100' } };

function Notes({ line, fault, recalculated }: { readonly line: OpenLineView; readonly fault: Fault | null; readonly recalculated: boolean }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const notices = [...line.notices.map(say), ...(line.complete ? [] : [t('matching.incomplete')])];
  return (
    <>
      {fault === null ? null : <Alert color="brick" variant="light" title={t('matching.failedNote')} icon={<Icon name="alert" />} role="alert" styles={{ message: { color: '#5b1a13' }, title: { color: '#8f1d12' } }}>{say(fault.message)}</Alert>}
      {recalculated ? <Text component="output" display="block" size="sm" c="#134e94">{t('matching.recalculated')}</Text> : null}
      {line.why === null ? null : <Text size="sm"><b>{t('matching.why')}</b> : {say(line.why)}</Text>}
      {notices.length === 0 ? null : (
        <Alert color="yellow" variant="light" title={t('matching.notices')} icon={<Icon name="alert" />} styles={AMBER}>
          <List size="sm" spacing={2}>{notices.map((text) => <List.Item key={text}>{text}</List.Item>)}</List>
        </Alert>
      )}
    </>
  );
}

function Proposals({ line, choice, mayWork }: { readonly line: OpenLineView; readonly choice: ReturnType<typeof useChoice>; readonly mayWork: boolean }): ReactElement {
  const { t } = useTranslation();
  if (line.proposals.length === 0) return <Text c="dimmed">{mayWork ? t('matching.proposalsNone') : t('matching.proposalsNoneReader')}</Text>;
  return (
    <Radio.Group label={t('matching.proposals')} value={choice.index < 0 ? '' : String(choice.index + 1)} onChange={(value) => choice.choose(Number(value) - 1)}>
      {choice.index < 0 && firstChoice(line.proposals) < 0 ? <Text size="sm" c="#7a4100">{t('matching.equal')}</Text> : null}
      <Stack gap="sm" mt={6}>
        {line.proposals.map((proposal, at) => <ProposalCard key={`${line.key}/${at}`} of={proposal} number={at + 1} currency={line.currency} chosen={choice.index === at} choose={() => choice.choose(at)} disabled={!mayWork} />)}
      </Stack>
    </Radio.Group>
  );
}

type PaneProps = { readonly line: OpenLineView | null; readonly choice: ReturnType<typeof useChoice>; readonly fault: Fault | null; readonly work: LineWork | null };

/** One line: everything the bank said, what is proposed and why, and what can be done. Somebody who only reads gets no `work`. */
export function LinePane({ line, choice, fault, work }: PaneProps): ReactElement {
  const { t } = useTranslation();
  if (line === null) return <EmptyState icon="matching" title={t('matching.paneTitle')} text={t('matching.paneNone')} />;
  return (
    <Stack gap="md">
      <Head line={line} />
      <BankWords line={line} />
      <Notes line={line} fault={fault} recalculated={choice.recalculated} />
      <Proposals line={line} choice={choice} mayWork={work !== null} />
      {work === null ? <Text size="sm" c="dimmed">{t('matching.readerOnly')}</Text> : <Work work={work} />}
    </Stack>
  );
}
