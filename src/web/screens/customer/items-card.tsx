import { ActionIcon, Button, Group, Menu, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerDetail, ItemView } from '#core/api/customers.ts';
import type { HoldKind } from '#core/holds/hold-state.ts';
import { useSession } from '../../api/queries.ts';
import { useScenarios } from '../../api/scenarios.ts';
import { useLanguage } from '../../language/language.ts';
import { Amount } from '../../ui/amount.tsx';
import { Chip, toneOfReason } from '../../ui/chip.tsx';
import { formatDay } from '../../ui/format.ts';
import { LinkTo } from '../../ui/links.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { Papers } from './papers.tsx';
import { ItemScenarioModal } from './scenario-modals.tsx';
import { WhyModal } from './why-modal.tsx';
import { WriteOffModal } from './write-off-modal.tsx';

function Situation({ item }: { readonly item: ItemView }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  if (item.why === null) return <Chip tone="green">{t('customers.settled')}</Chip>;
  const { why } = item;
  const next = why.acts ? t('customers.stepNow', { step: why.step ?? 0 }) : why.step !== null && why.until !== null ? t('customers.nextStep', { step: why.step, day: formatDay(why.until, language) }) : null;
  return (
    <Stack gap={3} align="flex-start">
      <Chip tone={toneOfReason(why.reason, why.acts)}>{words.reason(why.reason)}</Chip>
      {next === null || why.acts ? null : <Text size="xs" c="dimmed">{next}</Text>}
      {why.acts ? <Text size="xs" c="dimmed">{next}</Text> : null}
    </Stack>
  );
}

/** What can be entered about one document; insolvency is of the whole customer. */
const ITEM_HOLDS = ['promise', 'dispute', 'plan', 'pause'] as const satisfies readonly HoldKind[];

/** What can be done to one document; `giveScenario` is null for who may not choose scenarios. */
type ItemActs = { readonly letGo: (item: ItemView) => void; readonly giveScenario: ((item: ItemView) => void) | null; readonly hold: (kind: HoldKind, from: string) => void };

