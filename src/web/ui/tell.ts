import { notifications } from '@mantine/notifications';
import i18next from 'i18next';

/** Says that something was done; a screen reader hears it too. */
export function tell(message: string, tone: 'good' | 'bad' = 'good'): void {
  notifications.show({
    message, color: tone === 'good' ? 'pine' : 'brick', withBorder: true, autoClose: tone === 'good' ? 5000 : 10_000, closeButtonProps: { 'aria-label': i18next.t('frame.close') },
  });
}
