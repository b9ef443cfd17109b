import { Button, Group, List, Radio, Stack, Text } from '@mantine/core';
import { useId, useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { PartView, ProposalView } from '#core/api/matching.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { useWords } from '../../ui/words.ts';
import { Confidence } from './line-list.tsx';
import { nameOf } from './proposals.ts';

/** Documents shown before a person asks for the others. */
const SHOWN = 6;

type PartsProps = { readonly title: string; readonly parts: readonly PartView[]; readonly currency: string; readonly owner: string; readonly taken?: boolean };

function Parts({ title, parts, currency, owner, taken = false }: PartsProps): ReactElement | null {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const [all, setAll] = useState(false);
  if (parts.length === 0) return null;
  const hidden = parts.length - SHOWN;
  const says = (part: PartView): string => {
    const amounts = { amount: formatMoney(part.amount, currency, language), open: formatMoney(part.open, currency, language) };
    if (part.amount === part.open) return t(taken ? 'matching.takenIn' : 'matching.pays', amounts);
    return t(taken ? 'matching.takenInOf' : 'matching.paysOf', amounts);
  };
  return (
    <div>
      <Text size="xs" c="dimmed">{title}</Text>
      <ul className="plain-list">
        {(all ? parts : parts.slice(0, SHOWN)).map((part) => (
          <li key={part.item} className="part">
            <Text component="span" size="sm" style={{ overflowWrap: 'anywhere' }}>
              <b>{nameOf(part, words.itemKind)}</b>{part.customer.id === owner ? '' : ` · ${part.customer.name}`}{part.dueOn === null ? '' : `, ${t('matching.dueOn', { day: formatDay(part.dueOn, language) })}`}
            </Text>
            <Text component="span" size="sm" className="part-amount">{says(part)}</Text>
          </li>
        ))}
      </ul>
      {hidden > 0 ? <Button size="compact-xs" variant="subtle" onClick={() => setAll(!all)} aria-expanded={all}>{all ? t('matching.fewerDocuments') : t('matching.moreDocuments', { count: hidden })}</Button> : null}
    </div>
  );
}

type CardProps = { readonly of: ProposalView; readonly number: number; readonly currency: string; readonly chosen: boolean; readonly choose: () => void; readonly disabled: boolean };

/** One way to use the money: whom it pays, what of it, what stays, and what speaks for it. */
export function ProposalCard({ of, number, currency, chosen, choose, disabled }: CardProps): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const described = useId();
  const money = (amount: string): string => formatMoney(amount, currency, language);
  const keeps = Number(of.left) > 0;
  return (
    <div className={chosen ? 'proposal proposal-chosen' : 'proposal'}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
        <Radio value={String(number)} disabled={disabled} aria-describedby={described} onClick={choose} styles={{ label: { overflowWrap: 'anywhere' } }} label={<span><kbd className="key" aria-hidden="true">{number}</kbd> <b>{of.customer.name}</b> <Text component="span" size="xs" c="dimmed">{of.customer.code}</Text></span>} />
        <Confidence of={of} />
      </Group>
      {/* The whole card takes the click of a mouse; the keyboard has the radio button above. */}
      <Stack gap={6} pl={32} mt={6} id={described} {...(disabled ? {} : { onClick: choose, style: { cursor: 'pointer' } })}>
        <Parts title={t('matching.debits')} parts={of.parts} currency={currency} owner={of.customer.id} />
        <Parts title={t('matching.credits')} parts={of.credits} currency={currency} owner={of.customer.id} taken />
        {of.writeOff === null ? null : <Text size="sm" c="#7a4100">{t('matching.writeOff', { amount: money(of.writeOff.amount), reason: t(`matching.reason.${of.writeOff.reason}`) })}</Text>}
        {of.parts.length === 0 ? <Text size="sm">{t('matching.onlyCustomer', { amount: money(of.left) })}</Text> : keeps ? <Text size="sm" c="#134e94">{t('matching.left', { amount: money(of.left) })}</Text> : null}
        <List size="xs" spacing={1} c="dimmed">{of.evidence.map((one) => <List.Item key={one.en}>{say(one)}</List.Item>)}</List>
      </Stack>
    </div>
  );
}
