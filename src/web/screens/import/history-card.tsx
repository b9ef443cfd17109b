import { Button, Group, Modal, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportView } from '#core/api/imports.ts';
import { useImportProblems, useImports, useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatDay } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { ProblemsTable } from './problems-table.tsx';

function ProblemsModal({ of, close }: { readonly of: ImportView | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const { data, error, refetch } = useImportProblems(of?.id ?? null);
  return (
    <Modal opened={of !== null} onClose={close} size="xl" title={<Text fw={650}>{t('imports.detailsTitle', { file: of?.fileName ?? '' })}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined ? error === null ? <Loading rows={4} /> : null : <ProblemsTable problems={data} total={data.length} />}
    </Modal>
  );
}

/** Imports so far, each with its remarks and its way back. */
export function HistoryCard({ undo }: { readonly undo: (of: ImportView) => void }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const { organisation } = useSession();
  const { data, error, refetch } = useImports();
  const [asked, setAsked] = useState<ImportView | null>(null);
  const content = (one: ImportView): string => [
    t('imports.lines', { count: one.lines }),
    ...(['customers', 'debits', 'credits'] as const).flatMap((what) => (one.created[what] === 0 ? [] : [t(`imports.created.${what}`, { count: one.created[what] })])),
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
                  <Table.Td><Text fw={550} style={{ wordBreak: 'break-word' }}>{one.fileName}</Text><Text size="xs" c="dimmed">{formatDay(one.appliedOn, language)} · {one.format.toUpperCase()}</Text></Table.Td>
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
      <ProblemsModal of={asked} close={() => setAsked(null)} />
    </Card>
  );
}
