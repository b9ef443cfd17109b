import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { UndoOutcome } from '#core/api/imports.ts';
import { change } from '../../api/client.ts';
import { sessionQuery } from '../../api/queries.ts';
import { useSay } from '../../language/language.ts';
import { Icon } from '../../ui/icons.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';

/** Asks before an import is taken back, and says what stands in the way when it cannot be. */
export function UndoModal({ of, close, undone }: { readonly of: { readonly id: string; readonly fileName: string } | null; readonly close: () => void; readonly undone?: () => void }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const undo = useChange((id: string) => change<UndoOutcome>('POST', `/api/imports/${id}/undo`), { done: (outcome) => {
    if (outcome.status !== 'undone') return;
    tell(t('imports.undone'));
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    undone?.();
    close();
  } });
  const blocking = undo.data?.status === 'blocked' ? undo.data.blocking : [];
  const leave = (): void => {
    undo.reset();
    close();
  };
  return (
    <Modal opened={of !== null} onClose={leave} title={<Text fw={650}>{t('imports.undoTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      <Stack>
        {blocking.length === 0 ? <Text>{t('imports.undoText', { file: of?.fileName ?? '' })}</Text> : (
          <Alert color="yellow" variant="light" title={t('imports.blocked')} icon={<Icon name="alert" />} styles={{ message: { color: '#5c3c00' }, title: { color: '#7a4100' } }} role="alert">
            <List size="sm" spacing={6}>{blocking.map((one) => <List.Item key={one.code}>{say(one.message)}</List.Item>)}</List>
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={leave}>{t('frame.close')}</Button>
          {blocking.length > 0 || of === null ? null : <Button color="brick" loading={undo.isPending} onClick={() => undo.mutate(of.id)}>{t('imports.undoConfirm')}</Button>}
        </Group>
      </Stack>
    </Modal>
  );
}
