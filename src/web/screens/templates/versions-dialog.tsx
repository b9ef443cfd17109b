import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TextVersionView } from '#core/api/templates.ts';
import { useTextVersions } from '../../api/templates.ts';
import { useLanguage } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatDay } from '../../ui/format.ts';
import { FaultNote, Loading } from '../../ui/states.tsx';
import type { Typed } from './use-texts.ts';

type Props = { readonly path: string | null; readonly close: () => void; readonly take: ((typed: Typed) => void) | null };

function Version({ of, take }: { readonly of: TextVersionView; readonly take: Props['take'] }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const day = formatDay(of.at.slice(0, 10), language);
  return (
    <Stack gap={4} style={{ borderTop: '1px solid #e3e8e6', paddingTop: 12 }}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>{of.by === null ? t('templates.version', { version: of.version, day }) : t('templates.versionBy', { version: of.version, day, by: of.by })}</Text>
        {of.removed ? <Chip tone="grey">{t('templates.withdrawn')}</Chip> : take === null ? null : <Button size="compact-sm" variant="light" onClick={() => take({ subject: of.subject, body: of.body })}>{t('templates.take')}</Button>}
      </Group>
      <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>{of.subject}</Text>
      <Text size="sm" c="dimmed" lineClamp={4} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{of.body}</Text>
    </Stack>
  );
}

/** What a text said before, by whom it was changed, and a way back. */
export function VersionsDialog({ path, close, take }: Props): ReactElement {
  const { t } = useTranslation();
  const { data, error, refetch } = useTextVersions(path);
  return (
    <Modal opened={path !== null} onClose={close} size="lg" title={<Text fw={650}>{t('templates.versionsTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading rows={4} /> : null}
      <Stack gap="md">{data?.map((version) => <Version key={version.version} of={version} take={take} />)}</Stack>
    </Modal>
  );
}
