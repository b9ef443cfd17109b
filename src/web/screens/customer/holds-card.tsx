import { Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerDetail, HoldView } from '#core/api/customers.ts';
import { change } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { Chip } from '../../ui/chip.tsx';
import { formatDay } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';
import { DISPUTE_REASONS } from '../../ui/reasons.ts';
import { tell } from '../../ui/tell.ts';
import { plainDecimal } from '../../ui/typed-amount.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';
import { useWords } from '../../ui/words.ts';

type Values = { kind: string; reason: string; itemId: string; amount: string; from: string; until: string; note: string };

const KINDS = ['dispute', 'promise', 'pause', 'insolvency'] as const;

function HoldForm({ of, close }: { readonly of: CustomerDetail; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const { organisation } = useSession();
  const form = useForm<Values>({ initialValues: { kind: 'dispute', reason: 'other', itemId: '', amount: '', from: organisation.today, until: '', note: '' } });
  const failed = useFieldFault(form);
  const save = useChange((values: Values) => change('POST', `/api/customers/${of.id}/holds`, {
    kind: values.kind, itemId: values.itemId === '' ? null : values.itemId, reason: values.kind === 'dispute' ? values.reason : null, amount: plainDecimal(values.amount), from: values.from,
    until: values.until === '' ? null : values.until, note: values.note,
  }), { done: () => {
    tell(t('customers.holdSaved'));
    close();
  }, failed });
  const open = of.items.filter((item) => item.side === 'debit' && item.why !== null);
  const about = [{ value: '', label: t('customers.holdAccount') }, ...open.map((item) => ({ value: item.id, label: item.document ?? item.label ?? item.id }))];
  const { kind } = form.values;
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        <Select label={t('customers.holdKind')} allowDeselect={false} data-autofocus data={KINDS.map((value) => ({ value, label: t(`customers.holdKinds.${value}`) }))} {...form.getInputProps('kind')} />
        {kind === 'dispute' ? <Select label={t('customers.holdReason')} allowDeselect={false} data={DISPUTE_REASONS.map((value) => ({ value, label: t(`customers.holdReasons.${value}`) }))} {...form.getInputProps('reason')} /> : null}
        <Select label={t('customers.holdOn')} allowDeselect={false} searchable data={about} {...form.getInputProps('itemId')} />
        {kind === 'pause' || kind === 'insolvency' ? null : <TextInput label={t('customers.holdAmount')} description={t('customers.holdAmountHint')} inputMode="decimal" maxLength={24} {...form.getInputProps('amount')} />}
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput type="date" label={t('customers.holdFrom')} required {...form.getInputProps('from')} />
          {kind === 'insolvency' ? null : <TextInput type="date" label={kind === 'promise' ? t('customers.holdPromised') : t('customers.holdUntil')} required={kind === 'promise'} {...form.getInputProps('until')} />}
        </SimpleGrid>
        <Textarea label={t('customers.holdNote')} autosize minRows={2} maxLength={1000} {...form.getInputProps('note')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={save.isPending}>{t('frame.save')}</Button></Group>
      </Stack>
    </form>
  );
}

function EndForm({ hold, close }: { readonly hold: HoldView; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { reason: '' }, validate: { reason: (text) => (text.trim() === '' ? t('customers.reasonNeeded') : null) } });
  const failed = useFieldFault(form);
  const end = useChange((values: { reason: string }) => change('POST', `/api/holds/${hold.id}/end`, values), { done: () => {
    tell(t('customers.holdEnded'));
    close();
  }, failed });
  return (
    <form onSubmit={form.onSubmit((values) => end.mutate(values))} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">{t('customers.endHoldHint')}</Text>
        <TextInput label={t('customers.endHoldReason')} data-autofocus required maxLength={200} {...form.getInputProps('reason')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={end.isPending}>{t('customers.endHold')}</Button></Group>
      </Stack>
    </form>
  );
}

function HoldLine({ hold, currency, end }: { readonly hold: HoldView; readonly currency: string; readonly end: (() => void) | null }): ReactElement {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  const when = [t('customers.holdSince', { day: formatDay(hold.from, language) }), hold.until === null ? null : t('customers.holdUntilDay', { day: formatDay(hold.until, language) })].filter((text) => text !== null).join(', ');
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Group gap={8}><Chip tone={hold.endedOn === null ? 'violet' : 'grey'}>{t(`customers.holdKinds.${hold.kind}`)}</Chip><Text size="sm" fw={550}>{hold.document ?? t('customers.holdAccount')}</Text>{hold.amount === null ? null : <Amount size="sm" amount={hold.amount} currency={currency} />}</Group>
          <Text size="sm" c="dimmed" mt={2}>{hold.endedOn === null ? when : t('customers.holdOver', { day: formatDay(hold.endedOn, language) })}</Text>
          {hold.reason === null ? null : <Text size="sm">{words.dispute(hold.reason)}</Text>}
          {hold.note === null ? null : <Text size="sm">{hold.note}</Text>}
        </div>
        {end === null ? null : <Button size="compact-sm" style={{ flexShrink: 0 }} variant="light" onClick={end} aria-label={`${t('customers.endHold')} : ${t(`customers.holdKinds.${hold.kind}`)} ${hold.document ?? ''}`}>{t('customers.endHold')}</Button>}
      </Group>
    </li>
  );
}

/** Reasons not to chase: in force first, a form to add one, and its end with a reason. */
export function HoldsCard({ of, mayEdit }: { readonly of: CustomerDetail; readonly mayEdit: boolean }): ReactElement {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<HoldView | null>(null);
  const currencyOf = (hold: HoldView): string => of.items.find((item) => item.id === hold.itemId)?.currency ?? of.sums[0]?.currency ?? 'EUR';
  const live = of.holds.filter((hold) => hold.endedOn === null);
  return (
    <Card title={t('customers.holds')} actions={mayEdit ? <Button size="xs" variant="light" onClick={() => setAdding(true)}>{t('customers.addHoldShort')}</Button> : null}>
      {live.length === 0 ? <Text size="sm" c="dimmed">{t('customers.noHolds')}</Text> : null}
      <Stack component="ul" className="plain-list" gap="md">
        {live.map((hold) => <HoldLine key={hold.id} hold={hold} currency={currencyOf(hold)} end={mayEdit ? () => setEnding(hold) : null} />)}
      </Stack>
      <Modal opened={adding} onClose={() => setAdding(false)} title={<Text fw={650}>{t('customers.addHold')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
        {adding ? <HoldForm of={of} close={() => setAdding(false)} /> : null}
      </Modal>
      <Modal opened={ending !== null} onClose={() => setEnding(null)} title={<Text fw={650}>{t('customers.endHoldTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
        {ending === null ? null : <EndForm hold={ending} close={() => setEnding(null)} />}
      </Modal>
    </Card>
  );
}
