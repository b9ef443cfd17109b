import type { CustomerRef, OpenAccount, OpenLineView, PartView, PersonWriteOffReason, Placing, ProposalView } from '#core/api/matching.ts';
import type { Language } from '#core/kernel/text.ts';
import { decimalOf, inField, readAmount } from '../../ui/typed-amount.ts';
import { usesOf } from './proposals.ts';

/** An item taken up and the amount as typed. */
export type SplitRow = { readonly of: PartView; readonly text: string };

/** What is let go on an account, as typed. */
export type SplitWriteOff = { readonly text: string; readonly reason: PersonWriteOffReason; readonly note: string };

/** What is taken of one account. */
export type SplitUse = { readonly customer: CustomerRef; readonly parts: readonly SplitRow[]; readonly credits: readonly SplitRow[]; readonly writeOff: SplitWriteOff | null };

/** A line being divided by hand. */
export type Split = { readonly amount: string; readonly currency: string; readonly uses: readonly SplitUse[] };

/** Which list of an account a row stands in. */
export type SplitSide = 'parts' | 'credits';

/** What is wrong with a field, an account or the whole. */
export type SplitFault = 'notAmount' | 'zero' | 'overOpen' | 'overParts' | 'creditsOver' | 'empty' | 'over' | 'none';

/** Where a fault stands. */
export const placeOf = { row: (side: SplitSide, item: string): string => `${side}:${item}`, writeOff: (customer: string): string => `writeOff:${customer}`, use: (customer: string): string => `use:${customer}`, whole: 'whole' } as const;

/** An empty division of a line; a loose credit can only go to its own customer, who is there from the start. */
export const emptySplit = (line: OpenLineView): Split =>
  ({ amount: line.amount, currency: line.currency, uses: line.kind === 'credit' && line.customer !== null ? [{ customer: line.customer, parts: [], credits: [], writeOff: null }] : [] });

/** The division a proposal makes, to be changed by hand. */
export function splitOf(line: OpenLineView, proposal: ProposalView, language: Language): Split {
  const rows = (parts: readonly PartView[]): SplitRow[] => parts.map((of) => ({ of, text: inField(of.amount, language) }));
  const uses = usesOf(proposal, line.currency).map(({ customer, parts, credits, writeOff }): SplitUse =>
    ({ customer, parts: rows(parts), credits: rows(credits), writeOff: writeOff === null ? null : { text: inField(writeOff.amount, language), reason: writeOff.reason, note: '' } }));
  return { amount: line.amount, currency: line.currency, uses };
}

const sum = (rows: readonly SplitRow[], currency: string): bigint => rows.reduce((total, row) => total + (readAmount(row.text, currency) ?? 0n), 0n);
const writtenOff = (use: SplitUse, currency: string): bigint => (use.writeOff === null ? 0n : (readAmount(use.writeOff.text, currency) ?? 0n));

/** Minor units still to place; below zero when more was given out than came in. */
export function restOf({ amount, currency, uses }: Split): bigint {
  return uses.reduce((rest, use) => rest + sum(use.credits, currency) + writtenOff(use, currency) - sum(use.parts, currency), readAmount(amount, currency) ?? 0n);
}

const withUse = (split: Split, customer: string, change: (use: SplitUse) => SplitUse): Split =>
  ({ ...split, uses: split.uses.map((use) => (use.customer.id === customer ? change(use) : use)) });

/** Adds a customer to the division; one that is there already stays as it is. */
export const addCustomer = (split: Split, customer: CustomerRef): Split =>
  (split.uses.some((use) => use.customer.id === customer.id) ? split : { ...split, uses: [...split.uses, { customer, parts: [], credits: [], writeOff: null }] });

/** Takes a customer out of the division. */
export const removeCustomer = (split: Split, customer: string): Split => ({ ...split, uses: split.uses.filter((use) => use.customer.id !== customer) });

/** Writes the amount of a row; an empty text gives the item up. */
export function typeAmount(split: Split, at: { readonly customer: string; readonly side: SplitSide; readonly of: PartView }, text: string): Split {
  return withUse(split, at.customer, (use) => {
    const others = use[at.side];
    const known = others.some((row) => row.of.item === at.of.item);
    const rows = text === '' ? others.filter((row) => row.of.item !== at.of.item)
      : known ? others.map((row) => (row.of.item === at.of.item ? { of: at.of, text } : row)) : [...others, { of: at.of, text }];
    return { ...use, [at.side]: rows };
  });
}

/** Takes an item up or gives it up. A document gets as much of what is left as it can take; a credit is taken in whole. The same division comes back when nothing is left. */
export function tick(split: Split, at: { readonly customer: string; readonly side: SplitSide; readonly of: PartView }, language: Language): Split {
  const use = split.uses.find((one) => one.customer.id === at.customer);
  if (use?.[at.side].some((row) => row.of.item === at.of.item) === true) return typeAmount(split, at, '');
  const open = readAmount(at.of.open, split.currency) ?? 0n;
  const rest = restOf(split);
  const taken = at.side === 'credits' || open < rest ? open : rest;
  return taken <= 0n ? split : typeAmount(split, at, inField(decimalOf(taken, split.currency), language));
}

