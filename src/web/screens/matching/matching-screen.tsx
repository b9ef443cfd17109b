import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useMatchingSummary } from '../../api/matching.ts';
import { Chip } from '../../ui/chip.tsx';
import { Page } from '../../ui/page.tsx';
import { DismissedBoard } from './dismissed-board.tsx';
import { OpenBoard } from './open-board.tsx';
import { PlacedBoard } from './placed-board.tsx';
import { AutomaticButton, SummaryCard } from './summary-card.tsx';

const TABS = ['open', 'placed', 'dismissed'] as const;

/** Money received: what is to be placed, what was, and what is no customer's. */
export function MatchingScreen(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tab = 'open', line } = useSearch({ from: '/matching' });
  const { data } = useMatchingSummary();
  const counts: Readonly<Record<(typeof TABS)[number], number>> = { open: (data?.open.lines ?? 0) + (data?.open.credits ?? 0), placed: data?.placed ?? 0, dismissed: data?.dismissed ?? 0 };
  const choose = (value: string | null): void => void navigate({ to: '/matching', search: { tab: TABS.find((one) => one === value) ?? 'open' } });
  return (
    <Page title={t('matching.title')} actions={<AutomaticButton />}>
      <SummaryCard />
      <Tabs value={tab} onChange={choose} keepMounted={false}>
        <Tabs.List aria-label={t('matching.tabsLabel')} style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
          {TABS.map((one) => <Tabs.Tab key={one} value={one} rightSection={counts[one] > 0 ? <Chip tone={one === 'open' ? 'green' : 'grey'}>{counts[one]}</Chip> : null}>{t(`matching.tabs.${one}`)}</Tabs.Tab>)}
        </Tabs.List>
        <Tabs.Panel value="open" pt="xs"><OpenBoard key={line ?? ''} asked={line ?? null} /></Tabs.Panel>
        <Tabs.Panel value="placed" pt="xs"><PlacedBoard /></Tabs.Panel>
        <Tabs.Panel value="dismissed" pt="xs"><DismissedBoard /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}
