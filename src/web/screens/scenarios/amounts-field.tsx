import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AmountView } from '#core/api/faults.ts';
import type { BoundsView } from '#core/api/scenarios.ts';
import { CURRENCY_DIGITS, parseCurrency } from '#core/kernel/currency.ts';
import { useSession } from '../../api/queries.ts';
import { Icon } from '../../ui/icons.tsx';
import { decimalOf, readAmount } from '../../ui/typed-amount.ts';
import { AmountField } from './fields.tsx';

const CURRENCIES = Object.keys(CURRENCY_DIGITS);

/** Currencies of one list: a company trades in a handful. */
const AMOUNTS_MAX = 8;

/** The same figure in another currency, as far as its digits allow. */
function inCurrency(amount: string, currency: string): string {
  const minor = readAmount(amount, currency) ?? readAmount(amount.split('.')[0] ?? '0', currency);
  return minor === null || parseCurrency(currency) === null ? '0' : decimalOf(minor, currency);
}

function CurrencyField({ value, choose, taken }: { readonly value: string; readonly choose: (currency: string) => void; readonly taken: ReadonlySet<string> }): ReactElement {
  const { t } = useTranslation();
  return (
    <Select
      aria-label={t('scenarios.bounds.currency')} w={92} searchable allowDeselect={false} maxDropdownHeight={220} value={value} data={CURRENCIES.filter((one) => one === value || !taken.has(one))}
      onChange={(currency) => { if (currency !== null) choose(currency); }}
    />
  );
}

/** The next currency somebody may add: the company's own first. */
function useNextCurrency(): (taken: ReadonlySet<string>) => string {
  const { organisation } = useSession();
  return (taken) => [organisation.currency, 'EUR', 'USD', 'GBP', 'CHF', ...CURRENCIES].find((one) => !taken.has(one)) ?? organisation.currency;
}

type MinimumsProps = { readonly amounts: readonly AmountView[]; readonly error: string | null; readonly disabled: boolean; readonly become: (amounts: readonly AmountView[]) => void };

/** Minimum amounts, one a currency; the first cannot be taken away. */
export function MinimumsField({ amounts, error, disabled, become }: MinimumsProps): ReactElement {
  const { t } = useTranslation();
  const next = useNextCurrency();
  const taken = new Set(amounts.map(({ currency }) => currency));
  const put = (at: number, amount: AmountView): void => become(amounts.with(at, amount));
  return (
    <Stack component="fieldset" gap={6} m={0} p={0} style={{ border: 0 }}>
      <Text component="legend" size="sm" fw={600} p={0}>{t('scenarios.head.minimum')}</Text>
      <Text size="xs" c="dimmed">{t('scenarios.head.minimumHint')}</Text>
      {amounts.map(({ amount, currency }, at) => (
        <Group key={currency} gap={6} wrap="nowrap" align="flex-start">
          <AmountField
            aria-label={`${t('scenarios.head.minimum')} ${currency}`} amount={amount} currency={currency} disabled={disabled} notAmount={t('scenarios.bounds.notAmount', { currency })} style={{ flex: 1 }}
            become={(now) => put(at, { amount: now, currency })}
          />
          <CurrencyField value={currency} taken={taken} choose={(now) => put(at, { amount: inCurrency(amount, now), currency: now })} />
          {at === 0 ? <span style={{ width: 36, flexShrink: 0 }} /> : <ActionIcon variant="subtle" color="brick" size={36} disabled={disabled} aria-label={`${t('scenarios.bounds.remove')} ${currency}`} onClick={() => become(amounts.toSpliced(at, 1))}><Icon name="close" size={16} /></ActionIcon>}
        </Group>
      ))}
      {error === null ? null : <Text size="xs" c="#b42318" role="alert">{error}</Text>}
      {disabled || amounts.length >= AMOUNTS_MAX ? null : <Button variant="subtle" size="compact-sm" style={{ alignSelf: 'flex-start' }} onClick={() => become([...amounts, { amount: '0', currency: next(taken) }])}>{t('scenarios.head.addMinimum')}</Button>}
    </Stack>
  );
}

type Row = { readonly currency: string; readonly from: string; readonly below: string };

const rowOf = ({ from, below }: BoundsView): Row => ({ currency: (from ?? below)?.currency ?? 'EUR', from: from?.amount ?? '', below: below?.amount ?? '' });
const boundsOf = ({ currency, from, below }: Row): BoundsView => ({ from: from === '' ? null : { amount: from, currency }, below: below === '' ? null : { amount: below, currency } });
const isGiven = (row: Row): boolean => row.from !== '' || row.below !== '';

type BoundsProps = { readonly label: string; readonly bounds: readonly BoundsView[]; readonly become: (bounds: readonly BoundsView[]) => void; readonly disabled?: boolean };

/** Bounds of amounts, one row a currency; a row without any figure says nothing yet and is not told. */
export function BoundsField({ label, bounds, become, disabled = false }: BoundsProps): ReactElement {
  const { t } = useTranslation();
  const next = useNextCurrency();
  const told = JSON.stringify(bounds);
  const [typed, setTyped] = useState({ rows: bounds.map(rowOf), told });
  if (typed.told !== told) setTyped({ rows: bounds.map(rowOf), told });
  const { rows } = typed;
  const taken = new Set(rows.map(({ currency }) => currency));
  const put = (changed: readonly Row[]): void => {
    const given = changed.filter(isGiven).map(boundsOf);
    setTyped({ rows: [...changed], told: JSON.stringify(given) });
    if (JSON.stringify(given) !== told) become(given);
  };
  return (
    <Stack component="fieldset" gap={6} m={0} p={0} style={{ border: 0 }}>
      <Text component="legend" size="sm" fw={600} p={0}>{label}</Text>
      {rows.map((row, at) => (
        <Group key={row.currency} gap={6} align="flex-end" wrap="nowrap">
          {(['from', 'below'] as const).map((side) => (
            <AmountField
              key={side} label={t(`scenarios.bounds.${side}`)} amount={row[side]} currency={row.currency} optional disabled={disabled} notAmount={t('scenarios.bounds.notAmount', { currency: row.currency })}
              style={{ flex: 1, minWidth: 0 }} become={(amount) => put(rows.with(at, { ...row, [side]: amount }))}
            />
          ))}
          <CurrencyField value={row.currency} taken={taken} choose={(currency) => put(rows.with(at, { currency, from: row.from === '' ? '' : inCurrency(row.from, currency), below: row.below === '' ? '' : inCurrency(row.below, currency) }))} />
          <ActionIcon variant="subtle" color="brick" size={36} disabled={disabled} aria-label={`${t('scenarios.bounds.remove')} ${row.currency}`} onClick={() => put(rows.toSpliced(at, 1))}><Icon name="close" size={16} /></ActionIcon>
        </Group>
      ))}
      {disabled || rows.length >= AMOUNTS_MAX ? null : <Button variant="subtle" size="compact-sm" style={{ alignSelf: 'flex-start' }} onClick={() => put([...rows, { currency: next(taken), from: '', below: '' }])}>{t('scenarios.bounds.add')}</Button>}
    </Stack>
  );
}
