import { Loader, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRef } from '#core/api/matching.ts';
import { useCustomers } from '../api/queries.ts';

/** A search is asked for when the typing pauses. */
const TYPING_MS = 200;

/** Customers offered at once: more is a reason to type on. */
const OFFERED = 12;

type Props = {
  readonly label: string; readonly description?: string; readonly chosen: CustomerRef | null; readonly choose: (customer: CustomerRef) => void;
  readonly error?: string; readonly focused?: boolean; readonly without?: ReadonlySet<string>; readonly disabled?: boolean;
};

/** Finds one customer by name, code or document number; the server searches, the answers of an older text never replace those of a newer one. */
export function CustomerSelect({ label, description, chosen, choose, error, focused = false, without, disabled = false }: Props): ReactElement {
  const { t } = useTranslation();
  const [search, setSearch] = useState(chosen?.name ?? '');
  const [settled] = useDebouncedValue(search.trim(), TYPING_MS);
  const asked = settled === chosen?.name ? '' : settled;
  const { data, isFetching } = useCustomers({ search: asked, sort: 'name', filter: 'all' });
  const found = (data?.pages[0]?.rows ?? []).filter((row) => without?.has(row.id) !== true).slice(0, OFFERED);
  const offered: readonly CustomerRef[] = chosen === null || found.some((row) => row.id === chosen.id) ? found : [chosen, ...found];
  return (
    <Select
      label={label} description={description} error={error} disabled={disabled} searchable selectFirstOptionOnChange value={chosen?.id ?? null} searchValue={search} onSearchChange={setSearch}
      data={offered.map((one) => ({ value: one.id, label: one.name }))} filter={({ options }) => options} maxDropdownHeight={320}
      renderOption={({ option }) => <span>{option.label} <small>{offered.find((one) => one.id === option.value)?.code}</small></span>}
      nothingFoundMessage={isFetching ? t('frame.loading') : t('matching.findNone')} rightSection={isFetching ? <Loader size={16} /> : null} {...(focused ? { 'data-autofocus': true } : {})}
      onChange={(id) => {
        const customer = offered.find((one) => one.id === id);
        if (customer !== undefined) choose({ id: customer.id, code: customer.code, name: customer.name });
      }}
    />
  );
}
