import { Button, FileButton, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldDetail } from '#core/api/holds.ts';
import { ApiFault, upload } from '../../api/client.ts';
import { refreshWork } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { formatInstant } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { FaultNote } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';

/** What the server takes of one hold: files, and megabytes of each. */
const FILES_MAX = 20;
const MEGABYTES_MAX = 10;
const KILO = 1024;

const TYPES = '.pdf,.png,.jpg,.jpeg,.gif,.webp,.tif,.tiff,.docx,.xlsx,.txt';

/** "380 ko" or "1,2 Mo" in the writing of a language. */
function sizeOf(bytes: number, language: 'fr' | 'en'): string {
  const [amount, unit] = bytes < KILO * KILO ? [Math.max(1, bytes / KILO), 'kilobyte'] : [bytes / KILO / KILO, 'megabyte'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: amount < 10 ? 1 : 0 }).format(amount);
}

/** A file being sent: how far it is; a refusal stays until the next try. */
type Sending = { readonly name: string; readonly share: number } | null;

/** Files joined to a hold: saved, and one more joined, with its progress and the limits. */
export function HoldFiles({ of, mayEdit }: { readonly of: HoldDetail; readonly mayEdit: boolean }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const [sending, setSending] = useState<Sending>(null);
  const [fault, setFault] = useState<ApiFault | null>(null);
  const join = async (file: File | null): Promise<void> => {
    if (file === null) return;
    setFault(null);
    if (file.size > MEGABYTES_MAX * KILO * KILO) {
      tell(t('holds.files.tooLarge', { name: file.name, count: MEGABYTES_MAX }), 'bad');
      return;
    }
    setSending({ name: file.name, share: 0 });
    try {
      await upload(`/api/holds/${of.id}/files`, { file, fields: {} }, (done, total) => setSending({ name: file.name, share: Math.round((done / Math.max(total, 1)) * 100) }));
      tell(t('holds.files.joined', { name: file.name }));
      await refreshWork();
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      setFault(error);
    } finally {
      setSending(null);
    }
  };
  const full = of.files.length >= FILES_MAX;
  return (
    <section aria-label={t('holds.files.title')}>
      <Group justify="space-between" mb="xs">
        <Title order={3}>{t('holds.files.title')}</Title>
        {mayEdit ? <FileButton accept={TYPES} onChange={(file) => void join(file)} disabled={full || sending !== null}>{(props) => <Button {...props} size="xs" variant="light" disabled={full} loading={sending !== null}>{t('holds.files.join')}</Button>}</FileButton> : null}
      </Group>
      {mayEdit ? <Text size="xs" c="dimmed">{full ? t('holds.files.full', { count: FILES_MAX }) : t('holds.files.limits', { files: FILES_MAX, megabytes: MEGABYTES_MAX })}</Text> : null}
      {sending === null ? null : <output style={{ display: 'block' }}><Text size="sm" component="span">{t('holds.files.sending', { name: sending.name, share: sending.share })}</Text><Progress value={sending.share} aria-label={sending.name} /></output>}
      {fault === null ? null : <FaultNote error={fault} />}
      {of.files.length === 0 && !mayEdit ? <Text size="sm" c="dimmed">{t('holds.files.none')}</Text> : null}
      <Stack component="ul" className="plain-list" gap={4} mt="xs">
        {of.files.map((file) => (
          <li key={file.id}>
            <Button component="a" href={`/api/holds/${of.id}/files/${file.id}`} download variant="subtle" size="compact-sm" leftSection={<Icon name="file" size={15} />} style={{ maxWidth: '100%' }}>{file.name}</Button>
            <Text component="span" size="xs" c="dimmed"> {sizeOf(file.bytes, language)}, {file.actor}, {formatInstant(file.at, language)}</Text>
          </li>
        ))}
      </Stack>
    </section>
  );
}
