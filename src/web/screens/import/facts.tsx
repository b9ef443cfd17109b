import { Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CreatedView, FoundView, ImportOutcome } from '#core/api/imports.ts';
import { lifecycleStatus } from '#core/intake/einvoice/lifecycle-status.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatAccount, formatDay, formatDecimal, formatInstant, formatMoney } from '../../ui/format.ts';
import { useWords } from '../../ui/words.ts';
import { isBank, kindOf } from './formats.ts';

type Found<Kind extends FoundView['kind']> = Extract<FoundView, { kind: Kind }>;

/** Name of an e-invoice status; a code nobody published is shown as it is. */
export function useStatusName(): (code: string) => string {
  const say = useSay();
  return (code) => {
    const status = lifecycleStatus(code);
    return status === null ? code : say(status.name);
  };
}

const CREATED = ['customers', 'debits', 'credits', 'allocations'] as const;

/** What an import added, in words. */
export function useCreatedWords(): (created: CreatedView) => string[] {
  const { t } = useTranslation();
  return (created) => [
    ...(created.bankLines === 0 ? [] : [t('drops.bankLines', { count: created.bankLines })]),
    ...CREATED.flatMap((what) => (created[what] === 0 ? [] : [t(`imports.created.${what}`, { count: created[what] })])),
  ];
}

/** "du 1 mars au 31 mars 2026", one day, or nothing. */
export function usePeriod(): (from: string | null, until: string | null) => string[] {
  const { t } = useTranslation();
  const language = useLanguage();
  return (from, until) => {
    const day = until ?? from;
    if (day === null) return [];
    return [from === null || until === null || from === until ? t('drops.onDay', { day: formatDay(day, language) }) : t('drops.period', { from: formatDay(from, language), until: formatDay(until, language) })];
  };
}

function useBankFacts(): (of: ImportOutcome, found: Found<'bank'> | null) => string[] {
  const { t } = useTranslation();
  const language = useLanguage();
  const period = usePeriod();
  return (of, found) => {
    const currency = found?.accounts[0]?.currency;
    const amount = (text: string): string => (currency === undefined ? formatDecimal(text, language) : formatMoney(text, currency, language));
    const count = (name: string): number => of.changed[name] ?? 0;
    const lines: string[] = of.stage === 'applied' ? [t('drops.bankLines', { count: of.created.bankLines })] : [t('imports.lines', { count: of.lines })];
    if (count('known') > 0) lines.push(t('drops.known', { count: count('known') }));
    if (count('takenBack') > 0) lines.push(t('drops.takenBack', { count: count('takenBack') }));
    const accounts = (found?.accounts ?? []).map((one) => [
      t('drops.account', { account: formatAccount(one.account) }), ...period(one.from, one.until), ...(one.closing === null ? [] : [t('drops.closing', { amount: formatMoney(one.closing, one.currency, language) })]),
    ].join(', '));
    return [[...lines, t('drops.moneyInOut', { in: amount(of.totals.credit), out: amount(of.totals.debit) })].join(' · '), ...accounts];
  };
}

function useInvoiceFacts(): (found: Found<'invoice'>) => string[] {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const nameOf = useStatusName();
  return (found) => [
    t('drops.invoiceFor', { kind: words.itemKind(found.type), number: found.number, customer: found.customer?.name ?? found.buyer }),
    [
      t(found.type === 'creditNote' ? 'drops.credited' : 'drops.due', { amount: formatMoney(found.due, found.currency, language) }),
      ...(found.dueOn === null ? [] : [t('drops.dueOn', { day: formatDay(found.dueOn, language) })]), ...(found.status === null ? [] : [t('drops.statusIs', { status: nameOf(found.status) })]),
    ].join(', '),
  ];
}

function useStatusFacts(): (of: ImportOutcome, found: Found<'status'>) => string[] {
  const { t } = useTranslation();
  const language = useLanguage();
  const nameOf = useStatusName();
  return (of, found) => {
    const opened = of.changed['holdsOpened'] ?? 0;
    const ended = of.changed['holdsEnded'] ?? 0;
    const effects = [...(opened === 0 ? [] : [t('drops.holdsOpened', { count: opened })]), ...(ended === 0 ? [] : [t('drops.holdsEnded', { count: ended })])];
    return [
      ...found.statuses.map((one) => `${t('drops.statusOf', { number: one.number, status: nameOf(one.status), day: formatDay(one.on, language) })} · ${one.customer?.name ?? t('drops.statusUnknown')}`),
      ...(found.total > found.statuses.length ? [t('drops.statusMore', { count: found.total - found.statuses.length })] : []), ...(effects.length === 0 ? [] : [effects.join(' · ')]),
    ];
  };
}

function useLedgerFacts(): (of: ImportOutcome, found: Found<'ledger'> | null) => string[] {
  const { t } = useTranslation();
  const language = useLanguage();
  const period = usePeriod();
  const created = useCreatedWords();
  return (of, found) => {
    const { totals } = of;
    const amounts = t('imports.totals', { debit: formatDecimal(totals.debit, language), credit: formatDecimal(totals.credit, language), balance: formatDecimal(totals.balance, language) });
    return [[t('imports.lines', { count: of.lines }), ...created(of.created), ...(found === null ? [] : period(found.from, found.until))].join(' · '), amounts];
  };
}

/** What was understood of a file, in a few lines. */
export function Facts({ of }: { readonly of: ImportOutcome }): ReactElement | null {
  const { t } = useTranslation();
  const language = useLanguage();
  const facts = { bank: useBankFacts(), invoice: useInvoiceFacts(), status: useStatusFacts(), ledger: useLedgerFacts() };
  const { found, before } = of;
  const nothingRead = found === null && of.lines === 0;
  const lines = nothingRead ? [] : found?.kind === 'invoice' ? facts.invoice(found) : found?.kind === 'status' ? facts.status(of, found)
    : found?.kind === 'bank' || isBank(kindOf(of.format, of)) ? facts.bank(of, found?.kind === 'bank' ? found : null) : facts.ledger(of, found?.kind === 'ledger' ? found : null);
  const all = before === null ? lines : [t('drops.unchangedBy', { at: formatInstant(before.at, language), by: before.by }), ...lines];
  if (all.length === 0) return null;
  return <Stack gap={2}>{all.map((line, index) => <Text key={`${index}-${line}`} size="sm" {...(index === 0 ? { fw: 550 } : { c: 'dimmed' })} style={{ overflowWrap: 'anywhere' }}>{line}</Text>)}</Stack>;
}
