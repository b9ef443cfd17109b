import { Button, Group, Modal, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldSummary } from '#core/api/holds.ts';
import { parseDay } from '#core/kernel/day.ts';
import { change } from '../../api/client.ts';
import { tell } from '../../ui/tell.ts';
import { useChange, useFieldFault } from '../../ui/use-change.ts';
import { ClaimNote } from './claim-note.tsx';
import { useClaim } from './insolvency-form.tsx';

function Learnt({ hold, close }: { readonly hold: HoldSummary; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { publishedOn: hold.insolvency?.publishedOn ?? '', claimFiledOn: hold.insolvency?.claimFiledOn ?? '' },
    validate: {
      publishedOn: (text) => (text === '' ? null : parseDay(text) === null ? t('holds.fault.day') : text < hold.from ? t('holds.fault.publishedBefore') : null),
      claimFiledOn: (text) => (text !== '' && parseDay(text) === null ? t('holds.fault.day') : null),
    },
  });
  const failed = useFieldFault(form);
  const claim = useClaim(form.values.publishedOn);
  const dayOrNull = (text: string): string | null => (text === '' ? null : text);
  const save = useChange((values: { publishedOn: string; claimFiledOn: string }) => change('PUT', `/api/holds/${hold.id}/insolvency`, { publishedOn: dayOrNull(values.publishedOn), claimFiledOn: dayOrNull(values.claimFiledOn) }), { done: () => {
    close();
    tell(t('holds.insolvency.changed'));
  }, failed });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }} style={{ alignItems: 'start' }}>
          <TextInput type="date" label={t('holds.insolvency.published')} data-autofocus {...form.getInputProps('publishedOn')} />
          <TextInput type="date" label={t('holds.insolvency.filed')} {...form.getInputProps('claimFiledOn')} />
        </SimpleGrid>
        {claim === null ? null : <ClaimNote claim={claim} />}
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={save.isPending}>{t('frame.save')}</Button></Group>
      </Stack>
    </form>
  );
}

/** What is learnt of insolvency proceedings later: the publication, that the claim was filed. */
export function InsolvencyModal({ hold, close }: { readonly hold: HoldSummary | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={hold !== null} onClose={close} title={<Text fw={650}>{t('holds.kinds.insolvency')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {hold === null ? null : <Learnt hold={hold} close={close} />}
    </Modal>
  );
}
