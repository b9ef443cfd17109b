import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';
import { DryRunTab } from './dry-run-tab.tsx';
import { RulesTab } from './rules-tab.tsx';
import { ScenarioList } from './scenario-list.tsx';
import { SegmentsTab } from './segments-tab.tsx';
import { TemplateList } from '../templates/template-list.tsx';

const TABS = ['list', 'templates', 'rules', 'segments', 'dryRun'] as const;

/** Scenarios, who has which, how customers pay, and what a run would do. */
export function ScenariosScreen(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tab = 'list' } = useSearch({ from: '/scenarios' });
  return (
    <Page title={t('scenarios.title')}>
      <Tabs value={tab} onChange={(value) => void navigate({ to: '/scenarios', search: { tab: TABS.find((one) => one === value) ?? 'list' } })} keepMounted={false}>
        <Tabs.List aria-label={t('scenarios.tabsLabel')} mb="lg" style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>{TABS.map((one) => <Tabs.Tab key={one} value={one}>{t(`scenarios.tabs.${one}`)}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="list"><ScenarioList /></Tabs.Panel>
        <Tabs.Panel value="templates"><TemplateList /></Tabs.Panel>
        <Tabs.Panel value="rules"><RulesTab /></Tabs.Panel>
        <Tabs.Panel value="segments"><SegmentsTab /></Tabs.Panel>
        <Tabs.Panel value="dryRun"><DryRunTab /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}
