import { Box, Button, Group, List, Modal, Stack, Table, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { WRITE_OFF_REASONS } from '#core/api/matching.ts';
import type { PlacedView } from '#core/api/matching.ts';
import { change } from '../../api/client.ts';
import { usePlacedLines } from '../../api/matching.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { Chip } from '../../ui/chip.tsx';
import { formatDay, formatInstant, formatMoney } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { LinkTo } from '../../ui/links.tsx';
import { known } from '../../ui/reasons.ts';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';
import { BankWords } from './bank-words.tsx';
import { putBack } from './taken-off.ts';
import { useLineWords } from './use-line-changes.ts';

/** A search is asked for when the typing pauses. */
const TYPING_MS = 250;

/** Documents named in a row; the others are counted and shown with the signs. */
const DOCUMENTS_SHOWN = 3;

/** Longest reason the server takes. */
const REASON_MAX = 200;

function UndoForm({ of, close }: { readonly of: PlacedView; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { reason: '' }, validate: { reason: (text) => (text.trim() === '' ? t('matching.undoWhyNeeded') : null) } });
  const failed = useFieldFault(form);
  const undo = useChange(({ reason }: { reason: string }) => change('POST', '/api/matching/undo', { match: of.match, reason: reason.trim() }), { done: () => {
    putBack(of.key);
    tell(t('matching.undoDone'));
    close();
  }, failed });
  return (
    <form onSubmit={form.onSubmit((values) => undo.mutate(values))} noValidate>
      <Stack>
        <Text size="sm">{t('matching.undoText')}</Text>
        <TextInput label={t('matching.undoWhy')} data-autofocus required maxLength={REASON_MAX} {...form.getInputProps('reason')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.close')}</Button><Button color="brick" type="submit" loading={undo.isPending}>{t('matching.undoConfirm')}</Button></Group>
      </Stack>
    </form>
  );
}

function Paid({ line }: { readonly line: PlacedView }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const money = (amount: string): string => formatMoney(amount, line.currency, language);
  const more = line.documents.length - DOCUMENTS_SHOWN;
  const documents = line.documents.slice(0, DOCUMENTS_SHOWN).map((one) => one.document).join(', ');
  const reason = line.writeOff === null ? undefined : known(WRITE_OFF_REASONS, line.writeOff.reason);
  return (
    <>
      {line.customers.map((customer) => <LinkTo key={customer.id} to="/customers/$id" params={{ id: customer.id }} size="sm" display="block" style={{ overflowWrap: 'anywhere' }}>{customer.name}</LinkTo>)}
      {documents === '' ? null : <Text size="xs" style={{ overflowWrap: 'anywhere' }}>{more > 0 ? t('matching.more', { document: documents, count: more }) : documents}</Text>}
      {line.writeOff === null ? null : <Text size="xs" c="#7a4100">{t('matching.writtenOff', { amount: money(line.writeOff.amount), reason: reason === undefined ? line.writeOff.reason : t(`matching.reason.${reason}`) })}</Text>}
      {Number(line.left) > 0 ? <Text size="xs" c="#134e94">{t('matching.stillLoose', { amount: money(line.left) })}</Text> : null}
    </>
  );
}

function Evidence({ line }: { readonly line: PlacedView }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const language = useLanguage();
  return (
    <Stack gap="sm" p="xs">
      <BankWords line={line} />
      {line.documents.length === 0 ? null : (
        <ul className="plain-list">{line.documents.map((one) => <li key={one.document} className="part"><Text component="span" size="sm">{one.document}</Text><Text component="span" size="sm" className="part-amount">{formatMoney(one.amount, line.currency, language)}</Text></li>)}</ul>
      )}
      {line.evidence.length === 0 ? <Text size="sm" c="dimmed">{t('matching.noEvidence')}</Text> : <List size="sm" spacing={2}>{line.evidence.map((one) => <List.Item key={one.en}>{say(one)}</List.Item>)}</List>}
      {line.confidence === null ? null : <Text size="xs" c="dimmed">{t('matching.confidence', { value: line.confidence })}</Text>}
    </Stack>
  );
}

function Row({ line, undo }: { readonly line: PlacedView; readonly undo: ((line: PlacedView) => void) | null }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const words = useLineWords()(line);
  const [reading, setReading] = useState(false);
  const at = formatInstant(line.madeAt, language);
  const made = line.automatic ? t('matching.byItselfAt', { at }) : t('matching.bySomebody', { at, actor: line.actor });
  const { undone } = line;
  const struck = undone === null ? '' : 'undone';
  return (
    <>
      <Table.Tr>
        <Table.Td style={{ verticalAlign: 'top' }}>
          <Text fw={550} className={struck} style={{ overflowWrap: 'anywhere' }}>{words.payer}</Text>
          <Text size="xs" c="dimmed">{formatDay(line.bookedOn, language)}</Text>
          <Box hiddenFrom="sm" className={struck}><Paid line={line} /></Box>
          <Text size="xs" c="dimmed" hiddenFrom="md">{made}</Text>
          {undone === null ? null : <Text size="xs" c="#96190f" style={{ overflowWrap: 'anywhere' }}>{t('matching.undoneBy', { at: formatInstant(undone.at, language), actor: undone.actor, reason: undone.reason === 'ledgerPrevails' ? t('matching.ledgerPrevails') : undone.reason })}</Text>}
        </Table.Td>
        <Table.Td visibleFrom="sm" style={{ verticalAlign: 'top' }} className={struck}><Paid line={line} /></Table.Td>
        <Table.Td visibleFrom="md" style={{ verticalAlign: 'top' }}>{line.automatic ? <Chip tone="green">{t('matching.byItself')}</Chip> : null}<Text size="xs" c="dimmed">{line.automatic ? at : made}</Text></Table.Td>
        <Table.Td ta="right" style={{ verticalAlign: 'top' }}><Amount amount={line.amount} currency={line.currency} fw={600} {...(struck === '' ? {} : { td: 'line-through' as const })} /></Table.Td>
        <Table.Td ta="right" style={{ verticalAlign: 'top' }}>
          <Stack gap={4} align="flex-end">
            <Button size="compact-sm" variant="light" aria-expanded={reading} onClick={() => setReading(!reading)} aria-label={t('matching.evidenceOf', words)}>{reading ? t('matching.hideEvidence') : t('matching.showEvidence')}</Button>
            {undo === null || undone !== null || line.fixed !== null ? null : <Button size="compact-sm" variant="subtle" color="brick" onClick={() => undo(line)} aria-label={t('matching.undoOf', words)}>{t('matching.undo')}</Button>}
          </Stack>
          {line.fixed === null || undone !== null ? null : <Text size="xs" c="dimmed" ta="left" maw={200} ml="auto">{say(line.fixed)}</Text>}
        </Table.Td>
      </Table.Tr>
      {reading ? <Table.Tr><Table.Td colSpan={5}><Evidence line={line} /></Table.Td></Table.Tr> : null}
    </>
  );
}

/** What was placed, newest first: for whom, by whom, why, and the way back. */
export function PlacedBoard(): ReactElement {
  const { t } = useTranslation();
  const mayWork = useSession().organisation.role !== 'reader';
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), TYPING_MS);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = usePlacedLines(search);
  const [undoing, setUndoing] = useState<PlacedView | null>(null);
  const lines = data?.pages.flatMap((page) => page.lines) ?? [];
  const none = search === '' ? <EmptyState icon="matching" title={t('matching.empty.placed')} text={t('matching.empty.placedText')} />
    : <EmptyState icon="search" title={t('matching.empty.none')} text={t('matching.empty.noneText')}><Button variant="light" onClick={() => setText('')}>{t('matching.empty.clear')}</Button></EmptyState>;
  return (
    <Stack gap="md" mt="md">
      <TextInput aria-label={t('matching.placedSearch')} placeholder={t('matching.placedSearch')} leftSection={<Icon name="search" size={16} />} maxLength={100} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <section className="card card-flush">
        {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
        {data === undefined ? error === null ? <Loading rows={8} /> : null : lines.length === 0 ? none : (
          <Table verticalSpacing="sm" horizontalSpacing="md">
            <Table.Caption className="visually-hidden">{t('matching.tabs.placed')}</Table.Caption>
            <Table.Thead>
              <Table.Tr><Table.Th scope="col">{t('matching.money')}</Table.Th><Table.Th scope="col" visibleFrom="sm">{t('matching.paid')}</Table.Th><Table.Th scope="col" visibleFrom="md">{t('matching.placedOn')}</Table.Th><Table.Th scope="col" ta="right">{t('matching.amount')}</Table.Th><Table.Th scope="col"><span className="visually-hidden">{t('matching.undo')}</span></Table.Th></Table.Tr>
            </Table.Thead>
            <Table.Tbody>{lines.map((line) => <Row key={line.match} line={line} undo={mayWork ? setUndoing : null} />)}</Table.Tbody>
          </Table>
        )}
      </section>
      {hasNextPage ? <Group justify="center"><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('frame.more')}</Button></Group> : null}
      <Modal opened={undoing !== null} onClose={() => setUndoing(null)} title={<Text fw={650}>{t('matching.undoTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
        {undoing === null ? null : <UndoForm of={undoing} close={() => setUndoing(null)} />}
      </Modal>
    </Stack>
  );
}
