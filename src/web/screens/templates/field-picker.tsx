import { Button, Combobox, Text, useCombobox } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldView } from '#core/api/templates.ts';
import type { Language } from '#core/kernel/text.ts';
import { useFields } from '../../api/templates.ts';
import { useSay } from '../../language/language.ts';
import { Icon } from '../../ui/icons.tsx';

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Finds a field by its name, its meaning or what it prints, and gives it as the text's language writes it. */
export function FieldPicker({ language, disabled, insert }: { readonly language: Language; readonly disabled: boolean; readonly insert: (written: string, block: boolean) => void }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const { data = [] } = useFields();
  const [search, setSearch] = useState('');
  const combobox = useCombobox({ onDropdownClose: () => { combobox.resetSelectedOption(); setSearch(''); }, onDropdownOpen: () => combobox.focusSearchInput() });
  const wanted = plain(search.trim());
  const found = data.filter(({ names, about, example }) => [names[language], say(about), example[language]].some((text) => plain(text).includes(wanted)));
  const option = (field: FieldView): ReactElement => (
    <Combobox.Option key={field.names.fr} value={field.names.fr}>
      <Text size="sm" fw={600} component="span" display="block">{say(field.about)}</Text>
      <Text size="xs" c="dimmed" component="span" display="block" style={{ overflowWrap: 'anywhere' }}>{`{{${field.names[language]}}}`}{field.example[language] === '' ? '' : ` · ${field.example[language]}`}</Text>
    </Combobox.Option>
  );
  const group = (label: string, fields: readonly FieldView[]): ReactElement | null => (fields.length === 0 ? null : <Combobox.Group label={label}>{fields.map(option)}</Combobox.Group>);
  return (
    <Combobox
      store={combobox} width={340} position="bottom-start" withinPortal
      onOptionSubmit={(name) => {
        const field = data.find(({ names }) => names.fr === name);
        combobox.closeDropdown();
        if (field !== undefined) insert(`{{${field.names[language]}}}`, field.block);
      }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <Button variant="light" size="compact-sm" disabled={disabled} leftSection={<Icon name="plus" size={16} />} aria-haspopup="listbox" aria-expanded={combobox.dropdownOpened} onClick={() => combobox.toggleDropdown()}>{t('templates.insert')}</Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search value={search} aria-label={t('templates.findField')} placeholder={t('templates.findField')} onChange={(event) => { setSearch(event.currentTarget.value); combobox.selectFirstOption(); }} />
        <Combobox.Options mah={320} style={{ overflowY: 'auto' }} aria-label={t('templates.insert')}>
          {found.length === 0 ? <Combobox.Empty>{t('templates.noField')}</Combobox.Empty> : null}
          {group(t('templates.words'), found.filter(({ block }) => !block))}
          {group(t('templates.blocks'), found.filter(({ block }) => block))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
