import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { JournalPage, JournalSendView } from '#core/api/journal.ts';
import { useJournal } from '../../api/journal.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import type { ChipTone } from '../../ui/chip.tsx';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { FrozenSince } from '../../ui/frozen.tsx';
import { Icon } from '../../ui/icons.tsx';
import { LinkTo } from '../../ui/links.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { JournalGesture } from './journal-gesture.tsx';
import type { Gesture } from './journal-gesture.tsx';

const TONES: Readonly<Record<JournalSendView['outcome'], ChipTone>> = { accepted: 'green', refused: 'grey', unknown: 'amber' };

function SendLine({ of }: { readonly of: JournalSendView }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  return (
    <Group component="li" justify="space-between" gap="sm" align="flex-start">
      <div style={{ minWidth: 0, flex: '1 1 220px' }}>
        {of.customerId === null ? <Text fw={550} style={{ overflowWrap: 'anywhere' }}>{of.customer} <Text span size="sm" c="dimmed" fw={400}>({t('journal.customerUnknown')})</Text></Text>
          : <LinkTo to="/customers/$id" params={{ id: of.customerId }} fw={550}>{of.customerName}</LinkTo>}
        <Text size="sm" c="dimmed">{t('journal.line', { day: formatDay(of.day, language), channel: words.channel(of.channel), step: of.step })}</Text>
      </div>
      <Group gap="sm" wrap="nowrap">
        {of.test ? <Chip tone="violet">{t('journal.test')}</Chip> : null}
        <Text size="sm" fw={550} style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}>{formatMoney(of.total, of.currency, language)}</Text>
        <Chip tone={TONES[of.outcome]}>{t(`journal.outcome.${of.outcome}`)}</Chip>
      </Group>
    </Group>
  );
}

function SendsCard({ page }: { readonly page: JournalPage }): ReactElement {
  const { t } = useTranslation();
  const open = page.frozen !== null || page.disagrees !== null;
  return (
    <Card title={t('journal.sends')} actions={page.count === 0 ? null : <Chip tone="amber">{t('journal.count', { count: page.count })}</Chip>}>
      {page.sends.length === 0 ? <EmptyState icon="check" title={t('journal.none')} text={open ? t('journal.noneText') : t('journal.notFrozenText')} /> : (
        <Stack component="ul" className="plain-list" gap="md" aria-label={t('journal.sends')}>{page.sends.map((of) => <SendLine key={of.ref} of={of} />)}</Stack>
      )}
      {page.sends.length < page.count ? <Text size="sm" c="dimmed" mt="md">{t('journal.truncated', { shown: page.sends.length, count: page.count })}</Text> : null}
      {page.others === 0 ? null : <Text size="sm" c="dimmed" mt="md">{t('journal.others', { count: page.others })}</Text>}
    </Card>
  );
}

/** How it stands, in words: why nothing leaves, or that everything does. */
function Standing({ page }: { readonly page: JournalPage }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const styles = { message: { color: '#5b1a13', overflowWrap: 'anywhere' as const }, title: { color: '#8f1d12' } };
  if (page.fault !== null) return <Alert color="red" variant="light" role="alert" icon={<Icon name="alert" />} styles={styles}>{say(page.fault)}</Alert>;
  if (page.frozen !== null) return <Alert color="red" variant="light" icon={<Icon name="stop" />} title={t('journal.frozen')} styles={styles}><FrozenSince frozen={page.frozen} /></Alert>;
  if (page.disagrees !== null) return <Alert color="red" variant="light" icon={<Icon name="alert" />} title={t('journal.disagrees')} styles={styles}>{t(`journal.because.${page.disagrees}`)} {t('journal.willFreeze')}</Alert>;
  return <Text size="sm">{page.begun ? t('journal.agrees') : t('journal.notBegun')}</Text>;
}

function Gestures({ page, ask }: { readonly page: JournalPage; readonly ask: (gesture: Gesture) => void }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  if (!page.mayReconcile) return <Text size="sm" c="dimmed">{t('journal.whoMay')}</Text>;
  if (page.frozen === null && page.disagrees === null) return <Group><Button variant="outline" color="brick" leftSection={<Icon name="stop" size={16} />} onClick={() => ask('freeze')}>{t('journal.freeze')}</Button></Group>;
  const nothing = page.count + page.others === 0;
  return (
    <Stack gap="xs">
      {page.cannotApply === null ? null : <Text size="sm">{say(page.cannotApply)}</Text>}
      <Group gap="sm">
        {page.cannotApply === null ? <Button onClick={() => ask(nothing ? 'thawed' : 'applied')}>{nothing ? t('journal.thaw') : t('journal.apply')}</Button> : null}
        <Button variant={page.cannotApply === null ? 'default' : 'filled'} onClick={() => ask('adopted')}>{t('journal.adopt')}</Button>
      </Group>
    </Stack>
  );
}

/** The send journal beside the database: whether they agree, what it knows alone, and how sending goes on. */
export function JournalTab(): ReactElement {
  const { t } = useTranslation();
  const { data: page, error, refetch } = useJournal();
  const [asked, setAsked] = useState<Gesture | null>(null);
  if (page === undefined) return error === null ? <Loading rows={6} /> : <FaultNote error={error} retry={() => void refetch()} />;
  const open = page.frozen !== null || page.disagrees !== null || page.fault !== null;
  return (
    <Stack gap="lg">
      <Card title={t('journal.title')} actions={<Chip tone={open ? 'red' : 'green'}>{open ? t(page.frozen === null ? 'journal.disagrees' : 'journal.frozen') : t('journal.flowing')}</Chip>}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">{t('journal.text')}</Text>
          <Standing page={page} />
          {page.torn === 0 ? null : <Text size="sm">{t('journal.torn', { count: page.torn })}</Text>}
          {page.waiting === 0 ? null : <Text size="sm">{t('journal.waiting', { count: page.waiting })}</Text>}
          {page.where === null ? null : <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{t('journal.where', { where: page.where })}</Text>}
          <Gestures page={page} ask={setAsked} />
        </Stack>
      </Card>
      {page.fault === null ? <SendsCard page={page} /> : null}
      <JournalGesture gesture={asked} close={() => setAsked(null)} />
    </Stack>
  );
}
