import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ItemView } from '#core/api/customers.ts';
import type { CustomerSegmentView } from '#core/api/scenarios.ts';
import { SEGMENT_NAMES, SEGMENTS } from '#core/risk/segment.ts';
import { change } from '../../api/client.ts';
import { refreshScenarios, useScenarios } from '../../api/scenarios.ts';
import { useSay } from '../../language/language.ts';
import { known } from '../../ui/reasons.ts';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';

type ChoiceProps = { readonly label: string; readonly own: string; readonly chosen: string | null; readonly save: (code: string | null) => void; readonly saving: boolean; readonly close: () => void };

/** A scenario in use, or nobody's choice. */
function ScenarioChoice({ label, own, chosen, save, saving, close }: ChoiceProps): ReactElement {
  const { t } = useTranslation();
  const { data } = useScenarios();
  const [code, setCode] = useState(chosen ?? '');
  const choices = [{ value: '', label: own }, ...(data ?? []).filter(({ version, retired }) => version > 0 && !retired).map((one) => ({ value: one.code, label: one.name }))];
  return (
    <form onSubmit={(event) => { event.preventDefault(); save(code === '' ? null : code); }}>
      <Stack>
        <Select label={label} allowDeselect={false} data-autofocus data={choices} value={code} onChange={(value) => setCode(value ?? '')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={saving}>{t('frame.save')}</Button></Group>
      </Stack>
    </form>
  );
}

/** Gives the customer a scenario of its own, or leaves it to the rules. */
export function CustomerScenarioModal({ customer, chosen, opened, close }: { readonly customer: string; readonly chosen: string | null; readonly opened: boolean; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const save = useChange((scenario: string | null) => change('PUT', `/api/customers/${customer}/scenario`, { scenario }), { done: () => {
    tell(t('scenarios.customer.changed'));
    void refreshScenarios();
    close();
  } });
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={650}>{t('scenarios.customer.changeTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      <ScenarioChoice label={t('scenarios.customer.scenario')} own={t('scenarios.customer.byRules')} chosen={chosen} saving={save.isPending} save={save.mutate} close={close} />
    </Modal>
  );
}

/** Gives one document a scenario of its own, or that of its customer. */
export function ItemScenarioModal({ item, close }: { readonly item: ItemView | null; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const document = item?.document ?? item?.label ?? item?.id ?? '';
  const save = useChange((scenario: string | null) => change('PUT', `/api/items/${item?.id ?? ''}/scenario`, { scenario }), { done: () => {
    tell(t('scenarios.customer.itemScenarioSaved', { document }));
    void refreshScenarios();
    close();
  } });
  return (
    <Modal opened={item !== null} onClose={close} title={<Text fw={650}>{t('scenarios.customer.itemScenarioTitle', { document })}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {item === null ? null : <ScenarioChoice label={t('scenarios.customer.scenario')} own={t('scenarios.customer.itemScenarioOwn')} chosen={item.scenario} saving={save.isPending} save={save.mutate} close={close} />}
    </Modal>
  );
}

/** Longest reason for a choice. */
const NOTE_MAX = 500;

function SegmentForm({ customer, of, close }: { readonly customer: string; readonly of: CustomerSegmentView; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const [segment, setSegment] = useState<string>(of.chosenByPerson ? of.segment : '');
  const [note, setNote] = useState('');
  const save = useChange(() => change('PUT', `/api/customers/${customer}/segment`, { segment: known(SEGMENTS, segment) ?? null, note: note.trim() === '' ? null : note.trim() }), { done: () => {
    tell(t('scenarios.customer.segmentSaved'));
    void refreshScenarios();
    close();
  } });
  const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  return (
    <form onSubmit={(event) => { event.preventDefault(); save.mutate(undefined); }}>
      <Stack>
        <Select label={t('scenarios.customer.segment')} allowDeselect={false} data-autofocus data={[{ value: '', label: t('scenarios.customer.segmentByRule') }, ...SEGMENTS.map((value) => ({ value, label: capital(say(SEGMENT_NAMES[value])) }))]} value={segment} onChange={(value) => setSegment(value ?? '')} />
        <TextInput label={t('scenarios.customer.segmentNote')} description={t('frame.optional')} maxLength={NOTE_MAX} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={save.isPending}>{t('frame.save')}</Button></Group>
      </Stack>
    </form>
  );
}

/** A person's word on how the customer pays, above what its payments say. */
export function SegmentModal({ customer, of, opened, close }: { readonly customer: string; readonly of: CustomerSegmentView; readonly opened: boolean; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={650}>{t('scenarios.customer.segmentTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {opened ? <SegmentForm customer={customer} of={of} close={close} /> : null}
    </Modal>
  );
}
