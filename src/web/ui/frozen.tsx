import { Alert, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { FrozenView } from '#core/api/journal.ts';
import { useSession } from '../api/queries.ts';
import { useLanguage } from '../language/language.ts';
import { formatInstant } from './format.ts';
import { Icon } from './icons.tsx';
import { ButtonTo } from './links.tsx';

/** Since when nothing leaves, and by whom where a person asked for it. */
export function FrozenSince({ frozen }: { readonly frozen: FrozenView }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const at = formatInstant(frozen.at, language);
  return <>{[t(`journal.because.${frozen.because}`), frozen.reason === null ? '' : `«\u00A0${frozen.reason}\u00A0».`, frozen.by === null ? t('journal.since', { at }) : t('journal.sinceBy', { at, by: frozen.by })].filter((part) => part !== '').join(' ')}</>;
}

/** Says on every page, to those who work, that nothing leaves, why and since when, with the way to decide. */
export function FrozenBanner(): ReactElement | null {
  const { t } = useTranslation();
  const { frozen, organisation } = useSession();
  if (frozen === null || organisation.role === 'reader') return null;
  return (
    <Alert color="brick" variant="filled" mb="md" p="sm" role="alert" icon={<Icon name="stop" />} title={t('journal.banner')}>
      <Group justify="space-between" gap="sm">
        <Text size="sm" style={{ overflowWrap: 'anywhere', flex: '1 1 280px' }}><FrozenSince frozen={frozen} /> {t('journal.nothingLeaves')}</Text>
        <ButtonTo to="/settings" search={{ tab: 'journal' }} size="xs" variant="white" color="brick">{t('journal.bannerLink')}</ButtonTo>
      </Group>
    </Alert>
  );
}
