import { Button, Checkbox, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { PartView } from '#core/api/matching.ts';
import { useLanguage } from '../../language/language.ts';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { useWords } from '../../ui/words.ts';
import { nameOf } from './proposals.ts';
import type { SplitRow, SplitSide } from './split.ts';

/** Items drawn at once; the filter and a button lead to the others. */
const DRAWN = 40;

/** From this many items on a filter is worth its place. */
const FILTERED_FROM = 8;

/** Longest amount anybody types. */
const AMOUNT_MAX = 24;

type RowsProps = {
  readonly side: SplitSide; readonly title: string; readonly customer: string; readonly currency: string;
  readonly open: readonly PartView[]; readonly rows: readonly SplitRow[];
  readonly faultOf: (item: string) => string | null;
  readonly tick: (of: PartView) => void; readonly type: (of: PartView, text: string) => void;
};

function Row({ of, row, list }: { readonly of: PartView; readonly row: SplitRow | undefined; readonly list: RowsProps }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const name = nameOf(of, words.itemKind);
  const gone = Number(of.open) === 0;
  const facts = [words.itemKind(of.kind), of.dueOn === null ? formatDay(of.issuedOn, language) : t('matching.dueOn', { day: formatDay(of.dueOn, language) })];
  return (
    <li className="split-row">
      <Checkbox
        checked={row !== undefined} onChange={() => list.tick(of)} aria-label={t(list.side === 'parts' ? 'matching.tick' : 'matching.tickCredit', { document: name })} styles={{ body: { alignItems: 'center' } }}
      />
      <div style={{ flex: '1 1 150px', minWidth: 0 }}>
        <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>{name}</Text>
        <Text size="xs" c="dimmed">{facts.filter((fact) => fact !== name).join(', ')}</Text>
        {gone ? <Text size="xs" c="#96190f">{name} {t('matching.notOpenAnymore')}</Text> : null}
      </div>
      <Text size="sm" className="number">{formatMoney(of.open, list.currency, language)}</Text>
      <TextInput
        data-amount w={150} size="xs" inputMode="decimal" maxLength={AMOUNT_MAX} aria-label={t('matching.amountFor', { document: name })} value={row?.text ?? ''} error={list.faultOf(of.item)}
        onChange={(event) => list.type(of, event.currentTarget.value)} styles={{ input: { textAlign: 'right' } }}
      />
    </li>
  );
}

/** Open items of an account to be ticked, each with the amount taken of it. What is ticked stays in sight whatever the filter says. */
export function SplitRows(list: RowsProps): ReactElement | null {
  const { t } = useTranslation();
  const words = useWords();
  const [filter, setFilter] = useState('');
  const [drawn, setDrawn] = useState(DRAWN);
  const taken = new Map(list.rows.map((row) => [row.of.item, row]));
  const lost = list.rows.filter((row) => !list.open.some((one) => one.item === row.of.item)).map((row) => row.of);
  const text = filter.trim().toLocaleLowerCase();
  const all = [...lost, ...list.open];
  const fitting = all.filter((of) => taken.has(of.item) || text === '' || nameOf(of, words.itemKind).toLocaleLowerCase().includes(text));
  const shown = fitting.filter((of, at) => at < drawn || taken.has(of.item));
  if (all.length === 0) return null;
  return (
    <section aria-label={list.title}>
      <Text size="sm" fw={600} mt="xs">{list.title}</Text>
      {all.length < FILTERED_FROM ? null : <TextInput size="xs" my={6} maw={320} aria-label={t('matching.filterDocuments', { customer: list.customer })} placeholder={t('matching.filterDocuments', { customer: list.customer })} value={filter} onChange={(event) => setFilter(event.currentTarget.value)} />}
      <ul className="plain-list">{shown.map((of) => <Row key={of.item} of={of} row={taken.get(of.item)} list={list} />)}</ul>
      {fitting.length > shown.length ? <Button size="compact-sm" variant="subtle" onClick={() => setDrawn(drawn + DRAWN)}>{t('matching.showMore', { count: Math.min(DRAWN, fitting.length - shown.length) })}</Button> : null}
    </section>
  );
}
