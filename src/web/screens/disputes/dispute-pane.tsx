import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldDetail } from '#core/api/holds.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { LinkTo } from '../../ui/links.tsx';
import { EndModal } from '../holds/end-modal.tsx';
import { HoldComments } from '../holds/hold-comments.tsx';
import { HoldFiles } from '../holds/hold-files.tsx';
import { toneOfHold, useEnding, useHoldWords } from '../holds/hold-words.ts';
import { DecisionForm } from './decision-form.tsx';
import { DisputeEdit } from './dispute-edit.tsx';
import { DisputeSteps } from './dispute-steps.tsx';

function Line({ label, children }: { readonly label: string; readonly children: string }): ReactElement {
  return <div className="said"><Text component="dt" size="sm" c="dimmed">{label}</Text><Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>{children}</Text></div>;
}

function Facts({ of }: { readonly of: HoldDetail }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const words = useHoldWords();
  const ending = useEnding();
  const [item] = of.items;
  const owner = [of.dispute?.ownerName, of.dispute?.ownerEmail].filter((part) => part !== null && part !== undefined).join(', ');
  const money = (amount: string): string => formatMoney(amount, of.currency ?? 'EUR', language);
  return (
    <Stack component="dl" gap={4} m={0}>
      <Line label={t('holds.document')}>{item === undefined ? t('holds.wholeAccount') : `${item.document}, ${t('customers.dueShort', { day: formatDay(item.dueOn, language) })}`}</Line>
      <Line label={t('disputes.amount')}>{item === undefined ? '—' : t('disputes.amountOf', { amount: words.amount(of) ?? '', open: money(item.open) })}</Line>
      <Line label={t('disputes.reason')}>{of.reasonText === null ? '—' : say(of.reasonText)}</Line>
      <Line label={t('disputes.owner')}>{owner === '' ? t('holds.nobody') : owner}</Line>
      <Line label={t('disputes.deadline')}>{of.dispute?.deadline === null || of.dispute === null ? '—' : formatDay(of.dispute.deadline, language)}</Line>
      <Line label={t('disputes.openedOn')}>{t('disputes.openedBy', { day: formatDay(of.from, language), by: of.actor })}</Line>
      {of.note === null ? null : <Line label={t('holds.note')}>{of.note}</Line>}
      {of.endedOn === null ? null : <Line label={t('disputes.endedOn')}>{[formatDay(of.endedOn, language), ending(of.endedReason)].filter((part) => part !== '').join(', ')}</Line>}
    </Stack>
  );
}

/** One dispute whole: what it is about, its plan to tick off, what was said, its papers, and how it ends. */
export function DisputePane({ of }: { readonly of: HoldDetail }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const mayWork = useSession().organisation.role !== 'reader';
  const [editing, setEditing] = useState(false);
  const [ending, setEnding] = useState(false);
  const live = of.endedOn === null;
  return (
    <Stack gap="xl" pb="xl">
      <Stack gap="sm">
        <Group justify="space-between">
          <LinkTo to="/customers/$id" params={{ id: of.customerId }} fw={650} fz="lg">{of.customerName}</LinkTo>
          <Group gap={6}><Chip tone={toneOfHold(of.state)}>{say(of.stateText)}</Chip>{of.dispute?.late === true ? <Chip tone="red">{t('holds.late')}</Chip> : null}</Group>
        </Group>
        <Facts of={of} />
        {mayWork && live ? <Group gap="xs"><Button size="xs" variant="light" onClick={() => setEditing(true)}>{t('frame.edit')}</Button><Button size="xs" variant="subtle" onClick={() => setEnding(true)}>{t('disputes.withdraw')}</Button></Group> : null}
      </Stack>
      <DisputeSteps of={of} mayEdit={mayWork} />
      <HoldComments of={of} mayEdit={mayWork} />
      <HoldFiles of={of} mayEdit={mayWork} />
      {mayWork && live ? <DecisionForm key={of.id} of={of} /> : null}
      <DisputeEdit of={editing ? of : null} close={() => setEditing(false)} />
      <EndModal hold={ending ? of : null} close={() => setEnding(false)} />
    </Stack>
  );
}
