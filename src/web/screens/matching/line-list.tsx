import { Stack, Table, Text, UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpenLineView, ProposalView } from '#core/api/matching.ts';
import { useLanguage } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { Chip } from '../../ui/chip.tsx';
import type { ChipTone } from '../../ui/chip.tsx';
import { formatDay } from '../../ui/format.ts';
import { useWords } from '../../ui/words.ts';
import { nameOf } from './proposals.ts';
import { useLineWords } from './use-line-changes.ts';

/** Confidence from which a proposal looks safe, and from which it is worth a look. */
const SAFE = 90;
const LIKELY = 60;

const toneOf = (confidence: number): ChipTone => (confidence >= SAFE ? 'green' : confidence >= LIKELY ? 'amber' : 'grey');

/** How sure a proposal is; the number says it, the colour only helps. */
export function Confidence({ of }: { readonly of: ProposalView }): ReactElement {
  const { t } = useTranslation();
  return <Chip tone={toneOf(of.confidence)} title={t('matching.confidence', { value: of.confidence })}><span className="number">{of.confidence}&nbsp;%</span></Chip>;
}

/** What the best proposal would do, in one line. */
function Best({ of }: { readonly of: ProposalView | undefined }): ReactElement {
  const { t } = useTranslation();
  const words = useWords();
  if (of === undefined) return <Text size="xs" c="dimmed">{t('matching.noProposal')}</Text>;
  const [first, ...others] = of.parts.map((part) => nameOf(part, words.itemKind));
  const documents = first === undefined ? null : others.length === 0 ? first : t('matching.more', { document: first, count: others.length });
  return <Text size="xs" lineClamp={1} style={{ overflowWrap: 'anywhere' }}>→ {[of.customer.name, documents].filter((text) => text !== null).join(' · ')}</Text>;
}

type RowProps = { readonly line: OpenLineView; readonly here: boolean; readonly failed: boolean; readonly open: (key: string) => void };

function Row({ line, here, failed, open }: RowProps): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useLineWords()(line);
  const day = formatDay(line.bookedOn, language, 'numeric');
  const best = line.proposals[0];
  return (
    <Table.Tr className={here ? 'row-link row-current' : 'row-link'} {...(here ? { 'aria-current': true as const } : {})} onClick={() => open(line.key)}>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <UnstyledButton data-row={line.key} fw={550} display="block" style={{ textAlign: 'left', overflowWrap: 'anywhere' }} aria-label={t('matching.select', { ...words, day })} onClick={(event) => { event.stopPropagation(); open(line.key); }}>{words.payer}</UnstyledButton>
        <Text size="xs" c="dimmed" lineClamp={1} style={{ overflowWrap: 'anywhere' }}>{[day, line.text].filter((text) => text !== '').join(' · ')}</Text>
        <Best of={best} />
        <Stack gap={3} align="flex-start" mt={2}>
          {line.kind === 'credit' ? <Chip tone="blue">{t('matching.credit')}</Chip> : null}
          {line.holdsBack === null ? null : <Chip tone="violet" title={t('matching.holdsBackText')}>{t('matching.holdsBack', { customer: line.holdsBack.name })}</Chip>}
          {failed ? <Chip tone="red">{t('matching.toReview')}</Chip> : null}
        </Stack>
      </Table.Td>
      <Table.Td ta="right" style={{ verticalAlign: 'top' }}>
        <Amount amount={line.amount} currency={line.currency} fw={600} />
        {best === undefined ? null : <div style={{ marginTop: 4 }}><Confidence of={best} /></div>}
      </Table.Td>
    </Table.Tr>
  );
}

type ListProps = { readonly lines: readonly OpenLineView[]; readonly current: string | null; readonly failed: (key: string) => boolean; readonly open: (key: string) => void };

/** Money to be placed; the current line is marked and follows the keyboard. */
export function LineList({ lines, current, failed, open }: ListProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Table verticalSpacing="sm" horizontalSpacing="md">
      <Table.Caption className="visually-hidden">{t('matching.list')}</Table.Caption>
      <Table.Thead>
        <Table.Tr><Table.Th scope="col">{t('matching.money')}</Table.Th><Table.Th scope="col" ta="right">{t('matching.amount')}</Table.Th></Table.Tr>
      </Table.Thead>
      <Table.Tbody>{lines.map((line) => <Row key={line.key} line={line} here={line.key === current} failed={failed(line.key)} open={open} />)}</Table.Tbody>
    </Table>
  );
}
