import { Drawer } from '@mantine/core';
import type { ComponentType, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldDetail } from '#core/api/holds.ts';
import { useHold } from '../../api/holds.ts';
import { FaultNote, Loading } from '../../ui/states.tsx';

/** One hold beside its list, whole on a phone; asked for by its id, so that a link leads to it. */
export function HoldDrawer({ id, title, close, pane: Pane }: { readonly id: string | null; readonly title: string; readonly close: () => void; readonly pane: ComponentType<{ readonly of: HoldDetail }> }): ReactElement {
  const { t } = useTranslation();
  const { data, error, refetch } = useHold(id);
  return (
    <Drawer opened={id !== null} onClose={close} position="right" size="min(620px, 100vw)" title={title} closeButtonProps={{ 'aria-label': t('frame.close') }} styles={{ title: { fontWeight: 650 } }}>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined ? error === null && id !== null ? <Loading rows={8} /> : null : <Pane key={data.id} of={data} />}
    </Drawer>
  );
}
