import { Alert, Button, Group, Radio, Stack, TextInput, Textarea, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldDetail } from '#core/api/holds.ts';
import { CREDIT_NOTE_DAYS, DISPUTE_OUTCOMES } from '#core/holds/dispute.ts';
import type { DisputeOutcome } from '#core/holds/dispute.ts';
import { addDays } from '#core/kernel/day.ts';
import { change } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { tellUndo } from '../../ui/tell-undo.tsx';
import { tell } from '../../ui/tell.ts';
import { decimalOf, readAmount } from '../../ui/typed-amount.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';
import { useResume } from '../holds/end-modal.tsx';
import { AMOUNT_MAX, NOTE_MAX } from '../holds/form-frame.tsx';
import { dayOfSession } from '../holds/hold-start.ts';

type Values = { outcome: DisputeOutcome; amount: string; note: string };

/** What is disputed and what is open of the document, in minor units of its currency. */
type Stake = { readonly currency: string; readonly disputed: bigint; readonly open: bigint };

const stakeOf = (of: HoldDetail): Stake => {
  const currency = of.currency ?? 'EUR';
  return { currency, disputed: readAmount(of.dispute?.disputed ?? '', currency) ?? 0n, open: readAmount(of.items[0]?.open ?? '', currency) ?? 0n };
};

/** What will happen once it is decided so, said before it is. */
function useConsequence(stake: Stake): (values: Values) => string {
  const { t } = useTranslation();
  const language = useLanguage();
  const today = dayOfSession(useSession().organisation.today);
  const money = (minor: bigint): string => formatMoney(decimalOf(minor, stake.currency), stake.currency, language);
  const by = formatDay(addDays(today, CREDIT_NOTE_DAYS), language);
  return ({ outcome, amount }) => {
    if (outcome === 'rejected') return t('disputes.follows.rejected', { amount: money(stake.open) });
    if (outcome === 'accepted') return t('disputes.follows.accepted', { amount: money(stake.disputed), day: by });
    const granted = readAmount(amount, stake.currency);
    return granted === null || granted <= 0n || granted > stake.open ? t('disputes.follows.partlyUnknown') : t('disputes.follows.partly', { granted: money(granted), rest: money(stake.open - granted), day: by });
  };
}

/** How a dispute ends, with what follows from it said first. */
export function DecisionForm({ of }: { readonly of: HoldDetail }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const stake = stakeOf(of);
  const consequence = useConsequence(stake);
  const resume = useResume();
  const form = useForm<Values>({
    initialValues: { outcome: 'accepted', amount: '', note: '' },
    validate: { amount: (text, { outcome }) => {
      if (outcome !== 'partly') return null;
      const minor = readAmount(text, stake.currency);
      if (minor === null || minor <= 0n) return t('holds.fault.amount', { currency: stake.currency });
      return minor > stake.open ? t('holds.fault.overOpen', { open: formatMoney(decimalOf(stake.open, stake.currency), stake.currency, language) }) : null;
    } },
  });
  const failed = useFieldFault(form, { disputeAmount: 'amount', disputePartNeeded: 'amount' });
  const save = useChange((values: Values) => change('POST', `/api/holds/${of.id}/decision`, {
    outcome: values.outcome, amount: values.outcome === 'partly' ? decimalOf(readAmount(values.amount, stake.currency) ?? 0n, stake.currency) : null, note: values.note,
  }), { done: (_answer, { outcome }) => {
    form.reset();
    if (outcome === 'rejected') tellUndo(`decided-${of.id}`, t('disputes.decided.rejected'), { label: t('frame.undo'), act: () => resume.mutate(of.id) });
    else tell(t(`disputes.decided.${outcome}`));
  }, failed });
  const offered = DISPUTE_OUTCOMES.filter((outcome) => outcome !== 'partly' || of.itemId !== null);
  return (
    <section aria-label={t('disputes.decision')}>
      <Title order={3} mb="xs">{of.dispute?.outcome === null ? t('disputes.decision') : t('disputes.decisionAgain')}</Title>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack gap="sm">
          <Radio.Group aria-label={t('disputes.decision')} {...form.getInputProps('outcome')}>
            <Stack gap="xs">{offered.map((outcome) => <Radio key={outcome} value={outcome} label={t(`disputes.outcomes.${outcome}`)} />)}</Stack>
          </Radio.Group>
          {form.values.outcome === 'partly' ? <TextInput label={t('disputes.granted', { currency: stake.currency })} inputMode="decimal" maxLength={AMOUNT_MAX} maw={260} {...form.getInputProps('amount')} /> : null}
          <Textarea label={t('disputes.decisionNote')} autosize minRows={1} maxLength={NOTE_MAX} {...form.getInputProps('note')} />
          <Alert color="blue" variant="light" title={t('disputes.thenTitle')} styles={{ title: { color: '#134e94' }, message: { color: '#17375e' } }}><span aria-live="polite">{consequence(form.values)}</span></Alert>
          <Group><Button type="submit" loading={save.isPending} color={form.values.outcome === 'rejected' ? 'brick' : 'pine'}>{t(`disputes.decide.${form.values.outcome}`)}</Button></Group>
        </Stack>
      </form>
    </section>
  );
}
