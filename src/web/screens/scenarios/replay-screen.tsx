import { useParams } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useHoldOut, useReplay } from '../../api/scenarios.ts';
import { Page } from '../../ui/page.tsx';
import { HoldOutTab } from './holdout-tab.tsx';
import { ReplayTab } from './replay-tab.tsx';

/** The replay of a scenario as a page of its own. */
export function ReplayScreen(): ReactElement {
  const { t } = useTranslation();
  const { code } = useParams({ from: '/scenarios/$code/replay' });
  const { data } = useReplay(code);
  return <Page title={t('replay.title', { name: data?.name ?? code })} subtitle={t('replay.intro')}><ReplayTab code={code} /></Page>;
}

/** The control group of a scenario as a page of its own. */
export function HoldOutScreen(): ReactElement {
  const { t } = useTranslation();
  const { code } = useParams({ from: '/scenarios/$code/hold-out' });
  const { data } = useHoldOut(code);
  return <Page title={t('replay.holdOut.title', { name: data?.name ?? code })} subtitle={t('replay.holdOut.intro')}><HoldOutTab code={code} /></Page>;
}