/** Changes or removes what is let go on an account. */
export const setWriteOff = (split: Split, customer: string, writeOff: SplitWriteOff | null): Split => withUse(split, customer, (use) => ({ ...use, writeOff }));

/** What the documents ticked on an account miss to be settled, in minor units. */
export function missingOf(split: Split, customer: string): bigint {
  const use = split.uses.find((one) => one.customer.id === customer);
  return (use?.parts ?? []).reduce((total, row) => {
    const gap = (readAmount(row.of.open, split.currency) ?? 0n) - (readAmount(row.text, split.currency) ?? 0n);
    return gap > 0n ? total + gap : total;
  }, 0n);
}

/** Settles every document ticked on an account: first with what is left of the money, the rest is let go. */
export function settle(split: Split, customer: string, language: Language): Split {
  const whole = withUse(split, customer, (use) => ({ ...use, parts: use.parts.map((row) => ({ ...row, text: inField(row.of.open, language) })) }));
  const rest = restOf(whole);
  if (rest >= 0n) return whole;
  return withUse(whole, customer, (use) => ({
    ...use,
    writeOff: { reason: use.writeOff?.reason ?? 'bankFees', note: use.writeOff?.note ?? '', text: inField(decimalOf(writtenOff(use, split.currency) - rest, split.currency), language) },
  }));
}

/** The division with what is open today on an account; an item that is no longer there is open for nothing. */
export function refreshed(split: Split, account: OpenAccount): Split {
  const fresh = (rows: readonly SplitRow[], open: readonly PartView[]): SplitRow[] =>
    rows.map((row) => ({ ...row, of: open.find((one) => one.item === row.of.item) ?? (account.truncated ? row.of : { ...row.of, open: '0' }) }));
  return withUse(split, account.customer.id, (use) => ({ ...use, parts: fresh(use.parts, account.debits), credits: fresh(use.credits, account.credits) }));
}

function rowFault(row: SplitRow, currency: string): SplitFault | null {
  const minor = readAmount(row.text, currency);
  if (minor === null) return 'notAmount';
  if (minor <= 0n) return 'zero';
  return minor > (readAmount(row.of.open, currency) ?? 0n) ? 'overOpen' : null;
}

function useFaults(use: SplitUse, split: Split): [string, SplitFault][] {
  const { currency, uses } = split;
  const rows = (['parts', 'credits'] as const).flatMap((side) => use[side].map((row): [string, SplitFault | null] => [placeOf.row(side, row.of.item), rowFault(row, currency)]));
  const given = sum(use.parts, currency);
  const minor = use.writeOff === null ? null : readAmount(use.writeOff.text, currency);
  const writeOff = use.writeOff === null ? null : minor === null ? 'notAmount' : minor <= 0n ? 'zero' : minor > given ? 'overParts' : null;
  const money = given - sum(use.credits, currency) - (minor ?? 0n);
  // What is left stays with the first one, which may therefore take nothing itself; another one that takes nothing has no place here.
  const idle = uses.length > 1 && money === 0n && (uses[0] !== use || restOf(split) === 0n);
  const over = money < 0n && writeOff === null;
  const found: [string, SplitFault | null][] = [...rows, [placeOf.writeOff(use.customer.id), writeOff], [placeOf.use(use.customer.id), idle ? 'empty' : over ? 'creditsOver' : null]];
  return found.flatMap(([place, fault]): [string, SplitFault][] => (fault === null ? [] : [[place, fault]]));
}

/** What is wrong, by place, and what is left; a division may be sent when nothing is wrong. */
export function checkSplit(split: Split): { readonly rest: bigint; readonly faults: ReadonlyMap<string, SplitFault> } {
  const rest = restOf(split);
  const faults = new Map(split.uses.flatMap((use) => useFaults(use, split)));
  if (split.uses.length === 0) faults.set(placeOf.whole, 'none');
  else if (rest < 0n) faults.set(placeOf.whole, 'over');
  return { rest, faults };
}

/** What travels; only for a division in which nothing is wrong. */
export function placingOfSplit(line: string, split: Split): Placing {
  const plain = (text: string): string => decimalOf(readAmount(text, split.currency) ?? 0n, split.currency);
  const rows = (of: readonly SplitRow[]): { item: string; amount: string }[] => of.map((row) => ({ item: row.of.item, amount: plain(row.text) }));
  return {
    line,
    uses: split.uses.map((use) => ({
      customer: use.customer.id, parts: rows(use.parts), credits: rows(use.credits),
      writeOff: use.writeOff === null ? null : { amount: plain(use.writeOff.text), reason: use.writeOff.reason, note: use.writeOff.note.trim() === '' ? null : use.writeOff.note.trim() },
    })),
  };
}
