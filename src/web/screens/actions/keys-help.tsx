import { Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

const KEYS = [
  { keys: ['j', 'k', '↓', '↑'], does: 'move' }, { keys: ['␣'], does: 'select' }, { keys: ['x'], does: 'all' }, { keys: ['a'], does: 'approve' }, { keys: ['p'], does: 'preview' }, { keys: ['d'], does: 'done' }, { keys: ['?'], does: 'help' },
] as const;

/** The keys of the list, shown by "?". */
export function KeysHelp({ opened, close }: { readonly opened: boolean; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={650}>{t('actions.helpTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      <Stack component="ul" className="plain-list" gap="sm">
        {KEYS.map(({ keys, does }) => (
          <Group component="li" key={does} justify="space-between">
            <Text size="sm">{t(`actions.help.${does}`)}</Text>
            <Group gap={4}>{keys.map((key) => <kbd key={key} className="key">{key}</kbd>)}</Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
