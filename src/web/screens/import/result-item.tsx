import { Button, Group, Stack, Text, ThemeIcon } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DropFileView } from '#core/api/drops.ts';
import type { ImportOutcome, MappingView } from '#core/api/imports.ts';
import { change } from '../../api/client.ts';
import { useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import type { ChipTone } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ButtonTo } from '../../ui/links.tsx';
import { useChange } from '../../ui/use-change.ts';
import { Facts } from './facts.tsx';
import { FileProblems } from './file-problems.tsx';
import { iconOf, kindOf } from './formats.ts';
import { MappingEditor } from './mapping-editor.tsx';
import { lookNow } from './use-drop.ts';

const TONES: Readonly<Record<ImportOutcome['stage'], ChipTone>> = { applied: 'green', unchanged: 'blue', toConfirm: 'amber', refused: 'red' };

/** What a person may do with the files of a drop. */
export type ResultActions = { readonly drop: string; readonly mayImport: boolean; readonly alone: boolean; readonly undone: ReadonlySet<string>; readonly undo: (of: { id: string; fileName: string }) => void };

type Reading = { readonly mapping: MappingView | null; readonly check: boolean; readonly newAccount: boolean };

/** A file's drawing, what it is and what it is called, and how it ended. */
export function FileHead({ of, chip }: { readonly of: Pick<DropFileView, 'name' | 'folder' | 'format' | 'outcome'>; readonly chip: ReactNode }): ReactElement {
  const { t } = useTranslation();
  const kind = kindOf(of.format ?? of.outcome?.format ?? null, of.outcome);
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <ThemeIcon variant="light" size={36} radius="md" color={kind === 'unknown' ? 'gray' : 'pine'}><Icon name={iconOf(kind)} size={20} /></ThemeIcon>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text fw={600}>{t(`drops.format.${kind}`)}</Text>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{of.folder === '' ? '' : `${of.folder} / `}{of.name}</Text>
      </div>
      <div style={{ flexShrink: 0 }}>{chip}</div>
    </Group>
  );
}

function StageChip({ of, undone }: { readonly of: DropFileView; readonly undone: boolean }): ReactElement {
  const { t } = useTranslation();
  if (undone) return <Chip tone="grey">{t('drops.stage.undone')}</Chip>;
  if (of.outcome !== null && of.state === 'done') return <Chip tone={TONES[of.outcome.stage]}>{t(`drops.stage.${of.outcome.stage}`)}</Chip>;
  return <Chip tone={of.state === 'failed' ? 'red' : 'grey'}>{t(`drops.state.${of.state}`)}</Chip>;
}

const customerOf = (of: ImportOutcome | null): string | null => {
  const found = of?.found ?? null;
  if (found?.kind === 'invoice') return found.customer?.id ?? null;
  return found?.kind === 'status' && found.statuses.length === 1 ? (found.statuses[0]?.customer?.id ?? null) : null;
};

const isToReview = (of: ImportOutcome | null): boolean => {
  const found = of?.found ?? null;
  return found?.kind === 'invoice' ? found.toReview : found?.kind === 'bank' && found.accounts.some(({ toReview }) => toReview);
};

/** One file: what it is, what was understood of it, what is wrong with it, and what can be done. */
export function ResultItem({ of, actions }: { readonly of: DropFileView; readonly actions: ResultActions }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const { outcome } = of;
  const editable = outcome !== null && outcome.understood !== null && of.kept && of.state === 'done' && actions.mayImport;
  const [columns, setColumns] = useState(actions.alone);
  const again = useChange((reading: Reading) => change('POST', `/api/drops/${actions.drop}/files/${of.id}`, reading), { done: () => void lookNow() });
  const read = (reading: Partial<Reading>): void => again.mutate({ mapping: null, check: false, newAccount: false, ...reading });
  const importId = outcome?.importId ?? null;
  const undone = importId !== null && actions.undone.has(importId);
  const customer = customerOf(outcome);
  const undo = outcome?.stage === 'applied' && importId !== null && !undone && actions.mayImport ? <Button size="compact-sm" variant="subtle" color="brick" onClick={() => actions.undo({ id: importId, fileName: of.name })} aria-label={t('drops.undoOf', { file: of.name })}>{t('drops.undo')}</Button> : null;
  const buttons = [
    customer === null || undone ? null : <ButtonTo key="customer" to="/customers/$id" params={{ id: customer }} size="compact-sm" variant="light" aria-label={`${t('drops.customer')} : ${of.name}`}>{t('drops.customer')}</ButtonTo>,
    isToReview(outcome) && !undone ? <ButtonTo key="review" to="/review" size="compact-sm" variant="light">{t('drops.toReview')}</ButtonTo> : null,
    outcome?.foreignAccount === true && of.kept && actions.mayImport ? <Button key="foreign" size="compact-sm" title={t('drops.foreignHint')} loading={again.isPending} onClick={() => read({ newAccount: true })} aria-label={`${t('drops.foreign')} : ${of.name}`}>{t('drops.foreign')}</Button> : null,
    editable && !actions.alone ? <Button key="columns" size="compact-sm" variant={columns ? 'default' : 'filled'} aria-expanded={columns} onClick={() => setColumns(!columns)} aria-label={`${t(columns ? 'drops.hideColumns' : 'drops.columns')} : ${of.name}`}>{t(columns ? 'drops.hideColumns' : 'drops.columns')}</Button> : null,
    of.state === 'failed' && of.kept && actions.mayImport ? <Button key="retry" size="compact-sm" loading={again.isPending} onClick={() => read({})} aria-label={`${t('drops.retry')} : ${of.name}`}>{t('drops.retry')}</Button> : null,
  ].filter((button) => button !== null);
  return (
    <Stack gap="sm">
      <FileHead of={of} chip={<div className="head-end">{undo}<StageChip of={of} undone={undone} /></div>} />
      {of.fault === null ? null : <Text size="sm" c="#8f1d12" role="alert">{say(of.fault.message)}</Text>}
      {outcome === null || of.state !== 'done' ? null : (
        <>
          {outcome.stage === 'refused' && !actions.alone ? <Text size="sm" fw={550}>{t('drops.refusedText')}</Text> : null}
          <Facts of={outcome} />
          {outcome.problemsTotal === 0 && buttons.length === 0 ? null : <FileProblems drop={actions.drop} file={of.id} of={outcome}>{buttons}</FileProblems>}
        </>
      )}
      {buttons.length === 0 || (outcome !== null && of.state === 'done') ? null : <Group gap="xs">{buttons}</Group>}
      {editable && columns && outcome.understood !== null ? (
        <div>
          <Text component="h3" fw={650} mb="xs">{t('imports.mappingTitle')}</Text>
          <MappingEditor key={JSON.stringify(outcome.understood.mapping)} of={outcome.understood} busy={again.isPending} check={(mapping) => read({ mapping, check: true })} apply={(mapping) => read({ mapping })} />
        </div>
      ) : null}
    </Stack>
  );
}
