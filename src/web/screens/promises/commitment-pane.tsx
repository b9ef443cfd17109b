import { Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldDetail, InstalmentView } from '#core/api/holds.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import type { ChipTone } from '../../ui/chip.tsx';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { LinkTo } from '../../ui/links.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import { AcceptModal } from '../holds/accept-modal.tsx';
import { EndModal, useResume } from '../holds/end-modal.tsx';
import { HoldComments } from '../holds/hold-comments.tsx';
import { HoldFiles } from '../holds/hold-files.tsx';
import { toneOfHold, useHoldWords } from '../holds/hold-words.ts';

const INSTALMENT_TONES: Readonly<Record<InstalmentView['state'], ChipTone>> = { paid: 'green', due: 'grey', late: 'amber', missed: 'red' };

function Instalments({ of }: { readonly of: HoldDetail }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const money = (amount: string): string => formatMoney(amount, of.currency ?? 'EUR', language);
  return (
    <section aria-label={t('promises.instalments')}>
      <Title order={3} mb="xs">{t('promises.instalments')}</Title>
      <Table verticalSpacing="xs">
        <Table.Caption className="visually-hidden">{t('promises.instalments')}</Table.Caption>
        <Table.Thead><Table.Tr><Table.Th scope="col">{t('holds.plan.dueOn')}</Table.Th><Table.Th scope="col" ta="right">{t('holds.plan.amount')}</Table.Th><Table.Th scope="col" ta="right">{t('promises.paid')}</Table.Th><Table.Th scope="col">{t('promises.state')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {of.instalments.map((one) => (
            <Table.Tr key={one.dueOn}>
              <Table.Td>{formatDay(one.dueOn, language)}<Text size="xs" c="dimmed">{t('promises.lastDay', { day: formatDay(one.lastDay, language) })}</Text></Table.Td>
              <Table.Td ta="right" className="number">{money(one.amount)}</Table.Td><Table.Td ta="right" className="number">{money(one.paid)}</Table.Td>
              <Table.Td><Chip tone={INSTALMENT_TONES[one.state]}>{t(`promises.instalmentStates.${one.state}`)}</Chip></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function Items({ of }: { readonly of: HoldDetail }): ReactElement | null {
  const { t } = useTranslation();
  const language = useLanguage();
  const money = (amount: string): string => formatMoney(amount, of.currency ?? 'EUR', language);
  if (of.items.length === 0) return null;
  return (
    <section aria-label={t('promises.items')}>
      <Title order={3} mb="xs">{t('promises.items')}</Title>
      <Table verticalSpacing="xs">
        <Table.Caption className="visually-hidden">{t('promises.items')}</Table.Caption>
        <Table.Thead><Table.Tr><Table.Th scope="col">{t('customers.document')}</Table.Th><Table.Th scope="col" ta="right">{t('promises.openThen')}</Table.Th><Table.Th scope="col" ta="right">{t('promises.openNow')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {of.items.map((item) => (
            <Table.Tr key={item.id}><Table.Td>{item.document}<Text size="xs" c="dimmed">{t('customers.dueShort', { day: formatDay(item.dueOn, language) })}</Text></Table.Td><Table.Td ta="right" className="number">{money(item.openThen)}</Table.Td><Table.Td ta="right" className="number">{money(item.open)}</Table.Td></Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

/** A promise or a plan whole: what came in, its instalments and documents, its schedule to sign, what was said, its papers. */
export function CommitmentPane({ of }: { readonly of: HoldDetail }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const words = useHoldWords();
  const session = useSession();
  const mayWork = session.organisation.role !== 'reader';
  const saving = useSaving();
  const resume = useResume();
  const [accepting, setAccepting] = useState(false);
  const [ending, setEnding] = useState(false);
  const resumable = mayWork && of.state === 'ended' && of.endedOn === session.organisation.today && of.endedReason !== 'replanned';
  return (
    <Stack gap="xl" pb="xl">
      <Stack gap={6}>
        <Group justify="space-between"><LinkTo to="/customers/$id" params={{ id: of.customerId }} fw={650} fz="lg">{of.customerName}</LinkTo><Chip tone={toneOfHold(of.state)}>{say(of.stateText)}</Chip></Group>
        <Text fw={600}>{words.about(of)}{words.amount(of) === null ? '' : ` · ${words.amount(of) ?? ''}`}</Text>
        {words.facts(of).map((fact) => <Text key={fact} size="sm" c="dimmed">{fact}</Text>)}
        {of.kind === 'promise' ? <Text size="sm" c="dimmed">{t('promises.graceText', { count: of.graceDays })}</Text> : null}
        {of.note === null ? null : <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{of.note}</Text>}
        <Group gap="xs" mt="xs">
          {of.kind === 'plan' && of.instalments.length > 0 ? <Button size="xs" variant="light" loading={saving.isPending} onClick={() => saving.mutate(`/api/plans/${of.id}/schedule.pdf`)}>{t('holds.plan.pdf')}</Button> : null}
          {mayWork && of.state === 'proposed' ? <Button size="xs" onClick={() => setAccepting(true)}>{t('holds.plan.accept')}</Button> : null}
          {mayWork && of.endedOn === null ? <Button size="xs" variant="subtle" onClick={() => setEnding(true)}>{t('holds.end')}</Button> : null}
          {resumable ? <Button size="xs" variant="light" loading={resume.isPending} onClick={() => resume.mutate(of.id)}>{t('holds.resume')}</Button> : null}
        </Group>
      </Stack>
      {of.instalments.length > 0 ? <Instalments of={of} /> : null}
      <Items of={of} />
      <HoldComments of={of} mayEdit={mayWork} />
      <HoldFiles of={of} mayEdit={mayWork} />
      <AcceptModal plan={accepting ? of : null} close={() => setAccepting(false)} />
      <EndModal hold={ending ? of : null} close={() => setEnding(false)} />
    </Stack>
  );
}
