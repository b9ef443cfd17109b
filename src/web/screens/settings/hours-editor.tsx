import { ActionIcon, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icons.tsx';
import { WINDOWS_MAX, nextWindow } from './hours.ts';
import type { WeekRows, WindowRow } from './hours.ts';

/** Days of the week by their words, Monday first. */
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
/** Monday to Friday: the days the first one is copied to. */
const WORKDAYS = 5;

type DayProps = { readonly name: string; readonly windows: readonly WindowRow[]; readonly change: (windows: WindowRow[]) => void; readonly owner: boolean };

function DayHours({ name, windows, change, owner }: DayProps): ReactElement {
  const { t } = useTranslation();
  const put = (at: number, part: Partial<WindowRow>): void => change(windows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  return (
    <Group component="li" gap="xs" align="center">
      <Text size="sm" w={84}>{name}</Text>
      {windows.length === 0 ? <Text size="sm" c="dimmed">{t('sending.hours.closed')}</Text> : null}
      {windows.map((row, at) => (
        <Group key={row.id} gap={4} wrap="nowrap">
          <TextInput type="time" size="xs" w={116} aria-label={t('sending.hours.from', { day: name, number: at + 1 })} value={row.from} onChange={(event) => put(at, { from: event.currentTarget.value })} />
          <Text size="sm" aria-hidden="true">–</Text>
          <TextInput type="time" size="xs" w={116} aria-label={t('sending.hours.until', { day: name, number: at + 1 })} value={row.until} onChange={(event) => put(at, { until: event.currentTarget.value })} />
          {owner ? <ActionIcon variant="subtle" color="brick" aria-label={t('sending.hours.remove', { day: name, number: at + 1 })} onClick={() => change(windows.filter((_row, index) => index !== at))}><Icon name="close" size={14} /></ActionIcon> : null}
        </Group>
      ))}
      {owner && windows.length < WINDOWS_MAX ? <Button size="compact-xs" variant="subtle" onClick={() => change([...windows, nextWindow(windows)])} aria-label={t('sending.hours.addOn', { day: name })}>{t('sending.hours.add')}</Button> : null}
    </Group>
  );
}

/** The hours of a week in which customers of one kind may be contacted. */
export function HoursEditor({ title, week, change, owner }: { readonly title: string; readonly week: WeekRows; readonly change: (week: WeekRows) => void; readonly owner: boolean }): ReactElement {
  const { t } = useTranslation();
  const [monday = []] = week;
  return (
    <section aria-label={title}>
      <Group justify="space-between" mb="xs"><Title order={3}>{title}</Title>{owner ? <Button size="compact-sm" variant="light" onClick={() => change(week.map((windows, day) => (day < WORKDAYS ? monday.map((row) => ({ ...row })) : windows)))}>{t('sending.hours.copy')}</Button> : null}</Group>
      <Stack component="ul" className="plain-list" gap="xs">
        {DAYS.map((day, at) => <DayHours key={day} name={t(`sending.days.${day}`)} windows={week[at] ?? []} owner={owner} change={(windows) => change(week.map((old, index) => (index === at ? windows : old)))} />)}
      </Stack>
    </section>
  );
}
