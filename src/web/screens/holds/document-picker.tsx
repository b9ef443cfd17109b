import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { formatDay } from '../../ui/format.ts';
import { decimalOf } from '../../ui/typed-amount.ts';
import { sumOf } from './hold-start.ts';
import type { OpenDocument } from './hold-start.ts';

/** Documents one promise or plan covers: the server takes no more. */
export const DOCUMENTS_MAX = 1000;
/** Documents named in the summary; the others are counted. */
const NAMED = 3;

type PickerProps = { readonly documents: readonly OpenDocument[]; readonly chosen: ReadonlySet<string>; readonly choose: (chosen: ReadonlySet<string>) => void; readonly error?: string | null };

/** What a promise or a plan is about: said in one line, with the list behind a button. */
export function DocumentPicker({ documents, chosen, choose, error = null }: PickerProps): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const [opened, setOpened] = useState(false);
  const ticked = documents.filter(({ id }) => chosen.has(id));
  const more = ticked.length - NAMED;
  const names = ticked.slice(0, NAMED).map(({ name }) => name).join(', ') + (more > 0 ? t('holds.andMore', { count: more }) : '');
  const currency = documents[0]?.currency ?? 'EUR';
  const toggle = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    choose(next);
  };
  return (
    <fieldset aria-label={t('holds.about')} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
      <Group justify="space-between" gap="xs" align="flex-start" wrap="nowrap">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={500}>{t('holds.about')}</Text>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{ticked.length === 0 ? t('holds.noneChosen') : names}{ticked.length === 0 ? null : <> · <Amount amount={decimalOf(sumOf(documents, chosen), currency)} currency={currency} fw={600} size="sm" c="dark" /></>}</Text>
        </div>
        <Button size="compact-sm" variant="light" style={{ flexShrink: 0 }} aria-expanded={opened} onClick={() => setOpened(!opened)}>{opened ? t('holds.hideDocuments') : t('holds.chooseDocuments')}</Button>
      </Group>
      {error === null ? null : <Text size="sm" c="#b42318" role="alert" mt={4}>{error}</Text>}
      {opened ? (
        <Stack gap={0} mt="xs" className="file-rows" style={{ maxHeight: 220 }}>
          <div className="file-row" style={{ height: 'auto', padding: '8px 12px' }}>
            <Checkbox label={t('holds.allDocuments')} checked={ticked.length === documents.length} indeterminate={ticked.length > 0 && ticked.length < documents.length} onChange={() => choose(ticked.length === documents.length ? new Set() : new Set(documents.map(({ id }) => id)))} />
          </div>
          {documents.map((document) => (
            <div key={document.id} className="file-row" style={{ height: 'auto', padding: '8px 12px', justifyContent: 'space-between' }}>
              <Checkbox checked={chosen.has(document.id)} onChange={() => toggle(document.id)} label={<span>{document.name} <Text component="span" size="xs" c={document.late ? '#a83d0c' : 'dimmed'}>{document.dueOn === null ? '' : formatDay(document.dueOn, language, 'numeric')}</Text></span>} />
              <Amount amount={decimalOf(document.open, document.currency)} currency={document.currency} size="sm" />
            </div>
          ))}
        </Stack>
      ) : null}
    </fieldset>
  );
}
