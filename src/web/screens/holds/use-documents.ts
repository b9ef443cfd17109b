import { useMemo, useState } from 'react';
import type { CustomerDetail } from '#core/api/customers.ts';
import { currenciesOf, firstChoice, openDocuments, sumOf } from './hold-start.ts';
import type { OpenDocument } from './hold-start.ts';

/** The documents a promise or a plan is chosen from, in one currency at a time. */
export type Documents = {
  readonly currencies: readonly string[]; readonly currency: string; readonly speak: (currency: string) => void;
  readonly here: readonly OpenDocument[]; readonly chosen: ReadonlySet<string>; readonly choose: (chosen: ReadonlySet<string>) => void; readonly sum: bigint;
};

/** Starts with the document one came from, else with what is overdue; changing the currency starts anew. */
export function useDocuments(of: CustomerDetail, from: string | null): Documents {
  const all = useMemo(() => openDocuments(of), [of]);
  const currencies = useMemo(() => currenciesOf(all), [all]);
  const first = all.find(({ id }) => id === from)?.currency ?? currencies[0] ?? 'EUR';
  const [currency, setCurrency] = useState(first);
  const [chosen, choose] = useState<ReadonlySet<string>>(() => firstChoice(all, first, from));
  const here = all.filter((document) => document.currency === currency);
  const speak = (next: string): void => {
    setCurrency(next);
    choose(firstChoice(all, next, null));
  };
  return { currencies, currency, speak, here, chosen, choose, sum: sumOf(here, chosen) };
}
