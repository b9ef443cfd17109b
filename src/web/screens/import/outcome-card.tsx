import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportOutcome, MappingView } from '#core/api/imports.ts';
import { useLanguage } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import type { ChipTone } from '../../ui/chip.tsx';
import { formatDecimal } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';
import { MappingEditor } from './mapping-editor.tsx';
import { ProblemsTable } from './problems-table.tsx';
import { ButtonTo } from '../../ui/links.tsx';

const TONES: Readonly<Record<ImportOutcome['stage'], ChipTone>> = { applied: 'green', unchanged: 'blue', toConfirm: 'amber', refused: 'red' };

/** What an import did, or would do. */
type OutcomeProps = {
  readonly of: ImportOutcome; readonly busy: boolean; readonly check: (mapping: MappingView) => void; readonly apply: (mapping: MappingView) => void; readonly undo: () => void; readonly again: () => void;
};

function Counts({ of }: { readonly of: ImportOutcome }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const { created, totals } = of;
  const texts = [
    t('imports.lines', { count: of.lines }),
    ...(['customers', 'debits', 'credits', 'allocations'] as const).flatMap((what) => (created[what] === 0 ? [] : [t(`imports.created.${what}`, { count: created[what] })])),
  ];
  return (
    <div>
      <Text fw={550}>{texts.join(' · ')}</Text>
      <Text size="sm" c="dimmed">{t('imports.totals', { debit: formatDecimal(totals.debit, language), credit: formatDecimal(totals.credit, language), balance: formatDecimal(totals.balance, language) })}</Text>
    </div>
  );
}

/** The end of an import in the person's words: what was read, what it made, what is doubtful, and the way back. */
export function OutcomeCard({ of, busy, check, apply, undo, again }: OutcomeProps): ReactElement {
  const { t } = useTranslation();
  const { stage, understood } = of;
  const editable = understood !== null && of.upload !== null && (stage === 'toConfirm' || stage === 'refused');
  const text = stage === 'refused' ? t('imports.refusedText') : stage === 'unchanged' ? t('imports.unchangedText') : stage === 'toConfirm' ? t('imports.toConfirmText') : null;
  return (
    <Stack gap="lg">
      <Card title={t(`imports.${stage}`)} actions={<Chip tone={TONES[stage]}>{of.fileName}</Chip>}>
        <Stack gap="md" aria-live="polite">
          {text === null ? null : <Text>{text}</Text>}
          {stage === 'unchanged' || (stage === 'refused' && of.lines === 0) ? null : <Counts of={of} />}
          <Group>
            {stage === 'applied' || stage === 'unchanged' ? <ButtonTo to="/">{t('imports.toOverview')}</ButtonTo> : null}
            <Button variant="light" onClick={again}>{t('imports.another')}</Button>
            {stage === 'applied' && of.importId !== null ? <Button variant="subtle" color="brick" onClick={undo}>{t('imports.undo')}</Button> : null}
          </Group>
        </Stack>
      </Card>
      {of.problems.length === 0 && stage !== 'applied' ? null : (
        <Card title={t('imports.problemsTitle')}>{of.problems.length === 0 ? <Text c="dimmed">{t('imports.noProblem')}</Text> : <ProblemsTable problems={of.problems} total={of.problemsTotal} />}</Card>
      )}
      {editable ? <Card title={t('imports.mappingTitle')}><MappingEditor of={understood} busy={busy} check={check} apply={apply} /></Card> : null}
    </Stack>
  );
}
