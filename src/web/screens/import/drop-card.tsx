import { Button, Group, List, Stack, Text, TextInput, ThemeIcon } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useRef } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icons.tsx';
import { Card } from '../../ui/page.tsx';

/** Asks the browser for a whole folder; the input needs no place in the page. */
function chooseFolder(take: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = true;
  input.addEventListener('change', () => take([...(input.files ?? [])]));
  input.click();
}

/** The place where files, folders and archives are dropped, and what is said of all of them. */
export function DropCard({ take, terms, setTerms }: { readonly take: (files: readonly File[]) => void; readonly terms: string; readonly setTerms: (terms: string) => void }): ReactElement {
  const { t } = useTranslation();
  const open = useRef<() => void>(null);
  return (
    <Card>
      <Stack gap="md">
        <Dropzone className="dropzone" openRef={open} activateOnClick={false} multiple onDrop={take} enablePointerEvents inputProps={{ 'aria-label': t('imports.choose') }} tabIndex={-1}>
          <Stack align="center" gap="xs" py={32} ta="center">
            <ThemeIcon variant="light" size={60} radius="xl"><Icon name="imports" size={30} /></ThemeIcon>
            <Text fz="lg" fw={650}>{t('imports.drop')}</Text>
            <Text c="dimmed" maw={600}>{t('imports.dropText')}</Text>
            <Group mt="xs" justify="center"><Button size="md" onClick={() => open.current?.()}>{t('imports.choose')}</Button><Button size="md" variant="light" onClick={() => chooseFolder(take)}>{t('drops.folder')}</Button></Group>
            <Text size="sm" c="dimmed" maw={600}>{t('imports.dropHint')}</Text>
          </Stack>
        </Dropzone>
        <Text size="sm" c="dimmed">{t('drops.order')}</Text>
        <TextInput label={t('imports.terms')} description={t('imports.termsHint')} maxLength={200} value={terms} onChange={(event) => setTerms(event.currentTarget.value)} maw={520} />
      </Stack>
    </Card>
  );
}

/** Where the usual programs hide their exports. */
export function GuideCard(): ReactElement {
  const { t } = useTranslation();
  const lines = t('imports.guide', { returnObjects: true });
  return <Card title={t('imports.guideTitle')}><List spacing="xs">{lines.map((line) => <List.Item key={line}>{line}</List.Item>)}</List></Card>;
}
