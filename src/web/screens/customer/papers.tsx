import { Anchor, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ItemView } from '#core/api/customers.ts';
import type { FileView } from '#core/api/reviews.ts';
import { lifecycleStatus } from '#core/intake/einvoice/lifecycle-status.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatDay } from '../../ui/format.ts';

/** Links that save the files of a document. */
export function FileLinks({ files, document }: { readonly files: readonly FileView[]; readonly document: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <Group gap={10} component="span" display="inline-flex">
      {files.map((file) => (
        <Anchor key={file.id} size="xs" underline="always" download href={`/api/documents/${file.document}/files/${file.id}`} aria-label={t('reviews.fileOf', { type: file.type.toUpperCase(), document })}>{file.type.toUpperCase()}</Anchor>
      ))}
    </Group>
  );
}

/** Where an item's e-invoice stands, and its files. */
export function Papers({ of }: { readonly of: ItemView }): ReactElement | null {
  const { t } = useTranslation();
  const say = useSay();
  const language = useLanguage();
  const { status, files } = of;
  if (status === null && files.length === 0) return null;
  const name = status === null ? null : lifecycleStatus(status.code);
  return (
    <Group gap={10} wrap="wrap">
      {status === null ? null : <Text size="xs" c="#134e94" fw={550}>{t('reviews.status', { status: name === null ? status.code : say(name.name), day: formatDay(status.on, language) })}</Text>}
      {files.length === 0 ? null : <FileLinks files={files} document={of.document ?? of.id} />}
    </Group>
  );
}
