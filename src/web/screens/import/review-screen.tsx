import { Button, Group, List, Modal, SimpleGrid, Stack, Text, ThemeIcon } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentReview, ReviewView, StatementReview } from '#core/api/reviews.ts';
import { change } from '../../api/client.ts';
import { useReviews, useSession } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatAccount, formatCount, formatDay, formatMoney } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { ButtonTo } from '../../ui/links.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';
import { FileLinks } from '../customer/papers.tsx';
import { usePeriod } from './facts.tsx';
import { UndoModal } from './undo-modal.tsx';

/** What a person is about to say of something set aside. */
type Asked = { readonly of: ReviewView; readonly decision: 'accepted' | 'discarded' };

const nameOf = (of: ReviewView): string => (of.kind === 'document' ? of.number : (of.name ?? formatAccount(of.account)));

function Figure({ label, children, strong = false }: { readonly label: string; readonly children: ReactNode; readonly strong?: boolean }): ReactElement {
  return <div><Text component="dt" size="xs" c="dimmed">{label}</Text><Text component="dd" m={0} className="number" fw={strong ? 650 : 450} {...(strong ? { c: '#96190f' } : {})} style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>{children}</Text></div>;
}

/** Opening and movements against what the bank says in the end. */
function StatementFigures({ of }: { readonly of: StatementReview }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const period = usePeriod();
  const amount = (text: string): string => formatMoney(text, of.currency, language);
  return (
    <SimpleGrid component="dl" cols={{ base: 2, sm: 3, lg: 4 }} m={0} verticalSpacing="sm">
      <Figure label={t('reviews.account')}>{formatAccount(of.account)}</Figure>
      <Figure label={t('reviews.period')}>{period(of.from, of.until).join('')}</Figure>
      <Figure label={t('reviews.lines')}>{formatCount(of.lines, language)}</Figure>
      {of.opening === null ? null : <Figure label={t('reviews.opening')}>{amount(of.opening)}</Figure>}
      <Figure label={t('reviews.movement')}>{amount(of.movement)}</Figure>
      {of.closing === null ? null : <Figure label={t('reviews.closing')}>{amount(of.closing)}</Figure>}
      {of.difference === null || Number(of.difference) === 0 ? null : <Figure label={t('reviews.difference')} strong>{amount(of.difference)}</Figure>}
    </SimpleGrid>
  );
}

function DocumentFigures({ of }: { readonly of: DocumentReview }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <SimpleGrid component="dl" cols={{ base: 2, sm: 3, lg: 5 }} m={0} verticalSpacing="sm">
      <Figure label={t('reviews.buyer')}>{of.buyer}</Figure>
      <Figure label={t('reviews.issuedOn')}>{formatDay(of.issuedOn, language)}</Figure>
      {of.dueOn === null ? null : <Figure label={t('reviews.dueOn')}>{formatDay(of.dueOn, language)}</Figure>}
      {of.gross === null ? null : <Figure label={t('reviews.gross')}>{formatMoney(of.gross, of.currency, language)}</Figure>}
      <Figure label={t('reviews.due')}>{formatMoney(of.due, of.currency, language)}</Figure>
    </SimpleGrid>
  );
}

