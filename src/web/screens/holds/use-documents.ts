import { useMemo, useState } from 'react';
import type { CustomerDetail } from '#core/api/customers.ts';
import { currenciesOf, firstChoice, openDocuments, sumOf } from './hold-start.ts';
import type { OpenDocument } from './hold-start.ts';

/** The documents a promise or a plan is chosen from, in one currency at a time. */
export type Documents = {
  readonly currencies: readonly string[]; readonly currency: string; readonly sum: bigint;
  /** Both give the sum that is chosen from then on. */
  readonly speak: (currency: string) => bigint; readonly choose: (chosen: ReadonlySet<string>) => bigint;
  readonly here: readonly OpenDocument[]; readonly chosen: ReadonlySet<string>;
};

/** Starts with the document one came from, else with what is overdue; changing the currency starts anew. */
export function useDocuments(of: CustomerDetail, from: string | null): Documents {
  const all = useMemo(() => openDocuments(of), [of]);
  const currencies = useMemo(() => currenciesOf(all), [all]);
  const first = all.find(({ id }) => id === from)?.currency ?? currencies[0] ?? 'EUR';
  const [currency, setCurrency] = useState(first);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => firstChoice(all, first, from));
  const here = all.filter((document) => document.currency === currency);
  const choose = (next: ReadonlySet<string>): bigint => {
    setChosen(next);
    return sumOf(all, next);
  };
  const speak = (next: string): bigint => {
    setCurrency(next);
    return choose(firstChoice(all, next, null));
  };
  return { currencies, currency, speak, here, chosen, choose, sum: sumOf(here, chosen) };
}
