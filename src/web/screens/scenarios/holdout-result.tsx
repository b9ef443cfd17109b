import { SimpleGrid, Stack, Table, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HoldOutView } from '#core/api/hold-out.ts';
import type { Interval } from '#core/dunning/effect.ts';
import { inWords, notMeasurableYet } from '#core/dunning/effect-words.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { formatCount, formatDay, formatMoney } from '../../ui/format.ts';
import { Card } from '../../ui/page.tsx';

const PERCENT = 100;

/** What a test shows: its groups, the days and the money gained with their intervals, or why nothing can be said yet. */
export function HoldOutResult({ of, actions }: { readonly of: HoldOutView; readonly actions: ReactNode }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const since = formatDay(of.startedOn, language);
  const { effect, saved } = of;
  const tenths = (value: number): string => new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);
  const between = ({ low, high }: Interval, by = 1): string => t('replay.holdOut.interval', { low: tenths(low * by), high: tenths(high * by) });
  return (
    <Card title={of.endedOn === null ? t('replay.holdOut.running', { since }) : t('replay.holdOut.over', { since, until: formatDay(of.endedOn, language) })} actions={actions}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">{t('replay.holdOut.compares', { version: of.version, former: t('replay.holdOut.formerName', { name: of.formerName, version: of.formerVersion }) })}</Text>
        <Arms of={of} tenths={tenths} />
        {of.sizes.new + of.sizes.former === 0 ? <Text size="sm">{t('replay.holdOut.waiting')}</Text> : null}
        {effect.measurable ? (
          <>
            <Text fw={600}>{say(inWords(effect.measured.days.gained))}</Text>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
              <Figure label={t('replay.holdOut.gained')} value={tenths(effect.measured.days.gained.value)} note={between(effect.measured.days.gained)} />
              <Figure label={t('replay.holdOut.gainedMoney')} value={tenths(effect.measured.weightedDays.gained.value)} note={between(effect.measured.weightedDays.gained)} />
              {effect.measured.collected.map(({ byDays, gained }) => (
                <Figure key={byDays} label={t('replay.holdOut.collected', { days: byDays })} value={t('replay.holdOut.points', { points: tenths(gained.value * PERCENT) })} note={between(gained, PERCENT)} />
              ))}
              {saved === null ? null : (
                <Figure
                  label={t('replay.holdOut.saved')} value={formatMoney(saved.financing.amount, saved.financing.currency, language)}
                  note={`${t('replay.holdOut.interval', { low: formatMoney(saved.low.amount, saved.low.currency, language), high: formatMoney(saved.high.amount, saved.high.currency, language) })}, ${t('replay.holdOut.savedText', { due: formatMoney(saved.due.amount, saved.due.currency, language), rate: saved.ratePercent })}`}
                />
              )}
            </SimpleGrid>
            <details>
              <summary>{t('replay.holdOut.method')}</summary>
              <Text size="sm" mt="xs">{t('replay.holdOut.methodText', { days: effect.horizonDays, seed: of.seed })} {t('replay.holdOut.intervalText')}</Text>
            </details>
          </>
        ) : <Text>{say(notMeasurableYet(effect))}</Text>}
      </Stack>
    </Card>
  );
}

function Figure({ label, value, note }: { readonly label: string; readonly value: string; readonly note: string }): ReactElement {
  return <div><Text size="sm" c="dimmed">{label}</Text><Text className="stat-value">{value}</Text><Text size="sm" c="dimmed">{note}</Text></div>;
}

function Arms({ of, tenths }: { readonly of: HoldOutView; readonly tenths: (value: number) => string }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const { effect, sizes } = of;
  const titles = [t('replay.holdOut.armCustomers'), t('replay.holdOut.armItems'), t('replay.holdOut.armPaid'), t('replay.holdOut.armDays'), t('replay.holdOut.armLeft')];
  return (
    <Table.ScrollContainer minWidth={460} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': t('replay.holdOut.arm') } }}>
      <Table verticalSpacing="xs">
        <Table.Thead><Table.Tr><Table.Th scope="col">{t('replay.holdOut.arm')}</Table.Th>{titles.map((title) => <Table.Th key={title} scope="col" ta="right">{title}</Table.Th>)}</Table.Tr></Table.Thead>
        <Table.Tbody>
          {(['new', 'former'] as const).map((arm) => (
            <Table.Tr key={arm}>
              <Table.Th scope="row" fw={500}>{arm === 'new' ? t('replay.holdOut.armNew') : t('replay.holdOut.armFormer')}</Table.Th>
              {[formatCount(sizes[arm], language), formatCount(effect.arms[arm].items, language), formatCount(effect.arms[arm].paid, language), effect.measurable ? tenths(effect.measured.days[arm]) : '–', formatCount(sizes.left[arm], language)]
                .map((text, index) => <Table.Td key={titles[index] ?? index} ta="right" className="number">{text}</Table.Td>)}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
