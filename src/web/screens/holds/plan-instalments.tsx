import { ActionIcon, Button, Group, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Table, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { PLAN_INSTALMENTS_MAX, PLAN_PERIOD_DAYS_MAX } from '#core/holds/plan-builder.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { decimalOf } from '../../ui/typed-amount.ts';
import { AMOUNT_MAX } from './form-frame.tsx';
import { nextRow, rowsOf } from './plan-values.ts';
import type { PlanDraft, PlanGround, PlanValues } from './plan-values.ts';

type PartProps = { readonly form: UseFormReturnType<PlanValues>; readonly draft: PlanDraft; readonly ground: PlanGround };

function Rhythm({ form }: Pick<PartProps, 'form'>): ReactElement {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 2, xs: form.values.every === 'days' ? 4 : 3 }} style={{ alignItems: 'end' }}>
      <NumberInput label={t('holds.plan.count')} min={1} max={PLAN_INSTALMENTS_MAX} allowDecimal={false} {...form.getInputProps('count')} />
      <Select label={t('holds.plan.every')} allowDeselect={false} data={(['month', 'week', 'days'] as const).map((value) => ({ value, label: t(`holds.plan.periods.${value}`) }))} {...form.getInputProps('every')} />
      {form.values.every === 'days' ? <NumberInput label={t('holds.plan.days')} min={1} max={PLAN_PERIOD_DAYS_MAX} allowDecimal={false} {...form.getInputProps('days')} /> : null}
      <TextInput type="date" label={t('holds.plan.firstOn')} {...form.getInputProps('firstOn')} />
    </SimpleGrid>
  );
}

function Preview({ draft, ground }: Pick<PartProps, 'draft' | 'ground'>): ReactElement | null {
  const { t } = useTranslation();
  const language = useLanguage();
  if (draft.instalments.length === 0) return null;
  return (
    <section aria-label={t('holds.plan.preview')}>
      <Table verticalSpacing={6}>
        <Table.Caption className="visually-hidden">{t('holds.plan.preview')}</Table.Caption>
        <Table.Thead><Table.Tr><Table.Th scope="col">{t('holds.plan.number')}</Table.Th><Table.Th scope="col">{t('holds.plan.dueOn')}</Table.Th><Table.Th scope="col" ta="right">{t('holds.plan.amount')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {draft.instalments.map(({ dueOn, minor }, at) => (
            <Table.Tr key={dueOn}><Table.Td className="number">{at + 1}</Table.Td><Table.Td>{formatDay(dueOn, language)}</Table.Td><Table.Td ta="right"><Amount amount={decimalOf(minor, ground.currency)} currency={ground.currency} /></Table.Td></Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function Rows({ form, ground }: Pick<PartProps, 'form' | 'ground'>): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const { rows } = form.values;
  return (
    <Stack gap="xs">
      <Stack component="ol" className="plain-list" gap="xs">
        {rows.map((row, at) => (
          <Group component="li" key={row.id} gap="xs" wrap="nowrap" align="flex-end">
            <TextInput type="date" style={{ flex: '1 1 130px' }} aria-label={t('holds.plan.dueOnOf', { number: at + 1 })} {...form.getInputProps(`rows.${at}.dueOn`)} />
            <TextInput style={{ flex: '1 1 110px' }} inputMode="decimal" maxLength={AMOUNT_MAX} aria-label={t('holds.plan.amountOf', { number: at + 1 })} {...form.getInputProps(`rows.${at}.amount`)} styles={{ input: { textAlign: 'right' } }} />
            <ActionIcon variant="subtle" color="brick" size="lg" aria-label={t('holds.plan.remove', { number: at + 1 })} onClick={() => form.removeListItem('rows', at)}><Icon name="close" size={16} /></ActionIcon>
          </Group>
        ))}
      </Stack>
      <Group><Button size="compact-sm" variant="light" disabled={rows.length >= PLAN_INSTALMENTS_MAX} onClick={() => form.insertListItem('rows', nextRow(rows, ground, language))}>{t('holds.plan.add')}</Button></Group>
    </Stack>
  );
}

function SumLine({ draft, ground }: Pick<PartProps, 'draft' | 'ground'>): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const money = (minor: bigint): string => formatMoney(decimalOf(minor, ground.currency), ground.currency, language);
  const left = ground.total - draft.sum;
  return (
    <div aria-live="polite">
      <Text size="sm" fw={600}>{t('holds.plan.sum', { sum: money(draft.sum), total: money(ground.total) })}{left === 0n ? null : <Text component="span" size="sm" c="#b42318"> · {left > 0n ? t('holds.plan.left', { amount: money(left) }) : t('holds.plan.over', { amount: money(-left) })}</Text>}</Text>
      {draft.fault === null ? null : <Text size="sm" c="#b42318">{say(draft.fault)}</Text>}
    </div>
  );
}

/** The instalments of a plan: by a rhythm with its preview, or each by hand; always with their sum against what is owed. */
export function PlanInstalments({ form, draft, ground }: PartProps): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const choose = (mode: string): void => {
    form.setValues(mode === 'byHand' ? { mode: 'byHand', ...(draft.instalments.length > 0 ? { rows: rowsOf(draft.instalments, ground.currency, language) } : {}) } : { mode: 'regular' });
  };
  return (
    <Stack gap="sm">
      <SegmentedControl size="sm" aria-label={t('holds.plan.mode')} value={form.values.mode} onChange={choose} data={[{ value: 'regular', label: t('holds.plan.regular') }, { value: 'byHand', label: t('holds.plan.byHand') }]} />
      {form.values.mode === 'regular' ? <><Rhythm form={form} /><Preview draft={draft} ground={ground} /></> : <Rows form={form} ground={ground} />}
      <SumLine draft={draft} ground={ground} />
    </Stack>
  );
}