function ItemMenu({ item, name, acts }: { readonly item: ItemView; readonly name: string; readonly acts: ItemActs }): ReactElement {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target><ActionIcon variant="subtle" size="md" aria-label={t('matching.itemMenu', { document: name })}>⋯</ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="dimmed">{t('customers.addHold')}</Menu.Label>
        {ITEM_HOLDS.map((kind) => <Menu.Item key={kind} onClick={() => acts.hold(kind, item.id)}>{t(`holds.menu.${kind}`)}</Menu.Item>)}
        <Menu.Divider />
        {acts.giveScenario === null ? null : <Menu.Item onClick={() => acts.giveScenario?.(item)}>{t('scenarios.customer.itemScenario')}</Menu.Item>}
        <Menu.Item onClick={() => acts.letGo(item)}>{t('matching.itemWriteOff')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

type LineProps = { readonly item: ItemView; readonly ask: (item: ItemView) => void; readonly acts: ItemActs | null; readonly scenarios: ReadonlyMap<string, string> };

function ItemLine({ item, ask, acts, scenarios }: LineProps): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const name = item.document ?? item.label ?? item.id;
  const late = (item.daysLate ?? 0) > 0 && item.open !== '0' && item.why !== null;
  return (
    <Table.Tr data-item={item.why === null ? undefined : item.id}>
      <Table.Td>
        <Text fw={550} className="number">{name}</Text>
        <Text size="xs" c="dimmed">{words.itemKind(item.kind)}{item.estimated ? <span title={t('customers.estimatedText')}> · {t('customers.estimated')}</span> : null}</Text>
        {item.scenario === null ? null : <Text size="xs" c="#4b2f93">{t('scenarios.customer.itemScenarioChip', { name: scenarios.get(item.scenario) ?? item.scenario })}</Text>}
        <Papers of={item} />
        {item.dueOn === null ? null : <Text size="xs" hiddenFrom="xs">{t('customers.dueShort', { day: formatDay(item.dueOn, language, 'numeric') })}</Text>}
        {late ? <Text size="xs" c="#a83d0c" hiddenFrom="xs">{t('overview.lateBy', { count: item.daysLate ?? 0 })}</Text> : null}
      </Table.Td>
      <Table.Td visibleFrom="xl" className="number">{formatDay(item.issuedOn, language, 'numeric')}</Table.Td>
      <Table.Td className="number" visibleFrom="xs">
        {item.dueOn === null ? '—' : formatDay(item.dueOn, language, 'numeric')}
        {late ? <Text size="xs" c="#a83d0c">{t('overview.lateBy', { count: item.daysLate ?? 0 })}</Text> : null}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="xl"><Amount amount={item.amount} currency={item.currency} /></Table.Td>
      <Table.Td ta="right"><Amount amount={item.open} currency={item.currency} fw={600} /></Table.Td>
      <Table.Td visibleFrom="sm"><Situation item={item} /></Table.Td>
      <Table.Td ta="right">
        <Group gap={4} justify="flex-end" wrap="nowrap" className="wraps">
          <Button size="compact-sm" variant="light" onClick={() => ask(item)} aria-label={t('customers.whyOf', { document: name })}>{t('customers.why')}</Button>
          {acts === null || Number(item.open) === 0 ? null : <ItemMenu item={item} name={name} acts={acts} />}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** Debits of the account, open ones first, each with its situation and its reason. */
export function ItemsCard({ of, mayEdit, hold }: { readonly of: CustomerDetail; readonly mayEdit: boolean; readonly hold: ItemActs['hold'] }): ReactElement {
  const { t } = useTranslation();
  const [lettingGo, letGo] = useState<ItemView | null>(null);
  const [choosing, giveScenario] = useState<ItemView | null>(null);
  const owner = useSession().organisation.role === 'owner';
  const { data: lines } = useScenarios();
  const scenarios = new Map(lines?.map(({ code, name }) => [code, name]));
  const [shown, setShown] = useState('open');
  const [asked, setAsked] = useState<ItemView | null>(null);
  const debits = of.items.filter((item) => item.side === 'debit' && (shown === 'all' || item.why !== null));
  const switcher = <SegmentedControl size="xs" aria-label={t('customers.items')} value={shown} onChange={setShown} data={[{ value: 'open', label: t('customers.openOnly') }, { value: 'all', label: t('customers.allItems') }]} />;
  return (
    <Card title={t('customers.items')} actions={switcher} flush>
      {debits.length === 0 ? <EmptyState icon="check" title={t('customers.noItems')} /> : (
        <div style={{ overflowX: 'auto' }}>
          <Table verticalSpacing="sm" horizontalSpacing="sm">
            <Table.Caption className="visually-hidden">{t('customers.items')}</Table.Caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('customers.document')}</Table.Th><Table.Th scope="col" visibleFrom="xl">{t('customers.issuedOn')}</Table.Th><Table.Th scope="col" visibleFrom="xs">{t('customers.dueOn')}</Table.Th>
                <Table.Th scope="col" ta="right" visibleFrom="xl">{t('customers.amount')}</Table.Th><Table.Th scope="col" ta="right" className="number">{t('customers.open')}</Table.Th>
                <Table.Th scope="col" visibleFrom="sm">{t('customers.status')}</Table.Th><Table.Th scope="col"><span className="visually-hidden">{t('customers.why')}</span></Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>{debits.map((item) => <ItemLine key={item.id} item={item} ask={setAsked} acts={mayEdit ? { letGo, hold, giveScenario: owner ? giveScenario : null } : null} scenarios={scenarios} />)}</Table.Tbody>
          </Table>
        </div>
      )}
      {of.itemsTruncated ? <Text size="sm" c="dimmed" p="md">{t('customers.truncated')}</Text> : null}
      <WhyModal item={asked} close={() => setAsked(null)} />
      <ItemScenarioModal item={choosing} close={() => giveScenario(null)} />
      <WriteOffModal item={lettingGo} close={() => letGo(null)} />
    </Card>
  );
}

/** Credits apart: never chased, counted before anything is decided. */
export function CreditsCard({ of }: { readonly of: CustomerDetail }): ReactElement | null {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const credits = of.items.filter((item) => item.side === 'credit' && Number(item.open) > 0);
  if (credits.length === 0) return null;
  return (
    <Card title={t('customers.credits')}>
      <Text size="sm" c="dimmed" mb="sm">{t('customers.creditsText')}</Text>
      <Stack component="ul" className="plain-list" gap={8}>
        {credits.map((item) => (
          <li key={item.id} style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
            <span><b>{item.document ?? item.label ?? item.id}</b> <Text component="span" size="sm" c="dimmed">{words.itemKind(item.kind)}, {formatDay(item.issuedOn, language)}</Text><Papers of={item} /></span>
            <span style={{ textAlign: 'right' }}>
              <Amount amount={item.open} currency={item.currency} fw={600} />
              <LinkTo to="/matching" search={{ line: `credit-${item.id}` }} size="sm" display="block" aria-label={t('matching.toMatchOf', { document: item.document ?? item.label ?? item.id })}>{t('matching.toMatch')}</LinkTo>
            </span>
          </li>
        ))}
      </Stack>
    </Card>
  );
}
