import { parseId } from '#core/kernel/id.ts';
import type { Id, ItemId } from '#core/kernel/id.ts';
import type { Incoming } from '#core/matching/matching.ts';

/** A bank line. */
export type BankLineId = Id<'bankLine'>;

/** What a line of the lettrage is: a bank line, or a credit of an account. */
export type LineKey = { readonly kind: 'bankLine'; readonly line: BankLineId } | { readonly kind: 'credit'; readonly item: ItemId };

/** Longest id PostgreSQL knows. */
const ID_MAX = 9_223_372_036_854_775_807n;

function idOf<Kind extends string>(text: string): Id<Kind> | null {
  const id = parseId<Kind>(text);
  return id === null || BigInt(id) > ID_MAX ? null : id;
}

/** Reads "line-12" or "credit-34"; null for anything else. */
export function parseLineKey(text: string): LineKey | null {
  const [, kind, number = ''] = /^(line|credit)-(\d{1,19})$/.exec(text) ?? [];
  if (kind === 'line') {
    const line = idOf<'bankLine'>(number);
    return line === null ? null : { kind: 'bankLine', line };
  }
  const item = kind === 'credit' ? idOf<'item'>(number) : null;
  return item === null ? null : { kind: 'credit', item };
}

/** The key of money to be placed: by its bank line, or by its credit. */
export const keyOfIncoming = ({ id, source }: Pick<Incoming, 'id' | 'source'>): string => (source === 'credit' ? id : `line-${id}`);

/** The incoming id of a credit of an account; a bank line's is its number. */
export const creditIncoming = (item: ItemId): string => `credit-${item}`;
