import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TemplateLine } from '#core/api/templates.ts';
import { change } from '../../api/client.ts';
import { refreshTemplates } from '../../api/templates.ts';
import { useSay } from '../../language/language.ts';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';

/** Characters of a template's name, as the server takes them. */
const NAME_LENGTH_MAX = 120;

/** A template to be made from another one, or to be given another name. */
export type Naming = { readonly kind: 'new'; readonly from: string } | { readonly kind: 'rename'; readonly line: TemplateLine };

type FormProps = { readonly naming: Naming; readonly lines: readonly TemplateLine[]; readonly close: () => void };

function NameForm({ naming, lines, close }: FormProps): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { name: naming.kind === 'rename' ? say(naming.line.name) : '', from: naming.kind === 'new' ? naming.from : '' },
    validate: { name: (name) => (name.trim() === '' ? t('templates.nameNeeded') : null) },
  });
  const save = useChange(async ({ name, from }: { name: string; from: string }): Promise<string | null> => {
    if (naming.kind === 'rename') {
      await change('POST', `/api/templates/${naming.line.code}/name`, { name: name.trim() });
      return null;
    }
    const model = lines.find(({ code }) => code === from);
    return (await change<{ code: string }>('POST', '/api/templates', { name: name.trim(), from, standsFor: model?.standsFor ?? 'reminder1' })).code;
  }, { done: (code) => {
    close();
    void refreshTemplates();
    if (code === null) tell(t('templates.renamedDone'));
    else void navigate({ to: '/templates/$code', params: { code } });
  } });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack>
        <TextInput label={t('templates.newName')} description={t('templates.newNameHint')} required maxLength={NAME_LENGTH_MAX} data-autofocus {...form.getInputProps('name')} />
        {naming.kind === 'rename' ? null : (
          <Select label={t('templates.newFrom')} allowDeselect={false} data={lines.map((line) => ({ value: line.code, label: say(line.name) }))} {...form.getInputProps('from')} />
        )}
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button type="submit" loading={save.isPending}>{t(naming.kind === 'rename' ? 'templates.save' : 'templates.create')}</Button></Group>
      </Stack>
    </form>
  );
}

/** Names a new template and what it starts from, or gives one another name. */
export function NameDialog({ naming, lines, close }: { readonly naming: Naming | null; readonly lines: readonly TemplateLine[]; readonly close: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal opened={naming !== null} onClose={close} title={<Text fw={650}>{t(naming?.kind === 'rename' ? 'templates.renameTitle' : 'templates.newTitle')}</Text>} closeButtonProps={{ 'aria-label': t('frame.close') }}>
      {naming === null ? null : <NameForm naming={naming} lines={lines} close={close} />}
    </Modal>
  );
}
