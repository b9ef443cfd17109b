import { Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#core/api/overview.ts';
import { useSession } from '../../api/queries.ts';
import { Icon } from '../../ui/icons.tsx';
import { Card } from '../../ui/page.tsx';
import { LinkTo } from '../../ui/links.tsx';

/** What is still missing before messages can leave; nothing when all is there. */
export function SetupCard({ of }: { readonly of: Overview }): ReactElement | null {
  const { t } = useTranslation();
  const session = useSession();
  const lines = [
    { show: of.missing.senderEmail, text: t('overview.missingSender'), tab: 'company' as const },
    { show: of.missing.iban, text: t('overview.missingIban'), tab: 'company' as const },
    { show: of.missing.address, text: t('overview.missingAddress'), tab: 'company' as const },
    { show: !session.user.hasPassword, text: t('overview.missingPassword'), tab: 'account' as const },
  ].filter((line) => line.show);
  if (lines.length === 0 && session.channels.mail) return null;
  return (
    <Card title={t('overview.setupTitle')}>
      <Stack component="ul" className="plain-list" gap="sm">
        {lines.map((line) => (
          <Group component="li" key={line.text} justify="space-between" wrap="nowrap" gap="sm">
            <Text size="sm">{line.text}</Text>
            <LinkTo to="/settings" search={{ tab: line.tab }} size="sm" style={{ flexShrink: 0 }} aria-label={`${t('overview.complete')} : ${line.text}`}>{t('overview.complete')}</LinkTo>
          </Group>
        ))}
        {session.channels.mail ? null : (
          <Group component="li" wrap="nowrap" gap={10} align="flex-start"><span style={{ color: '#a15c00', display: 'flex' }}><Icon name="alert" size={18} /></span><Text size="sm">{t('overview.missingMail')}</Text></Group>
        )}
      </Stack>
    </Card>
  );
}
