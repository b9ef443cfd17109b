import { parseCurrency } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import { child, textAt } from '../xml/xml-node.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import type { BankAccount, BankBalance } from './bank-line.ts';
import { accountOf, bicOf } from './camt-parties.ts';
import { directionOf, optionalDay, readCamtAmount } from './camt-values.ts';

/** The account of a statement; `currency` is null when the file leaves it out. */
export type CamtAccount = Omit<BankAccount, 'currency'> & { readonly currency: Currency | null };

/** Balances that open or close a booked period; all others (available, interim, forward) are left out. */
export type CamtBalance = BankBalance & { readonly type: 'OPBD' | 'PRCD' | 'CLBD'; readonly currency: Currency; readonly partial: boolean };

/** Reads an `Acct`; null when nothing identifies it, with an error when its currency is none. */
export function readAccount(node: XmlNode, problems: ProblemList): CamtAccount | null {
  const { iban, other } = accountOf(node);
  const code = textAt(node, 'Ccy');
  const currency = code === null ? null : parseCurrency(code);
  if (code !== null && currency === null) problems.add('camtCurrencyUnknown', child(node, 'Ccy')?.line ?? node.line, { text: quoted(code) });
  if (iban === null && other === null) return null;
  return { iban, other, bic: bicOf(child(node, 'Svcr')), name: textAt(node, 'Nm') ?? textAt(node, 'Ownr', 'Nm'), currency };
}

/** Reads a `Bal` that opens or closes; null for the others, and with an error when its amount or direction cannot be read. */
export function readBalance(node: XmlNode, problems: ProblemList): CamtBalance | null {
  const type = textAt(node, 'Tp', 'CdOrPrtry', 'Cd');
  if (type !== 'OPBD' && type !== 'PRCD' && type !== 'CLBD') return null;
  const amount = readCamtAmount(child(node, 'Amt'));
  if (!amount.ok) problems.add('camtAmountRefused', node.line, { element: `Bal ${type}`, ...amount.error });
  const written = textAt(node, 'CdtDbtInd');
  const direction = directionOf(written);
  if (direction === null) problems.add('camtDirectionMissing', node.line, { text: quoted(written ?? '') });
  if (!amount.ok || direction === null) return null;
  const on = optionalDay(child(node, 'Dt'), 'Bal/Dt', problems);
  return { type, minor: direction * amount.value.minor, currency: amount.value.currency, on, partial: textAt(node, 'Tp', 'SubTp', 'Cd') !== null };
}

/**
 * The opening balance: OPBD or else PRCD (what the day before closed with), the earliest of several. Balances of a page only (`SubTp`)
 * serve when there is no other.
 */
export function openingOf(balances: readonly CamtBalance[], currency: Currency): BankBalance | null {
  return chosen(of(balances, 'OPBD', currency), 0) ?? chosen(of(balances, 'PRCD', currency), 0);
}

/** The closing balance: CLBD, the latest of several, a page's own when there is no other. */
export const closingOf = (balances: readonly CamtBalance[], currency: Currency): BankBalance | null => chosen(of(balances, 'CLBD', currency), -1);

const of = (balances: readonly CamtBalance[], type: CamtBalance['type'], currency: Currency): readonly CamtBalance[] =>
  balances.filter((balance) => balance.type === type && balance.currency === currency);

/** The first or the last of some balances in the order of their days. */
function chosen(balances: readonly CamtBalance[], index: 0 | -1): BankBalance | null {
  const whole = balances.filter(({ partial }) => !partial);
  const candidates = whole.length > 0 ? whole : balances;
  const found = candidates.toSorted((a, b) => compare(a.on, b.on)).at(index);
  return found === undefined ? null : { minor: found.minor, on: found.on };
}

function compare(a: Day | null, b: Day | null): number {
  const [left, right] = [a ?? '', b ?? ''];
  return left < right ? -1 : Number(left > right);
}
