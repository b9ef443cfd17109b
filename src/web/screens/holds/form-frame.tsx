import { Button, Group, Stack } from '@mantine/core';
import type { FormEvent, ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/states.tsx';

/** The id of the form of the panel: the choice of a kind above it is a part of it, so that Enter saves from there too. */
export const HOLD_FORM = 'hold-form';

/** Longest texts the server takes. */
export const NOTE_MAX = 1000;
export const NAME_MAX = 200;
export const EMAIL_MAX = 254;
export const AMOUNT_MAX = 24;

type FrameProps = { readonly submit: (event?: FormEvent<HTMLFormElement>) => void; readonly busy: boolean; readonly close: () => void; readonly label: string; readonly disabled?: boolean; readonly children: ReactNode };

/** The form of one kind of hold with its two buttons. */
export function FormFrame({ submit, busy, close, label, disabled = false, children }: FrameProps): ReactElement {
  const { t } = useTranslation();
  return (
    <form id={HOLD_FORM} onSubmit={submit} noValidate>
      <Stack gap="md">
        {children}
        <Group justify="flex-end" className="split-foot" style={{ bottom: -16 }}>
          <Button variant="default" onClick={close}>{t('frame.cancel')}</Button>
          <Button type="submit" loading={busy} disabled={disabled}>{label}</Button>
        </Group>
      </Stack>
    </form>
  );
}

/** In the place of a form that is about money when nothing is owed. */
export function NothingOpen(): ReactElement {
  const { t } = useTranslation();
  return <EmptyState icon="check" title={t('holds.nothingOpen')} text={t('holds.nothingOpenText')} />;
}
