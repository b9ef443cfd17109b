import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportView } from '#core/api/imports.ts';
import { IMPORTS_PAGE, useImportProblems, useImports, useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatDay, formatDecimal } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { useCreatedWords } from './facts.tsx';
import { Download } from './file-problems.tsx';
import { isBank, kindOf } from './formats.ts';
import { ProblemsTable } from './problems-table.tsx';

function ProblemsModal({ of, close }: { readonly of: ImportView | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data, error, refetch } = useImportProblems(of?.id ?? null);
  return (
    <Modal opened={of !== null} onClose={close} size="xl" title={<Text fw={650}>{t('imports.detailsTitle', { file: of?.fileName ?? '' })}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined ? error === null ? <Loading rows={4} /> : null : (
        <Stack gap="xs" align="flex-start">
          <ProblemsTable problems={data.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))} />
          <Download href={`/api/imports/${of?.id ?? ''}/problems.csv?language=${language}`}>{t('drops.remarks')}</Download>
        </Stack>
      )}
    </Modal>
  );
}

/** Imports so far, each with its remarks and its way back. */
export function HistoryCard({ undo }: { readonly undo: (of: ImportView) => void }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const { organisation } = useSession();
  const created = useCreatedWords();
  const [limit, setLimit] = useState(IMPORTS_PAGE);
  const { data, error, refetch, isPlaceholderData } = useImports(limit);
  const [asked, setAsked] = useState<ImportView | null>(null);
  const content = (one: ImportView): string => [
    ...(one.created.bankLines > 0 ? [] : [t('imports.lines', { count: one.lines })]), ...created(one.created),
    ...(isBank(kindOf(one.format)) && one.balance !== null ? [t('drops.closing', { amount: formatDecimal(one.balance, language) })] : []),
  ].join(' · ');
  return (
    <Card title={t('imports.history')} flush>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading rows={3} /> : null}
      {data?.length === 0 ? <Text c="dimmed" px={20} pb={20}>{t('imports.historyEmpty')}</Text> : null}
      {data === undefined || data.length === 0 ? null : (
        <Table.ScrollContainer minWidth={320}>
          <Table verticalSpacing="sm" horizontalSpacing="lg">
            <Table.Caption className="visually-hidden">{t('imports.history')}</Table.Caption>
            <Table.Thead>
              <Table.Tr><Table.Th scope="col">{t('imports.file')}</Table.Th><Table.Th scope="col" visibleFrom="sm">{t('imports.content')}</Table.Th><Table.Th scope="col">{t('imports.status')}</Table.Th><Table.Th scope="col"><span className="visually-hidden">{t('imports.undo')}</span></Table.Th></Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td><Text fw={550} style={{ wordBreak: 'break-word' }}>{one.fileName}</Text><Text size="xs" c="dimmed">{t(`drops.format.${kindOf(one.format)}`)} · {t('drops.history', { day: formatDay(one.appliedOn, language), by: one.by })}</Text></Table.Td>
                  <Table.Td visibleFrom="sm"><Text size="sm">{content(one)}</Text></Table.Td>
                  <Table.Td><Chip tone={one.status === 'applied' ? 'green' : 'grey'}>{one.status === 'applied' ? t('imports.statusApplied') : t('imports.statusUndone')}</Chip></Table.Td>
                  <Table.Td ta="right">
                    <Group gap="xs" justify="flex-end">
                      {one.problems === 0 ? null : <Button size="compact-sm" variant="light" onClick={() => setAsked(one)}>{t('imports.details', { count: one.problems })}</Button>}
                      {one.status === 'applied' && organisation.role !== 'reader' ? <Button size="compact-sm" variant="subtle" color="brick" onClick={() => undo(one)} aria-label={`${t('imports.undo')} : ${one.fileName}`}>{t('frame.undo')}</Button> : null}
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {data !== undefined && data.length >= limit ? <Group p="md"><Button variant="default" size="sm" loading={isPlaceholderData} onClick={() => setLimit(limit + IMPORTS_PAGE)}>{t('frame.more')}</Button></Group> : null}
      <ProblemsModal of={asked} close={() => setAsked(null)} />
    </Card>
  );
}
