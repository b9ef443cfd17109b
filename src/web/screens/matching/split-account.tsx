import { Button, Group, Select, SimpleGrid, Text, TextInput, Title } from '@mantine/core';
import { useEffect } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { WRITE_OFF_REASONS } from '#core/api/matching.ts';
import type { Fault } from '#core/api/faults.ts';
import type { PartView } from '#core/api/matching.ts';
import { useOpenAccount } from '../../api/matching.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatMoney } from '../../ui/format.ts';
import { FaultNote, Loading } from '../../ui/states.tsx';
import { decimalOf } from '../../ui/typed-amount.ts';
import { SplitRows } from './split-rows.tsx';
import { missingOf, placeOf, refreshed, setWriteOff, settle, tick, typeAmount } from './split.ts';
import type { Split, SplitFault, SplitSide, SplitUse } from './split.ts';

/** Longest note and amount the server takes. */
const NOTE_MAX = 500;
const AMOUNT_MAX = 24;

type AccountProps = {
  readonly use: SplitUse; readonly split: Split; readonly faults: ReadonlyMap<string, SplitFault>; readonly refused: Fault | null;
  /** The loose credit being placed: it cannot be taken in a second time. */
  readonly own: string | null;
  readonly become: (change: (split: Split) => Split) => void; readonly nothingLeft: () => void; readonly remove: (() => void) | null;
};

/** Words for what is wrong with a field. */
export function useFaultWords(split: Split) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (fault: SplitFault): string => t(`matching.fault.${fault}`, {
    currency: split.currency, amount: formatMoney(split.amount, split.currency, language), example: formatMoney(split.amount, split.currency, language),
  });
}

function WriteOff({ use, split, faults, refused, become }: AccountProps): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const language = useLanguage();
  const words = useFaultWords(split);
  const { writeOff, customer } = use;
  const missing = missingOf(split, customer.id);
  const fault = faults.get(placeOf.writeOff(customer.id));
  const settleAll = missing <= 0n ? null : <Button size="compact-sm" variant="light" onClick={() => become((now) => settle(now, customer.id, language))}>{t('matching.settleAll')} ({formatMoney(decimalOf(missing, split.currency), split.currency, language)})</Button>;
  if (writeOff === null) {
    return <Group gap="xs" mt="xs"><Button size="compact-sm" variant="subtle" data-write-off disabled={use.parts.length === 0} onClick={() => become((now) => setWriteOff(now, customer.id, { text: '', reason: 'bankFees', note: '' }))}>{t('matching.addWriteOff')}</Button>{settleAll}</Group>;
  }
  const change = (part: Partial<typeof writeOff>): void => become((now) => setWriteOff(now, customer.id, { ...writeOff, ...part }));
  const ofServer = refused !== null && refused.code.toLocaleLowerCase().endsWith('writeoff') ? say(refused.message) : null;
  return (
    <div>
      <SimpleGrid cols={{ base: 1, xs: 3 }} mt="xs" style={{ alignItems: 'start' }}>
        <TextInput data-amount label={t('matching.writeOffAmount')} inputMode="decimal" maxLength={AMOUNT_MAX} value={writeOff.text} error={ofServer ?? (fault === undefined || writeOff.text === '' ? null : words(fault))} onChange={(event) => change({ text: event.currentTarget.value })} />
        <Select label={t('matching.writeOffReason')} allowDeselect={false} value={writeOff.reason} onChange={(value) => change({ reason: WRITE_OFF_REASONS.find((one) => one === value) ?? 'bankFees' })} data={WRITE_OFF_REASONS.map((value) => ({ value, label: t(`matching.reason.${value}`) }))} />
        <TextInput label={t('matching.writeOffNote')} maxLength={NOTE_MAX} value={writeOff.note} onChange={(event) => change({ note: event.currentTarget.value })} />
      </SimpleGrid>
      <Group gap="xs" mt={6}><Button size="compact-sm" variant="subtle" color="brick" onClick={() => become((now) => setWriteOff(now, customer.id, null))}>{t('matching.removeWriteOff')}</Button>{settleAll}</Group>
    </div>
  );
}

/** One account in a division: what is open on it, what is taken of it, and what is let go. */
export function SplitAccount(props: AccountProps): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const { use, split, faults, refused, own, become, nothingLeft, remove } = props;
  const words = useFaultWords(split);
  const { data, error, refetch } = useOpenAccount(use.customer.id, split.currency);
  useEffect(() => {
    if (data !== undefined) become((now) => refreshed(now, data));
    // Only when the account itself was read again: `become` is another function each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [data]);
  const rows = (side: SplitSide, open: readonly PartView[]) => ({
    side, open, rows: use[side], customer: use.customer.name, currency: split.currency,
    faultOf: (item: string): string | null => {
      const fault = faults.get(placeOf.row(side, item));
      const named = use[side].find((row) => row.of.item === item)?.of.document ?? null;
      if (refused !== null && named !== null && say(refused.message).includes(named)) return say(refused.message);
      return fault === undefined ? null : words(fault);
    },
    type: (of: PartView, text: string) => become((now) => typeAmount(now, { customer: use.customer.id, side, of }, text)),
    tick: (of: PartView) => {
      if (tick(split, { customer: use.customer.id, side, of }, language) === split) nothingLeft();
      else become((now) => tick(now, { customer: use.customer.id, side, of }, language));
    },
  });
  const fault = faults.get(placeOf.use(use.customer.id));
  return (
    <section className="card" aria-label={use.customer.name}>
      <Group justify="space-between" gap="xs">
        <Title order={3} style={{ overflowWrap: 'anywhere' }}>{use.customer.name} <Text component="span" size="sm" c="dimmed">{use.customer.code}</Text></Title>
        {remove === null ? null : <Button size="compact-sm" variant="subtle" color="brick" onClick={remove} aria-label={t('matching.removeCustomer', { customer: use.customer.name })}>{t('frame.remove')}</Button>}
      </Group>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading rows={4} /> : null}
      {data === undefined ? null : (
        <>
          {data.debits.length === 0 ? <Text size="sm" c="dimmed" mt={6}>{t('matching.noDebits', { currency: split.currency })}</Text> : null}
          <SplitRows title={t('matching.openDebits')} {...rows('parts', data.debits)} />
          <SplitRows title={t('matching.openCredits')} {...rows('credits', data.credits.filter((credit) => credit.item !== own))} />
          {data.truncated ? <Text size="xs" c="dimmed">{t('matching.truncated')}</Text> : null}
          <WriteOff {...props} />
        </>
      )}
      {fault === undefined ? null : <Text size="sm" c="#96190f" mt={6} role="alert">{words(fault)}</Text>}
    </section>
  );
}
