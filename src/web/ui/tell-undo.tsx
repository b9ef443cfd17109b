import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';

/** Long enough to read a name and an amount and to reach the button. */
const STAYS_MS = 9000;

let shown: string | null = null;

/** Takes an offer away: what it offered has happened otherwise. */
export const withdrawOffer = (id: string): void => { notifications.hide(id); };

/** Says that something was done and offers to take it back. One at a time: the next one takes its place, so that fast work leaves no queue of old offers. */
export function tellUndo(id: string, message: string, undo: { readonly label: string; readonly act: () => void }): void {
  if (shown !== null) notifications.hide(shown);
  shown = id;
  notifications.show({
    id, color: 'pine', withBorder: true, autoClose: STAYS_MS, closeButtonProps: { 'aria-label': i18next.t('frame.close') },
    message: (
      <Group gap="sm" justify="space-between" wrap="nowrap">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{message}</Text>
        <Button size="compact-sm" variant="light" style={{ flexShrink: 0 }} onClick={() => { notifications.hide(id); undo.act(); }}>{undo.label}</Button>
      </Group>
    ),
  });
}
