import { ActionIcon, Button, Checkbox, Group, Menu, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScenarioLine } from '#core/api/scenarios.ts';
import { useSession } from '../../api/queries.ts';
import { useScenarios } from '../../api/scenarios.ts';
import { Chip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icons.tsx';
import { LinkTo } from '../../ui/links.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { NewDialog } from './new-dialog.tsx';
import type { NewFrom } from './new-dialog.tsx';
import { useScenarioActs } from './use-scenario-acts.ts';

/** Who has a scenario, in words. */
function useUsedBy(): (line: ScenarioLine) => string {
  const { t } = useTranslation();
  return ({ uses }) => {
    const parts = [
      uses.isDefault ? t('scenarios.usedDefault') : '', uses.rules > 0 ? t('scenarios.usedRules', { count: uses.rules }) : '', uses.customers > 0 ? t('scenarios.usedCustomers', { count: uses.customers }) : '',
      uses.items > 0 ? t('scenarios.usedItems', { count: uses.items }) : '',
    ].filter((part) => part !== '');
    return parts.length === 0 ? t('scenarios.usedByNobody') : parts.join(', ');
  };
}

type LineProps = { readonly line: ScenarioLine; readonly acts: ReturnType<typeof useScenarioActs> | null; readonly copy: () => void };

function LineMenu({ line, acts, copy }: LineProps): ReactElement | null {
  const { t } = useTranslation();
  if (acts === null) return null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target><ActionIcon variant="subtle" size="lg" aria-label={t('scenarios.menuOf', { name: line.name })}>⋯</ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={copy}>{t('scenarios.copy')}</Menu.Item>
        {line.version === 0 || line.retired || line.uses.isDefault ? null : <Menu.Item onClick={() => acts.standard.mutate(line)}>{t('scenarios.makeDefault')}</Menu.Item>}
        {line.version === 0 ? <Menu.Item color="brick" onClick={() => acts.discard.mutate(line)}>{t('scenarios.discard')}</Menu.Item>
          : line.retired ? <Menu.Item onClick={() => acts.restore.mutate(line)}>{t('scenarios.restore')}</Menu.Item> : <Menu.Item color="brick" onClick={() => acts.retire.mutate(line)}>{t('scenarios.retire')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

function Line({ line, acts, copy }: LineProps): ReactElement {
  const { t } = useTranslation();
  const used = useUsedBy()(line);
  return (
    <Table.Tr>
      <Table.Td>
        <LinkTo to="/scenarios/$code" params={{ code: line.code }} fw={600}>{line.name}</LinkTo>
        <Group gap={6} mt={2}>
          {line.uses.isDefault ? <Chip tone="blue">{t('scenarios.isDefault')}</Chip> : null}
          {line.version === 0 ? <Chip tone="amber">{t('scenarios.neverPublished')}</Chip> : line.hasDraft ? <Chip tone="amber">{t('scenarios.draft')}</Chip> : null}
          {line.retired ? <Chip tone="grey">{t('scenarios.retired')}</Chip> : null}
        </Group>
        <Text size="xs" c="dimmed" hiddenFrom="sm">{t('scenarios.stepCount', { count: line.steps })} · {t('scenarios.usedByLine', { who: used.toLocaleLowerCase() })}</Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" className="number">{t('scenarios.stepCount', { count: line.steps })}</Table.Td>
      <Table.Td visibleFrom="xs" className="number">{line.version === 0 ? '—' : t('scenarios.versionShort', { version: line.version })}</Table.Td>
      <Table.Td visibleFrom="sm">{used}</Table.Td>
      <Table.Td ta="right"><LineMenu line={line} acts={acts} copy={copy} /></Table.Td>
    </Table.Tr>
  );
}

/** Every scenario with who has it, and what can be done to it. */
export function ScenarioList(): ReactElement {
  const { t } = useTranslation();
  const owner = useSession().organisation.role === 'owner';
  const { data, error, refetch } = useScenarios();
  const acts = useScenarioActs();
  const [from, setFrom] = useState<NewFrom | null>(null);
  const [withRetired, setWithRetired] = useState(false);
  if (data === undefined) return error === null ? <Loading /> : <FaultNote error={error} retry={() => void refetch()} />;
  const shown = data.filter(({ retired }) => withRetired || !retired).toSorted((a, b) => Number(b.uses.isDefault) - Number(a.uses.isDefault) || a.name.localeCompare(b.name));
  const create = owner ? <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setFrom({ code: '' })}>{t('scenarios.new')}</Button> : null;
  return (
    <Stack gap="md">
      {owner ? null : <Text c="dimmed">{t('scenarios.ownerOnly')}</Text>}
      <Card title={t('scenarios.tabs.list')} actions={create} flush>
        {shown.length === 0 ? <EmptyState icon="scenarios" title={t('scenarios.empty')} text={t('scenarios.emptyText')}>{create}</EmptyState> : (
          <Table verticalSpacing="sm" horizontalSpacing="md">
            <Table.Caption className="visually-hidden">{t('scenarios.title')}</Table.Caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('scenarios.name')}</Table.Th><Table.Th scope="col" visibleFrom="sm">{t('scenarios.steps')}</Table.Th><Table.Th scope="col" visibleFrom="xs">{t('scenarios.version')}</Table.Th>
                <Table.Th scope="col" visibleFrom="sm">{t('scenarios.usedBy')}</Table.Th><Table.Th scope="col"><span className="visually-hidden">{t('scenarios.menuOf', { name: '' })}</span></Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>{shown.map((line) => <Line key={line.code} line={line} acts={owner ? acts : null} copy={() => setFrom({ code: line.code })} />)}</Table.Tbody>
          </Table>
        )}
      </Card>
      {data.some(({ retired }) => retired) ? <Checkbox label={t('scenarios.showRetired')} checked={withRetired} onChange={(event) => setWithRetired(event.currentTarget.checked)} /> : null}
      <NewDialog from={from} lines={data} close={() => setFrom(null)} />
    </Stack>
  );
}
