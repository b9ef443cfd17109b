import { Box, Button, Group, Progress, Stack, Text, VisuallyHidden } from '@mantine/core';
import { memo, useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { DropView } from '#core/api/drops.ts';
import { change } from '../../api/client.ts';
import { Chip } from '../../ui/chip.tsx';
import type { ChipTone } from '../../ui/chip.tsx';
import { formatCount } from '../../ui/format.ts';
import { useLanguage } from '../../language/language.ts';
import { Icon } from '../../ui/icons.tsx';
import { Card } from '../../ui/page.tsx';
import { useChange } from '../../ui/use-change.ts';
import { iconOf, kindOf } from './formats.ts';
import { cancelSending } from './sending.ts';
import type { Sending } from './sending.ts';
import { lookNow, readOnes } from './use-drop.ts';

/** One line of the list: as high before as after, so that nothing jumps. */
type Row = { readonly key: string; readonly name: string; readonly format: string | null; readonly share: number | null; readonly word: string; readonly tone: ChipTone };

/** Drawn again only when something of it changed: there may be hundreds. */
const RowLine = memo(({ name, format, share, word, tone }: Omit<Row, 'key'>): ReactElement => {
  const { t } = useTranslation();
  return (
    <li className="file-row">
      <Icon name={iconOf(kindOf(format))} size={18} />
      <span className="truncate" style={{ flex: 1 }} title={name}>{name}</span>
      <span style={{ width: 110, flexShrink: 0, textAlign: 'right' }}>
        {share === null ? <Chip tone={tone}>{word}</Chip> : <><Progress value={share} size="md" radius="xl" aria-label={t('drops.progressOf', { file: name })} /><VisuallyHidden>{word}</VisuallyHidden></>}
      </span>
    </li>
  );
});

type Going = { readonly text: string; readonly note: string; readonly share: number; readonly rows: readonly Row[]; readonly cancel: (() => void) | null };

function GoingCard({ text, note, share, rows, cancel }: Going): ReactElement {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const stop = cancel === null ? null : <Button variant="default" size="xs" disabled={asked} onClick={() => { setAsked(true); cancel(); }}>{t('drops.cancel')}</Button>;
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between" mih={32}><Text component="output" fw={600}>{text}</Text>{stop}</Group>
        <Progress value={share} size="lg" radius="xl" aria-label={t('drops.totalProgress')} />
        <Text size="sm" c="dimmed">{note}</Text>
        <Box component="ul" className="plain-list file-rows" aria-label={t('drops.list')} tabIndex={0}>{rows.map(({ key, ...row }) => <RowLine key={key} {...row} />)}</Box>
      </Stack>
    </Card>
  );
}

const shareOf = (done: number, total: number): number => (total === 0 ? 100 : Math.min(100, (done / total) * 100));
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

/** Files on their way to the server. */
export function SendingCard({ of }: { readonly of: Sending }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = { waiting: t('drops.state.waiting'), sending: t('drops.state.sending'), sent: t('drops.state.arrived'), failed: t('drops.state.unsent'), cancelled: t('drops.state.cancelled') };
  const rows = of.files.map((one): Row => ({
    key: String(one.key), name: one.path === '' ? one.file.name : one.path, format: null, word: words[one.state], tone: one.state === 'sent' ? 'blue' : one.state === 'failed' ? 'red' : 'grey',
    share: one.state === 'sending' ? shareOf(one.sent, one.file.size) : null,
  }));
  const done = of.files.filter(({ state }) => state === 'sent' || state === 'failed' || state === 'cancelled').length;
  const share = shareOf(sumOf(of.files.map(({ sent }) => sent)), sumOf(of.files.map(({ file }) => file.size)));
  const cancel = of.files.some(({ state }) => state === 'waiting') ? cancelSending : null;
  return <GoingCard text={t('drops.sending', { done: formatCount(done, language), total: formatCount(of.files.length, language) })} note={t('drops.stay')} share={share} rows={rows} cancel={cancel} />;
}

const TONES: Readonly<Record<string, ChipTone>> = { applied: 'green', unchanged: 'blue', refused: 'red', toConfirm: 'amber' };

/** Files being read, in their order. */
export function WorkingCard({ of }: { readonly of: DropView }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const cancel = useChange(() => change('POST', `/api/drops/${of.id}/cancel`), { done: () => void lookNow() });
  const files = readOnes(of.files);
  const rows = files.map((one): Row => {
    const { outcome, state } = one;
    const ended = state === 'done' && outcome !== null;
    return {
      key: one.id, name: one.folder === '' ? one.name : `${one.folder} / ${one.name}`, format: one.format, word: ended ? t(`drops.stage.${outcome.stage}`) : t(`drops.state.${state}`),
      tone: ended ? (TONES[outcome.stage] ?? 'grey') : state === 'failed' ? 'red' : 'grey', share: state === 'reading' ? shareOf(one.progress.done, one.progress.total) : null,
    };
  });
  const over = files.filter(({ state }) => state !== 'waiting' && state !== 'reading');
  const bytes = (one: (typeof files)[number]): number => (one.state === 'waiting' ? 0 : one.state === 'reading' ? (shareOf(one.progress.done, one.progress.total) / 100) * one.bytes : one.bytes);
  const share = shareOf(sumOf(files.map(bytes)), sumOf(files.map((one) => one.bytes)));
  const waits = files.some(({ state }) => state === 'waiting');
  return <GoingCard text={t('drops.reading', { done: formatCount(over.length, language), total: formatCount(files.length, language) })} note={`${t('drops.order')} ${t('drops.mayLeave')}`} share={share} rows={rows} cancel={waits ? () => cancel.mutate(undefined) : null} />;
}
