import type { Currency } from '#core/kernel/currency.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { quoted } from '../problems.ts';
import { AMOUNT_COLUMNS, totalAmounts } from './read-item.ts';
import type { AmountField, ItemContext, ItemRead, WrittenAmounts } from './read-item.ts';
import type { TableRow } from './table-row.ts';

type Sums = Record<AmountField, bigint>;
type Written = { readonly line: number; readonly amounts: WrittenAmounts; readonly all: Sums; readonly part: Sums };

const nothing = (): Sums => ({ amount: 0n, openAmount: 0n, debit: 0n, credit: 0n });

/** Compares the last sum of everything that a table writes with what its rows add up to. Tables of several currencies sum nothing that means anything. */
export class TotalCheck {
  readonly #context: ItemContext;
  readonly #currencies = new Set<Currency>();
  readonly #all: Sums = nothing();
  #part: Sums = nothing();
  #last: Written | null = null;

  constructor(context: ItemContext) {
    this.#context = context;
  }

  /** Counts the amounts of an item as written. */
  add({ item, written }: ItemRead): void {
    this.#currencies.add(item.currency);
    for (const field of AMOUNT_COLUMNS) {
      this.#all[field] += written[field] ?? 0n;
      this.#part[field] += written[field] ?? 0n;
    }
  }

  /** Notes a total row; the sum of everything bears no other word than "total". */
  total(row: TableRow, grand: boolean): void {
    const amounts = grand ? totalAmounts(row, this.#context) : null;
    if (amounts !== null) this.#last = { line: row.line, amounts, all: { ...this.#all }, part: this.#part };
    this.#part = nothing();
  }

  /** Warns when the last total is neither the sum of all rows nor that of the rows since the total before it. */
  end(): void {
    const [currency] = this.#currencies;
    if (this.#last === null || currency === undefined || this.#currencies.size !== 1) return;
    const { line, amounts, all, part } = this.#last;
    const { columns, buckets = [] } = this.#context.mapping;
    for (const field of AMOUNT_COLUMNS) {
      const found = amounts[field];
      if (found === null || found === all[field] || found === part[field]) continue;
      const column = columns[field] ?? buckets[0] ?? 0;
      this.#context.problems.add('tableTotalDiffers', line, { column: quoted(this.#context.header(column)), found: amount(found, currency), expected: amount(all[field], currency) });
    }
  }
}

function amount(minor: bigint, currency: Currency): Bilingual {
  const text = decimalMinor(minor, currencyDigits(currency));
  return { fr: `${text.replace('.', ',')} ${currency}`, en: `${text} ${currency}` };
}
