import { Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

const KEYS = [
  { keys: ['j', 'k', '↓', '↑'], does: 'move' }, { keys: ['1', '…', '5'], does: 'choose' }, { keys: ['⏎'], does: 'place' }, { keys: ['s'], does: 'split' }, { keys: ['c'], does: 'customer' }, { keys: ['w'], does: 'settle' },
  { keys: ['r'], does: 'refuse' }, { keys: ['x'], does: 'dismiss' }, { keys: ['u'], does: 'undo' }, { keys: ['/'], does: 'search' }, { keys: ['?'], does: 'help' }, { keys: ['Esc'], does: 'leave' },
] as const;

/** The keys of the desk, shown by "?". */
export function KeysHelp({ opened, close }: { readonly opened: boolean; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={650}>{t('matching.helpTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      <Stack component="ul" className="plain-list" gap="sm">
        {KEYS.map(({ keys, does }) => (
          <Group component="li" key={does} justify="space-between">
            <Text size="sm">{t(`matching.help.${does}`)}</Text>
            <Group gap={4}>{keys.map((key) => <kbd key={key} className="key">{key}</kbd>)}</Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
