import type { BankLine } from './bank-line.ts';

/**
 * Says which line of an account a line is, in any later file too: its booking day, amount, references and texts, and how many like it
 * stand before it on that day, because genuine twins exist and entry numbers repeat. Pending lines have keys of their own: they come
 * again as booked ones.
 */
export class LineKeys {
  readonly #seen = new Map<string, number>();

  /** The key of the next line of one account (`account` is any stable text for it). */
  next(account: string, line: BankLine): string {
    const base = [
      account, line.status === 'booked' ? '' : line.status, line.bookedOn, line.valueOn ?? '', String(line.minor), line.currency, line.bankReference ?? '', line.endToEndId ?? '',
      line.counterparty.name ?? '', fold(line.label), fold(line.remittance),
    ].join('|');
    const count = (this.#seen.get(base) ?? 0) + 1;
    this.#seen.set(base, count);
    return `${base}|${count}`;
  }
}

/** Blanks and case differ between two exports of one entry. */
const fold = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim().toLowerCase();
