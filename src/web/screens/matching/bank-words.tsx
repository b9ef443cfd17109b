import { Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { LineView } from '#core/api/matching.ts';
import { useLanguage } from '../../language/language.ts';
import { formatDay, formatMoney } from '../../ui/format.ts';

type Word = { readonly label: string; readonly value: string };

/** Everything known of a line, as label and value. */
function useLineFacts(line: LineView): Word[] {
  const { t } = useTranslation();
  const language = useLanguage();
  const facts: { label: string; value: string | null }[] = [
    { label: t('matching.payer'), value: line.payer },
    { label: t('matching.payerIban'), value: line.payerIban === null ? null : t('matching.endsIn', { digits: line.payerIban }) },
    { label: t('matching.text'), value: line.text },
    { label: t('matching.references'), value: line.references.join('\n') },
    { label: t('matching.bookedOn'), value: formatDay(line.bookedOn, language, 'long') },
    { label: t('matching.account'), value: line.account },
  ];
  return facts.flatMap(({ label, value }) => (value === null || value.trim() === '' ? [] : [{ label, value }]));
}

/** What the bank, or the account for a loose credit, says of a line: whole, and to be copied in one go. */
export function BankWords({ line }: { readonly line: LineView }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const facts = useLineFacts(line);
  const whole = [`${t('matching.amount')} : ${formatMoney(line.amount, line.currency, language)}`, ...facts.map(({ label, value }) => `${label} : ${value}`)].join('\n');
  return (
    <section aria-label={line.kind === 'credit' ? t('matching.ledgerSaid') : t('matching.bankSaid')}>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm" fw={600}>{line.kind === 'credit' ? t('matching.ledgerSaid') : t('matching.bankSaid')}</Text>
        <CopyButton value={whole}>
          {({ copied, copy }) => <Button size="compact-xs" variant="subtle" onClick={copy} aria-label={t('matching.copyAll')}><span aria-live="polite">{copied ? t('matching.copied') : t('matching.copy')}</span></Button>}
        </CopyButton>
      </Group>
      <Stack component="dl" gap={3} m={0}>
        {facts.map(({ label, value }) => (
          <div key={label} className="said">
            <Text component="dt" size="xs" c="dimmed">{label}</Text>
            <Text component="dd" m={0} size="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{value}</Text>
          </div>
        ))}
      </Stack>
    </section>
  );
}
