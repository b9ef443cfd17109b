import { Button, Checkbox, Group, SegmentedControl, Select, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { MappingView, UnderstoodView } from '#core/api/imports.ts';
import { BANK_FIELDS } from '#core/intake/bank/table-fields.ts';
import { FIELD_NAMES } from '#core/intake/table/field-words.ts';
import { columnsOfKind, TABLE_KINDS } from '#core/intake/table/mapping.ts';
import { TARGET_FIELDS } from '#core/intake/table/open-item-row.ts';
import { useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { known } from '../../ui/reasons.ts';

const CONFIDENCES = ['certain', 'likely', 'weak'] as const;
const STYLES = ['comma', 'point'] as const;
const ORDERS = ['dmy', 'mdy'] as const;

/** What a person can do with the columns. */
type EditorProps = { readonly of: UnderstoodView; readonly busy: boolean; readonly check: (mapping: MappingView) => void; readonly apply: (mapping: MappingView) => void };

/** Moves a column to a field, or to none; a field has one column. */
function assign(mapping: MappingView, column: number, field: string | null): MappingView {
  const columns = Object.fromEntries(Object.entries(mapping.columns).filter(([name, at]) => at !== column && name !== field));
  return { ...mapping, columns: field === null ? columns : { ...columns, [field]: column } };
}

/** Says what the rows of the table are; columns keep their meaning where the other kind has it. */
function KindSwitch({ mapping, set }: { readonly mapping: MappingView; readonly set: (mapping: MappingView) => void }): ReactElement {
  const { t } = useTranslation();
  const choose = (value: string): void => {
    const kind = known(TABLE_KINDS, value) ?? 'items';
    const { headerLine, decimalStyle, dayOrder } = mapping;
    set({ headerLine, decimalStyle, dayOrder, kind, columns: columnsOfKind(mapping.columns, kind) });
  };
  return (
    <Group gap="md">
      <SegmentedControl aria-label={t('imports.kind')} value={mapping.kind ?? 'items'} onChange={choose} data={TABLE_KINDS.map((value) => ({ value, label: t(`imports.kinds.${value}`) }))} />
      {mapping.kind === 'bank' ? <Checkbox label={t('imports.inverseSign')} checked={mapping.inverseSign === true} onChange={(event) => set({ ...mapping, inverseSign: event.currentTarget.checked })} /> : null}
    </Group>
  );
}

function ColumnLine({ of, column, mapping, set }: { readonly of: UnderstoodView; readonly column: number; readonly mapping: MappingView; readonly set: (mapping: MappingView) => void }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const header = of.headers[column] ?? '';
  const name = header.trim() === '' ? t('imports.headerless', { number: column + 1 }) : header;
  const field = Object.entries(mapping.columns).find(([, at]) => at === column)?.[0] ?? null;
  const note = of.notes.find((one) => one.column === column && one.field === field);
  const confidence = note === undefined ? undefined : known(CONFIDENCES, note.confidence);
  const examples = of.sample.map((row) => row[column] ?? '').filter((text) => text.trim() !== '').slice(0, 2).join(' · ');
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={550} style={{ verticalAlign: 'top' }}>{name}<Text size="xs" c="dimmed" fw={400} lineClamp={2} style={{ wordBreak: 'break-word' }}>{examples}</Text></Table.Th>
      <Table.Td style={{ verticalAlign: 'top' }} w={220}>
        <Select size="xs" searchable clearable aria-label={`${t('imports.field')} : ${name}`} placeholder={t('imports.ignored')} value={field} onChange={(value) => set(assign(mapping, column, value))} data={(mapping.kind === 'bank' ? BANK_FIELDS : TARGET_FIELDS).map((value) => ({ value, label: say(FIELD_NAMES[value]) }))} />
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ verticalAlign: 'top' }}>
        {confidence === undefined ? null : <Chip tone={confidence === 'certain' ? 'green' : confidence === 'likely' ? 'blue' : 'amber'}>{t(`imports.confidence.${confidence}`)}</Chip>} <Text component="span" size="sm" c="dimmed">{note === undefined ? '' : say(note.reason)}</Text>
      </Table.Td>
    </Table.Tr>
  );
}

/** Columns beside fields, as guessed or remembered, to be corrected before anything is imported. */
export function MappingEditor({ of, busy, check, apply }: EditorProps): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const [mapping, setMapping] = useState<MappingView>(of.mapping);
  const width = Math.max(of.headers.length, ...of.sample.map((row) => row.length));
  const styles = [{ value: '', label: t('imports.decimals.auto') }, ...STYLES.map((value) => ({ value, label: t(`imports.decimals.${value}`) }))];
  const orders = [{ value: '', label: t('imports.dayOrders.auto') }, ...ORDERS.map((value) => ({ value, label: t(`imports.dayOrders.${value}`) }))];
  return (
    <Stack gap="md">
      {of.profile === null || of.profile === undefined ? null : <Text size="sm" fw={550}>{t('imports.profile', { name: say(of.profile.name) })}</Text>}
      <KindSwitch mapping={mapping} set={setMapping} />
      {of.remembered ? <Text size="sm" c="dimmed">{t('imports.remembered')}</Text> : null}
      <Table.ScrollContainer minWidth={320}>
        <Table verticalSpacing="xs">
          <Table.Caption className="visually-hidden">{t('imports.mappingTitle')}</Table.Caption>
          <Table.Thead><Table.Tr><Table.Th scope="col">{t('imports.column')}</Table.Th><Table.Th scope="col">{t('imports.field')}</Table.Th><Table.Th scope="col" visibleFrom="sm">{t('imports.why')}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>{Array.from({ length: width }, (_, column) => <ColumnLine key={column} of={of} column={column} mapping={mapping} set={setMapping} />)}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group gap="md">
        <Select w={220} allowDeselect={false} label={t('imports.decimal')} data={styles} value={mapping.decimalStyle ?? ''} onChange={(value) => setMapping({ ...mapping, decimalStyle: value === '' ? null : value })} />
        <Select w={220} allowDeselect={false} label={t('imports.dayOrder')} data={orders} value={mapping.dayOrder ?? ''} onChange={(value) => setMapping({ ...mapping, dayOrder: value === '' ? null : value })} />
      </Group>
      <Group><Button loading={busy} onClick={() => apply(mapping)}>{t('imports.apply')}</Button><Button variant="light" disabled={busy} onClick={() => check(mapping)}>{t('imports.check')}</Button></Group>
    </Stack>
  );
}
