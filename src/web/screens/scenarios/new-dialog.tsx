import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftView, ScenarioDefinition, ScenarioLine, ScenarioWhole } from '#core/api/scenarios.ts';
import { NAME_LENGTH_MAX } from '#core/dunning/scenario-check.ts';
import { change, get } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { refreshScenarios } from '../../api/scenarios.ts';
import { useChange } from '../../ui/use-change.ts';
import { blankDefinition, codeOf, copyName } from './edits.ts';

/** What a new scenario starts from: nothing, or another one's latest version (its draft when it has no version). */
async function startFrom(line: ScenarioLine | undefined, of: { name: string; currency: string }): Promise<ScenarioDefinition> {
  if (line === undefined) return blankDefinition(of.name, of.currency);
  const path = `/api/scenarios/${line.code}`;
  const { definition } = line.version > 0 ? await get<ScenarioWhole>(`${path}/versions/${line.version}`) : await get<DraftView>(`${path}/draft`);
  return { ...definition, name: of.name };
}

/** How a new scenario begins: from which other one, or from nothing. */
export type NewFrom = { readonly code: string };

function NewForm({ from, lines, close }: { readonly from: NewFrom; readonly lines: readonly ScenarioLine[]; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { organisation } = useSession();
  const start = lines.find(({ code }) => code === from.code);
  const form = useForm({
    initialValues: { name: start === undefined ? '' : copyName(start.name, t('scenarios.copyWord')), from: from.code },
    validate: { name: (name) => (name.trim() === '' ? t('scenarios.nameNeeded') : null) },
  });
  const create = useChange(async (values: { name: string; from: string }) => {
    const name = values.name.trim();
    const code = codeOf(name, new Set(lines.map((line) => line.code)));
    await change('PUT', `/api/scenarios/${code}/draft?seen=new`, await startFrom(lines.find((line) => line.code === values.from), { name, currency: organisation.currency }));
    return code;
  }, { done: (code) => {
    close();
    void refreshScenarios();
    void navigate({ to: '/scenarios/$code', params: { code } });
  } });
  const choices = [{ value: '', label: t('scenarios.newBlank') }, ...lines.map(({ code, name }) => ({ value: code, label: t('scenarios.newCopyOf', { name }) }))];
  return (
    <form noValidate onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack>
        <TextInput label={t('scenarios.newName')} description={t('scenarios.newNameHint')} required maxLength={NAME_LENGTH_MAX} data-autofocus {...form.getInputProps('name')} />
        <Select label={t('scenarios.newFrom')} allowDeselect={false} data={choices} {...form.getInputProps('from')} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={create.isPending}>{t('scenarios.create')}</Button></Group>
      </Stack>
    </form>
  );
}

/** Names a new scenario and says what it starts from; it is a draft until it is published. */
export function NewDialog({ from, lines, close }: { readonly from: NewFrom | null; readonly lines: readonly ScenarioLine[]; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={from !== null} onClose={close} title={<Text fw={650}>{t('scenarios.newTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {from === null ? null : <NewForm from={from} lines={lines} close={close} />}
    </Modal>
  );
}
