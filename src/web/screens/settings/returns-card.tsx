import { Button, Group, Modal, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { BounceNoted, BounceView } from '#core/api/sending.ts';
import { change } from '../../api/client.ts';
import { useBounces } from '../../api/sending.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatInstant } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';
import { known } from '../../ui/reasons.ts';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';
import { emailFault } from '../holds/dispute-form.tsx';
import { EMAIL_MAX } from '../holds/form-frame.tsx';
import { REASON_MAX, REASON_MIN } from './breaker-card.tsx';

const KINDS = ['hard', 'blocked', 'soft', 'complaint'] as const;
const NOTED = ['hard', 'complaint'] as const;

/** Returns shown before somebody asks for more. */
const SHOWN_FIRST = 20;

function LiftForm({ bounce, close }: { readonly bounce: BounceView; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { reason: '' }, validate: { reason: (text) => (text.trim().length < REASON_MIN ? t('sending.fault.reason', { count: REASON_MIN }) : null) } });
  const failed = useFieldFault(form);
  const lift = useChange((values: { reason: string }) => change('POST', '/api/bounces/lift', { address: bounce.address, ...values }), { done: () => {
    close();
    tell(t('sending.returns.lifted', { address: bounce.address }));
  }, failed });
  return (
    <form onSubmit={form.onSubmit((values) => lift.mutate(values))} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">{t('sending.returns.liftText', { address: bounce.address })}</Text>
        <TextInput label={t('sending.returns.liftWhy')} data-autofocus required maxLength={REASON_MAX} {...form.getInputProps('reason')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={lift.isPending}>{t('sending.returns.lift')}</Button></Group>
      </Stack>
    </form>
  );
}

function NoteForm({ close }: { readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const form = useForm({ initialValues: { address: '', kind: 'hard', note: '' }, validate: { address: (text) => (text.trim() === '' ? t('sending.returns.addressNeeded') : emailFault(text, say)) } });
  const failed = useFieldFault(form);
  const note = useChange((values: { address: string; kind: string; note: string }) => change<BounceNoted>('POST', '/api/bounces', { ...values, address: values.address.trim() }), { done: ({ contacts }) => {
    close();
    tell(t('sending.returns.noted', { count: contacts }));
  }, failed });
  return (
    <form onSubmit={form.onSubmit((values) => note.mutate(values))} noValidate>
      <Stack>
        <TextInput label={t('sending.returns.address')} data-autofocus required inputMode="email" maxLength={EMAIL_MAX} {...form.getInputProps('address')} />
        <Select label={t('sending.returns.what')} allowDeselect={false} data={NOTED.map((value) => ({ value, label: t(`sending.returns.kinds.${value}`) }))} {...form.getInputProps('kind')} />
        <TextInput label={t('holds.note')} maxLength={REASON_MAX} {...form.getInputProps('note')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={note.isPending}>{t('sending.returns.save')}</Button></Group>
      </Stack>
    </form>
  );
}

function Row({ bounce, lift }: { readonly bounce: BounceView; readonly lift: (() => void) | null }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const kind = known(KINDS, bounce.kind);
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={550} style={{ overflowWrap: 'anywhere' }}>{bounce.address}</Text>
        <Text size="xs" c="dimmed">{formatInstant(bounce.reportedAt, language)}</Text>
        {bounce.diagnostic === '' ? null : <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }} lineClamp={3}>{[bounce.status, bounce.diagnostic].filter((part) => part !== null).join(' ')}</Text>}
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}><Chip tone={bounce.liftedAt === null ? (bounce.kind === 'soft' ? 'amber' : 'red') : 'grey'}>{kind === undefined ? bounce.kind : t(`sending.returns.kinds.${kind}`)}</Chip></Table.Td>
      <Table.Td ta="right" style={{ verticalAlign: 'top' }}>
        {bounce.liftedAt === null ? lift === null ? null : <Button size="compact-sm" variant="light" onClick={lift} aria-label={t('sending.returns.liftOf', { address: bounce.address })}>{t('sending.returns.lift')}</Button> : <Text size="xs" c="dimmed">{t('sending.returns.liftedAt', { at: formatInstant(bounce.liftedAt, language) })}</Text>}
      </Table.Td>
    </Table.Tr>
  );
}

/** What came back of e-mails, and the way to give an address another chance. */
export function ReturnsCard(): ReactElement {
  const { t } = useTranslation();
  const mayWork = useSession().organisation.role !== 'reader';
  const { data, error, refetch } = useBounces();
  const [lifting, setLifting] = useState<BounceView | null>(null);
  const [noting, setNoting] = useState(false);
  const [all, setAll] = useState(false);
  const rows = all ? (data ?? []) : (data ?? []).slice(0, SHOWN_FIRST);
  return (
    <Card flush title={t('sending.returns.title')} actions={mayWork ? <Button size="xs" variant="light" onClick={() => setNoting(true)}>{t('sending.returns.note')}</Button> : null}>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined ? error === null ? <Loading rows={3} /> : null : data.length === 0 ? <EmptyState icon="check" title={t('sending.returns.none')} text={t('sending.returns.noneText')} /> : (
        <Table verticalSpacing="sm" horizontalSpacing="md">
          <Table.Caption className="visually-hidden">{t('sending.returns.title')}</Table.Caption>
          <Table.Thead><Table.Tr><Table.Th scope="col">{t('sending.returns.address')}</Table.Th><Table.Th scope="col">{t('sending.returns.what')}</Table.Th><Table.Th scope="col"><span className="visually-hidden">{t('sending.returns.lift')}</span></Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>{rows.map((bounce) => <Row key={bounce.id} bounce={bounce} lift={mayWork ? () => setLifting(bounce) : null} />)}</Table.Tbody>
        </Table>
      )}
      {rows.length < (data?.length ?? 0) ? <Group p="md"><Button variant="default" size="xs" onClick={() => setAll(true)}>{t('frame.more')}</Button></Group> : null}
      <Modal opened={lifting !== null} onClose={() => setLifting(null)} title={<Text fw={650}>{t('sending.returns.liftTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>{lifting === null ? null : <LiftForm bounce={lifting} close={() => setLifting(null)} />}</Modal>
      <Modal opened={noting} onClose={() => setNoting(false)} title={<Text fw={650}>{t('sending.returns.note')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>{noting ? <NoteForm close={() => setNoting(false)} /> : null}</Modal>
    </Card>
  );
}
