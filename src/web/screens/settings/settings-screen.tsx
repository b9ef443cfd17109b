import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';
import { AccountForm } from './account-form.tsx';
import { ChecksCard } from './checks-card.tsx';
import { CompanyForm } from './company-form.tsx';
import { DunningForm } from './dunning-form.tsx';
import { JournalTab } from './journal-tab.tsx';
import { MatchingForm } from './matching-form.tsx';
import { SendingTab } from './sending-tab.tsx';
import { WebhooksTab } from './webhooks-tab.tsx';

const TABS = ['company', 'dunning', 'sending', 'journal', 'webhooks', 'matching', 'account', 'checks'] as const;

/** Company, reminders, sending, the software that is told, lettrage, one's own account, and the check of everything. */
export function SettingsScreen(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tab = 'company' } = useSearch({ from: '/settings' });
  return (
    <Page title={t('settings.title')}>
      <Tabs value={tab} onChange={(value) => void navigate({ to: '/settings', search: { tab: TABS.find((one) => one === value) ?? 'company' } })} keepMounted={false}>
        <Tabs.List aria-label={t('settings.tabsLabel')} mb="lg" style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>{TABS.map((one) => <Tabs.Tab key={one} value={one}>{t(`settings.tabs.${one}`)}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="company"><CompanyForm /></Tabs.Panel>
        <Tabs.Panel value="dunning"><DunningForm /></Tabs.Panel>
        <Tabs.Panel value="sending"><SendingTab /></Tabs.Panel>
        <Tabs.Panel value="journal"><JournalTab /></Tabs.Panel>
        <Tabs.Panel value="webhooks"><WebhooksTab /></Tabs.Panel>
        <Tabs.Panel value="matching"><MatchingForm /></Tabs.Panel>
        <Tabs.Panel value="account"><AccountForm /></Tabs.Panel>
        <Tabs.Panel value="checks"><ChecksCard /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}
