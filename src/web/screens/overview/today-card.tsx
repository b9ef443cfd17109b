import { Group, Stack, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#core/api/overview.ts';
import type { ActionStateView } from '#core/api/actions.ts';
import { useMatchingSummary } from '../../api/matching.ts';
import { useLanguage } from '../../language/language.ts';
import { Icon } from '../../ui/icons.tsx';
import type { IconName } from '../../ui/icons.tsx';
import { formatDay } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';
import { RunButton } from '../actions/run-button.tsx';
import { ButtonTo, LinkTo } from '../../ui/links.tsx';

function Line({ icon, color, text, action }: { readonly icon: IconName; readonly color: string; readonly text: string; readonly action: ReactNode }): ReactElement {
  return (
    <Group component="li" justify="space-between" wrap="nowrap" gap="sm">
      <Group gap={10} wrap="nowrap"><span style={{ color, display: 'flex' }}><Icon name={icon} /></span><Text fw={550}>{text}</Text></Group>
      {action}
    </Group>
  );
}

function GoTo({ tab, text, main = false }: { readonly tab: ActionStateView; readonly text: string; readonly main?: boolean }): ReactElement {
  return <ButtonTo to="/actions" search={{ tab }} size="xs" variant={main ? 'filled' : 'light'} style={{ flexShrink: 0 }}>{text}</ButtonTo>;
}

/** What waits for a person, most urgent first. */
export function TodayCard({ of }: { readonly of: Overview }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const { actions } = of;
  const matching = useMatchingSummary();
  const toMatch = matching.data?.open.lines ?? 0;
  const idle = actions.proposed + actions.approved + actions.unknown + actions.failed + toMatch === 0;
  return (
    <Card title={t('overview.todayTitle')}>
      <Stack gap="md">
        <Stack component="ul" className="plain-list" gap="sm">
          {actions.unknown === 0 ? null : <Line icon="alert" color="#a15c00" text={t('overview.parked', { count: actions.unknown })} action={<GoTo tab="unknown" text={t('overview.decide')} main />} />}
          {toMatch === 0 ? null : <Line icon="matching" color="#0b6b4f" text={t('matching.overview', { count: toMatch })} action={<ButtonTo to="/matching" size="xs" variant="light" style={{ flexShrink: 0 }}>{t('matching.overviewGo')}</ButtonTo>} />}
          {actions.proposed === 0 ? null : <Line icon="actions" color="#0b6b4f" text={t('overview.toApprove', { count: actions.proposed })} action={<GoTo tab="proposed" text={t('overview.approveNow')} main />} />}
          {actions.approved === 0 ? null : <Line icon="clock" color="#134e94" text={t('overview.outbox', { count: actions.approved })} action={<GoTo tab="approved" text={t('overview.seeOutbox')} />} />}
          {actions.failed === 0 ? null : <Line icon="alert" color="#96190f" text={t('overview.failed', { count: actions.failed })} action={<GoTo tab="failed" text={t('overview.seeFailed')} />} />}
          {actions.sentToday === 0 ? null : <Line icon="check" color="#0b6b4f" text={t('overview.sentToday', { count: actions.sentToday })} action={null} />}
          {idle ? <Text component="li" c="dimmed">{t('overview.nothing')}</Text> : null}
          {of.customers.overdueWithoutEmail === 0 ? null : (
            <Line icon="customers" color="#a15c00" text={t('overview.mute', { count: of.customers.overdueWithoutEmail })} action={<LinkTo to="/customers" search={{ filter: 'withoutEmail' }} size="sm" style={{ flexShrink: 0 }}>{t('overview.seeMute')}</LinkTo>} />
          )}
        </Stack>
        <Group justify="space-between" gap="xs">
          <Text size="sm" c="dimmed">{of.lastRun === null ? t('overview.neverRun') : t('overview.lastRun', { day: formatDay(of.lastRun.today, language) })}</Text>
          <RunButton />
        </Group>
      </Stack>
    </Card>
  );
}
