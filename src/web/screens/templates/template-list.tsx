import { ActionIcon, Button, Checkbox, Group, Menu, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TemplateLine } from '#core/api/templates.ts';
import { change } from '../../api/client.ts';
import { useSession } from '../../api/queries.ts';
import { refreshTemplates, useTemplates } from '../../api/templates.ts';
import { useSay } from '../../language/language.ts';
import { Chip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icons.tsx';
import { LinkTo } from '../../ui/links.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { tellUndo } from '../../ui/tell-undo.tsx';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';
import { NameDialog } from './name-dialog.tsx';
import type { Naming } from './name-dialog.tsx';

function useActs() {
  const { t } = useTranslation();
  const say = useSay();
  const restore = useChange((line: TemplateLine) => change('POST', `/api/templates/${line.code}/restore`), { done: (_answer, { name }) => {
    tell(t('templates.restoredDone', { name: say(name) }));
    void refreshTemplates();
  } });
  const retire = useChange((line: TemplateLine) => change('POST', `/api/templates/${line.code}/retire`), { done: (_answer, line) => {
    tellUndo('template-retired', t('templates.retiredDone', { name: say(line.name) }), { label: t('frame.undo'), act: () => restore.mutate(line) });
    void refreshTemplates();
  } });
  return { restore, retire };
}

type LineProps = { readonly line: TemplateLine; readonly acts: ReturnType<typeof useActs> | null; readonly name: (naming: Naming) => void };

function LineMenu({ line, acts, name }: LineProps): ReactElement | null {
  const { t } = useTranslation();
  const say = useSay();
  if (acts === null) return null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target><ActionIcon variant="subtle" size="lg" aria-label={t('templates.menuOf', { name: say(line.name) })}>⋯</ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => name({ kind: 'new', from: line.code })}>{t('templates.copy')}</Menu.Item>
        {line.ready ? null : <Menu.Item onClick={() => name({ kind: 'rename', line })}>{t('templates.rename')}</Menu.Item>}
        {line.ready ? null : line.retired ? <Menu.Item onClick={() => acts.restore.mutate(line)}>{t('templates.restore')}</Menu.Item>
          : <Menu.Item color="brick" onClick={() => acts.retire.mutate(line)}>{t('templates.retire')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

/** In which languages every reader gets a text; amber where some would get nothing. */
function Languages({ line }: { readonly line: TemplateLine }): ReactElement {
  const { t } = useTranslation();
  return (
    <Group gap={6}>
      {(['fr', 'en'] as const).map((language) => {
        const complete = line.completeIn.includes(language);
        return <Chip key={language} tone={complete ? 'green' : 'amber'}>{t(complete ? 'templates.complete' : 'templates.missing', { language: language.toUpperCase() })}</Chip>;
      })}
    </Group>
  );
}

function Line({ line, acts, name }: LineProps): ReactElement {
  const { t } = useTranslation();
  const say = useSay();
  const used = line.usedBy.length === 0 ? t('templates.nobody') : line.usedBy.join(', ');
  return (
    <Table.Tr>
      <Table.Td>
        <LinkTo to="/templates/$code" params={{ code: line.code }} fw={600}>{say(line.name)}</LinkTo>
        <Group gap={6} mt={2}>
          {line.ready ? null : <Chip tone="blue">{t('templates.own')}</Chip>}
          {line.texts.some(({ changed }) => changed) ? <Chip tone="violet">{t('templates.changed')}</Chip> : null}
          {line.retired ? <Chip tone="grey">{t('templates.retired')}</Chip> : null}
        </Group>
        <Text size="xs" c="dimmed" hiddenFrom="sm">{t(`templates.uses.${line.standsFor}`)} · {used}</Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">{t(`templates.uses.${line.standsFor}`)}</Table.Td>
      <Table.Td><Languages line={line} /></Table.Td>
      <Table.Td visibleFrom="sm">{used}</Table.Td>
      <Table.Td ta="right"><LineMenu line={line} acts={acts} name={name} /></Table.Td>
    </Table.Tr>
  );
}

/** Every template with its use, its languages and who uses it. */
export function TemplateList(): ReactElement {
  const { t } = useTranslation();
  const owner = useSession().organisation.role === 'owner';
  const { data, error, refetch } = useTemplates();
  const acts = useActs();
  const [naming, setNaming] = useState<Naming | null>(null);
  const [withRetired, setWithRetired] = useState(false);
  if (data === undefined) return error === null ? <Loading /> : <FaultNote error={error} retry={() => void refetch()} />;
  const shown = data.filter(({ retired }) => withRetired || !retired);
  const create = owner ? <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setNaming({ kind: 'new', from: 'reminder1' })}>{t('templates.new')}</Button> : null;
  return (
    <Stack gap="md">
      <Text c="dimmed">{owner ? t('templates.intro') : t('templates.ownerOnly')}</Text>
      <Card title={t('templates.title')} actions={create} flush>
        {shown.length === 0 ? <EmptyState icon="letter" title={t('templates.emptyTitle')} text={t('templates.emptyText')}>{create}</EmptyState> : (
          <Table verticalSpacing="sm" horizontalSpacing="md">
            <Table.Caption className="visually-hidden">{t('templates.title')}</Table.Caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('templates.name')}</Table.Th><Table.Th scope="col" visibleFrom="sm">{t('templates.use')}</Table.Th><Table.Th scope="col">{t('templates.languages')}</Table.Th>
                <Table.Th scope="col" visibleFrom="sm">{t('templates.usedBy')}</Table.Th><Table.Th scope="col"><span className="visually-hidden">{t('templates.menuOf', { name: '' })}</span></Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>{shown.map((line) => <Line key={line.code} line={line} acts={owner ? acts : null} name={setNaming} />)}</Table.Tbody>
          </Table>
        )}
      </Card>
      {data.some(({ retired }) => retired) ? <Checkbox label={t('templates.showRetired')} checked={withRetired} onChange={(event) => setWithRetired(event.currentTarget.checked)} /> : null}
      <NameDialog naming={naming} lines={data} close={() => setNaming(null)} />
    </Stack>
  );
}