function ReviewCard({ of, mayDecide, ask, undo }: { readonly of: ReviewView; readonly mayDecide: boolean; readonly ask: (asked: Asked) => void; readonly undo: (of: { id: string; fileName: string }) => void }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const name = nameOf(of);
  const discard = of.kind === 'document'
    ? <Button size="xs" variant="default" onClick={() => ask({ of, decision: 'discarded' })} aria-label={t('reviews.discardOf', { name })}>{t('reviews.discard')}</Button>
    : <Button size="xs" variant="subtle" color="brick" onClick={() => undo({ id: of.importId, fileName: of.fileName })} aria-label={t('reviews.undoOf', { name: of.fileName })}>{t('reviews.undoImport')}</Button>;
  const title = (
    <Group gap="sm" wrap="nowrap">
      <ThemeIcon variant="light" size={36} radius="md" color="pine"><Icon name={of.kind === 'document' ? 'letter' : 'bank'} size={20} /></ThemeIcon>
      <span style={{ overflowWrap: 'anywhere' }}>{t(of.kind === 'document' ? 'reviews.invoice' : 'reviews.statement')} {name}</span>
    </Group>
  );
  return (
    <Card title={title}>
      <Stack gap="md">
        <Group gap="sm"><Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{t('reviews.from', { file: of.fileName })}</Text>{of.kind === 'document' ? <FileLinks files={of.files} document={name} /> : null}</Group>
        {of.kind === 'document' ? <DocumentFigures of={of} /> : <StatementFigures of={of} />}
        <div>
          <Text size="sm" fw={650} mb={4}>{t('reviews.why')}</Text>
          {of.reasons.length === 0 ? <Text size="sm">{t('reviews.noReason')}</Text> : <List size="sm" spacing={4}>{of.reasons.map((reason) => <List.Item key={reason.fr} style={{ overflowWrap: 'anywhere' }}>{say(reason)}</List.Item>)}</List>}
        </div>
        {mayDecide ? <Group gap="xs"><Button size="xs" onClick={() => ask({ of, decision: 'accepted' })} aria-label={t('reviews.acceptOf', { name })}>{t('reviews.accept')}</Button>{discard}</Group> : null}
      </Stack>
    </Card>
  );
}

function useQuestion(): (asked: Asked) => { readonly title: string; readonly text: string } {
  const { t } = useTranslation();
  const language = useLanguage();
  return ({ of, decision }) => {
    if (of.kind === 'statement') return { title: t('reviews.confirmStatement'), text: t('reviews.confirmStatementText') };
    if (decision === 'discarded') return { title: t('reviews.confirmDiscard'), text: t('reviews.confirmDiscardText') };
    return { title: t('reviews.confirmInvoice'), text: t('reviews.confirmInvoiceText', { amount: formatMoney(of.due, of.currency, language), buyer: of.buyer }) };
  };
}

const decide = ({ of, decision }: Asked): Promise<unknown> =>
  (of.kind === 'statement' ? change('POST', `/api/reviews/statements/${of.id}/accept`) : change('POST', `/api/reviews/documents/${of.id}`, { decision }));

function DecideModal({ asked, close }: { readonly asked: Asked | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const question = useQuestion();
  const decided = useChange(decide, { done: (_answer, { decision }) => {
    tell(t(decision === 'accepted' ? 'reviews.accepted' : 'reviews.discarded'));
    close();
  } });
  const said = asked === null ? null : question(asked);
  return (
    <Modal opened={asked !== null} onClose={close} title={<Text fw={650}>{said?.title ?? ''}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {asked === null ? null : (
        <Stack>
          <Text>{said?.text}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t('frame.cancel')}</Button>
            <Button loading={decided.isPending} {...(asked.decision === 'discarded' ? { color: 'brick' } : {})} onClick={() => decided.mutate(asked)}>{t(asked.decision === 'accepted' ? 'reviews.accept' : 'reviews.discard')}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

/** What imports set aside until a person has looked: why, in words and figures, and the decision. */
export function ReviewScreen(): ReactElement {
  const { t } = useTranslation();
  const session = useSession();
  const { data, error, refetch } = useReviews();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [undoing, setUndoing] = useState<{ id: string; fileName: string } | null>(null);
  return (
    <Page title={t('reviews.title')} subtitle={t('reviews.subtitle')}>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading rows={6} /> : null}
      {data?.length === 0 ? <Card><EmptyState icon="check" title={t('reviews.emptyTitle')} text={t('reviews.emptyText')}><ButtonTo to="/import" variant="light">{t('reviews.toImport')}</ButtonTo></EmptyState></Card> : null}
      {data?.map((one) => <ReviewCard key={`${one.kind}-${one.id}`} of={one} mayDecide={session.organisation.role !== 'reader'} ask={setAsked} undo={setUndoing} />)}
      <DecideModal asked={asked} close={() => setAsked(null)} />
      <UndoModal of={undoing} close={() => setUndoing(null)} />
    </Page>
  );
}
