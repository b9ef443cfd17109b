import { Button, Group, Stack, Table, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { DISMISS_REASONS } from '#core/api/matching.ts';
import type { DismissedView } from '#core/api/matching.ts';
import { change } from '../../api/client.ts';
import { useDismissedLines } from '../../api/matching.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { formatDay, formatInstant } from '../../ui/format.ts';
import { known } from '../../ui/reasons.ts';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';
import { putBack } from './taken-off.ts';
import { useLineWords } from './use-line-changes.ts';

function Row({ line, restore, busy }: { readonly line: DismissedView; readonly restore: (() => void) | null; readonly busy: boolean }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useLineWords()(line);
  const reason = known(DISMISS_REASONS, line.reason);
  return (
    <Table.Tr>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <Text fw={550} style={{ overflowWrap: 'anywhere' }}>{words.payer}</Text>
        <Text size="xs" c="dimmed">{formatDay(line.bookedOn, language)}</Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{line.text}</Text>
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <Text size="sm">{reason === undefined ? line.reason : t(`matching.dismissReasons.${reason}`)}</Text>
        {line.note === null ? null : <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{line.note}</Text>}
        <Text size="xs" c="dimmed">{t('matching.bySomebody', { at: formatInstant(line.at, language), actor: line.actor })}</Text>
      </Table.Td>
      <Table.Td ta="right" style={{ verticalAlign: 'top' }}>
        <Stack gap={4} align="flex-end">
          <Amount amount={line.amount} currency={line.currency} fw={600} />
          {restore === null ? null : <Button size="compact-sm" variant="light" disabled={busy} onClick={restore} aria-label={t('matching.restoreOf', words)}>{t('matching.restore')}</Button>}
        </Stack>
      </Table.Td>
    </Table.Tr>
  );
}

/** Lines that are no customer's money, with why, and the way back. */
export function DismissedBoard(): ReactElement {
  const { t } = useTranslation();
  const mayWork = useSession().organisation.role !== 'reader';
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useDismissedLines();
  const restore = useChange((line: string) => change('POST', '/api/matching/restore', { line }), { done: (_answer, line) => {
    putBack(line);
    tell(t('matching.restored'));
  } });
  const lines = data?.pages.flatMap((page) => page.lines) ?? [];
  return (
    <Stack gap="md" mt="md">
      <section className="card card-flush">
        {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
        {data === undefined ? error === null ? <Loading rows={6} /> : null : lines.length === 0 ? <EmptyState icon="check" title={t('matching.empty.dismissed')} text={t('matching.empty.dismissedText')} /> : (
          <Table verticalSpacing="sm" horizontalSpacing="md">
            <Table.Caption className="visually-hidden">{t('matching.tabs.dismissed')}</Table.Caption>
            <Table.Thead><Table.Tr><Table.Th scope="col">{t('matching.money')}</Table.Th><Table.Th scope="col">{t('matching.dismissedWhy')}</Table.Th><Table.Th scope="col" ta="right">{t('matching.amount')}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>{lines.map((line) => <Row key={line.key} line={line} busy={restore.isPending} restore={mayWork ? () => restore.mutate(line.key) : null} />)}</Table.Tbody>
          </Table>
        )}
      </section>
      {hasNextPage ? <Group justify="center"><Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('frame.more')}</Button></Group> : null}
    </Stack>
  );
}
