import { Alert, Anchor, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldDetail } from '#core/api/holds.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatDay } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';

/** Until when the claim is to be filed, where the rule was read, and that no lawyer looked at it; or why no day is known. */
export function ClaimNote({ claim }: { readonly claim: NonNullable<HoldDetail['claim']> }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  if (claim.dueOn === null) {
    return <Alert color="yellow" variant="light" icon={<Icon name="clock" />} styles={{ message: { color: '#5c3c00' } }}>{claim.problem === null ? '' : say(claim.problem)}</Alert>;
  }
  return (
    <Alert color="yellow" variant="light" icon={<Icon name="clock" />} title={t('holds.insolvency.claimBy', { day: formatDay(claim.dueOn, language) })} styles={{ message: { color: '#5c3c00' }, title: { color: '#7a4100' } }}>
      <Text size="sm">{t('holds.insolvency.claimSource')} {claim.url === null ? claim.article : <Anchor href={claim.url} target="_blank" rel="noreferrer" size="sm" c="#5c3c00" underline="always">{claim.article}</Anchor>}. {t('holds.insolvency.unreviewed')}</Text>
    </Alert>
  );
}
