import { ActionIcon, Alert, Button, Drawer, Grid, Group, Text, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue, useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpenLineView, PersonWriteOffReason } from '#core/api/matching.ts';
import { useMatchingSummary } from '../../api/matching.ts';
import { useSession } from '../../api/queries.ts';
import { useLanguage } from '../../language/language.ts';
import { Icon } from '../../ui/icons.tsx';
import { ButtonTo } from '../../ui/links.tsx';
import { EmptyState, FaultNote, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { DismissDialog } from './dismiss-dialog.tsx';
import { KeysHelp } from './keys-help.tsx';
import { LineList } from './line-list.tsx';
import { LinePane } from './line-pane.tsx';
import type { LineWork } from './line-pane.tsx';
import { placingOf, settlingOf, signatureOf, usesOf } from './proposals.ts';
import type { Settling } from './proposals.ts';
import { SettleDialog } from './settle-dialog.tsx';
import { SplitEditor } from './split-editor.tsx';
import type { Dividing } from './split-editor.tsx';
import { emptySplit, splitOf } from './split.ts';
import { useChoice } from './use-choice.ts';
import { useDeskKeys } from './use-desk-keys.ts';
import { useDesk } from './use-desk.ts';
import { useLineChanges, useRefusal } from './use-line-changes.ts';

/** Width from which the line stands beside the list. */
const BESIDE = '(min-width: 62em)';

/** The line lies over the list on a phone, and its own dialogs lie over it (they are at 200). */
const BELOW_DIALOGS = 180;

/** A search is asked for when the typing pauses. */
const TYPING_MS = 250;

/** Nothing to show: why, and what to do about it. */
function EmptyDesk({ search, clear }: { readonly search: string; readonly clear: () => void }): ReactElement {
  const { t } = useTranslation();
  const { data } = useMatchingSummary();
  if (search !== '') return <EmptyState icon="search" title={t('matching.empty.none')} text={t('matching.empty.noneText')}><Button variant="light" onClick={clear}>{t('matching.empty.clear')}</Button></EmptyState>;
  if (data?.noBank === true) return <EmptyState icon="bank" title={t('matching.empty.noBank')} text={t('matching.empty.noBankText')}><ButtonTo to="/import">{t('matching.empty.toImport')}</ButtonTo></EmptyState>;
  return <EmptyState icon="check" title={t('matching.empty.done')} text={t('matching.empty.doneText', { count: data?.placed ?? 0 })} />;
}

/** Without a statement only the credits of the accounts can be placed: it is said above them. */
function NoBankNote(): ReactElement | null {
  const { t } = useTranslation();
  const { data } = useMatchingSummary();
  if (data?.noBank !== true) return null;
  return (
    <Alert color="yellow" variant="light" icon={<Icon name="bank" />} mt="md" title={t('matching.empty.noBank')} styles={{ message: { color: '#5c3c00' }, title: { color: '#7a4100' } }}>
      <Group justify="space-between" gap="sm"><Text size="sm">{t('matching.empty.noBankText')}</Text><ButtonTo to="/import" size="xs" variant="white">{t('matching.empty.toImport')}</ButtonTo></Group>
    </Alert>
  );
}

type Dialog = { readonly kind: 'dismiss' } | { readonly kind: 'settle'; readonly of: Settling } | { readonly kind: 'split' } | { readonly kind: 'help' };

/** What a person can do with the current line, and the dialogs it opens. */
function useWork(desk: ReturnType<typeof useDesk>, shut: () => void) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mayWork = useSession().organisation.role !== 'reader';
  const { line } = desk;
  const choice = useChoice(line);
  const changes = useLineChanges(desk.back);
  const refuse = useRefusal();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [dividing, setDividing] = useState<Dividing | null>(null);
  const { proposal } = choice;
  const leave = (left: OpenLineView): void => {
    setDialog(null);
    if (desk.lines.length < 2) shut();
    desk.leave(left.key);
  };
  const divide = (of: OpenLineView, from: string, start: Dividing['split']): void => {
    // What was begun by hand on the same line from the same proposal is taken up again.
    if (dividing?.line.key !== of.key || dividing.from !== from) setDividing({ line: of, from, split: start });
    setDialog({ kind: 'split' });
  };
  const split = (): void => { if (line !== null) divide(line, proposal === null ? '' : signatureOf(proposal), proposal === null ? emptySplit(line) : splitOf(line, proposal, language)); };
  const settling = line === null || proposal === null ? null : settlingOf(proposal, line.currency);
  const place = (): void => {
    if (line === null) return;
    if (proposal === null) tell(t('matching.nothingChosen'), 'bad');
    else if (!choice.justChanged) {
      leave(line);
      changes.place(line, placingOf(line, usesOf(proposal, line.currency)));
    }
  };
  const settle = (reason: PersonWriteOffReason, note: string | null): void => {
    if (line === null || dialog?.kind !== 'settle') return;
    leave(line);
    changes.place(line, placingOf(line, dialog.of.uses.map((use) => ({ ...use, writeOff: { amount: dialog.of.amount, reason, note } }))));
  };
  const bank = line?.kind === 'bankLine' ? line : null;
  const work: LineWork | null = line === null || !mayWork ? null : {
    place: proposal === null ? null : place, split, undo: changes.canUndo ? changes.undoLast : null,
    customer: bank === null ? null : () => divide(bank, 'customer', emptySplit(bank)),
    settle: proposal === null ? null : () => {
      if (settling === null) tell(t('matching.nothingToSettle'), 'bad');
      else setDialog({ kind: 'settle', of: settling });
    },
    refuse: bank === null || proposal === null ? null : () => void refuse(bank, proposal.customer),
    dismiss: bank === null ? null : () => setDialog({ kind: 'dismiss' }),
  };
  return { choice, changes, dialog, setDialog, dividing, setDividing, work, place, settle, leave, mayWork };
}

function Dialogs({ of, line }: { readonly of: ReturnType<typeof useWork>; readonly line: OpenLineView | null }): ReactElement {
  const { dialog, setDialog, dividing, setDividing, changes, leave } = of;
  const close = (): void => setDialog(null);
  return (
    <>
      <DismissDialog line={dialog?.kind === 'dismiss' ? line : null} close={close} dismiss={(reason, note) => { if (line !== null) { leave(line); changes.dismiss(line, reason, note); } }} />
      <SettleDialog of={dialog?.kind === 'settle' ? dialog.of : null} currency={line?.currency ?? 'EUR'} close={close} settle={of.settle} />
      <SplitEditor
        of={dividing} opened={dialog?.kind === 'split'} close={close} place={changes.placeFromForm} placed={(placed) => { setDividing(null); leave(placed); }}
        become={(change) => setDividing((before) => (before === null ? before : { ...before, split: change(before.split) }))}
      />
      <KeysHelp opened={dialog?.kind === 'help'} close={close} />
    </>
  );
}

/** Money to place: the list, the line beside it (over it on a phone), worked by keys or by buttons. */
export function OpenBoard({ asked }: { readonly asked: string | null }): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), TYPING_MS);
  const field = useRef<HTMLInputElement>(null);
  const beside = useMediaQuery(BESIDE) ?? true;
  const desk = useDesk(search, asked, beside);
  const [reading, reader] = useDisclosure(asked !== null);
  const of = useWork(desk, reader.close);
  const { choice, work, changes } = of;
  const { list, lines, line } = desk;
  const open = (key: string): void => { desk.choose(key); if (!beside) reader.open(); };
  const unless = (key: keyof LineWork): void => work?.[key]?.();
  useDeskKeys({
    current: desk.current, move: desk.move, open, choose: choice.choose, place: () => { if (of.mayWork) of.place(); },
    split: () => unless('split'), customer: () => unless('customer'), settle: () => unless('settle'), refuse: () => unless('refuse'), dismiss: () => unless('dismiss'),
    undo: () => { if (of.mayWork) changes.undoLast(); }, search: () => field.current?.focus(), help: () => of.setDialog({ kind: 'help' }),
  }, of.dialog !== null);
  const rows = lines.length > 0 ? <LineList lines={lines} current={desk.current} failed={(key) => changes.faults.has(key)} open={open} />
    : list.error !== null ? null : desk.empty ? <EmptyDesk search={search} clear={() => setText('')} /> : <Loading rows={8} />;
  const pane = <LinePane key={line?.key ?? ''} line={line} choice={choice} fault={line === null ? null : (changes.faults.get(line.key) ?? null)} work={work} />;
  return (
    <>
      {desk.gone ? <Alert color="yellow" variant="light" icon={<Icon name="alert" />} mt="md" styles={{ message: { color: '#5c3c00' } }}>{t('matching.gone')}</Alert> : null}
      {lines.length > 0 ? <NoBankNote /> : null}
      <Grid gap="lg" mt="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <section className="card card-flush" aria-busy={list.isFetching}>
            <Group gap="sm" p="md" wrap="nowrap" style={{ borderBottom: '1px solid #e3e8e6' }}>
              <TextInput ref={field} style={{ flex: '1 1 180px' }} aria-label={t('matching.search')} placeholder={t('matching.search')} leftSection={<Icon name="search" size={16} />} maxLength={100} value={text} onChange={(event) => setText(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === 'Escape' || event.key === 'Enter') { event.preventDefault(); event.currentTarget.blur(); desk.move(0); } }} />
              <Tooltip label={t('matching.helpButton')}><ActionIcon variant="default" size="lg" visibleFrom="sm" onClick={() => of.setDialog({ kind: 'help' })} aria-label={t('matching.helpButton')}><Icon name="keyboard" /></ActionIcon></Tooltip>
            </Group>
            {list.error === null ? null : <FaultNote error={list.error} retry={() => void list.refetch()} />}
            {rows}
            {list.hasNextPage && lines.length > 0 ? <Group justify="center" p="sm"><Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('frame.more')}</Button></Group> : null}
          </section>
        </Grid.Col>
        {beside ? <Grid.Col span={{ base: 12, md: 7 }}><section className="card pane-beside" aria-label={t('matching.paneTitle')}>{pane}</section></Grid.Col> : null}
      </Grid>
      {beside ? null : <Drawer opened={reading && line !== null} onClose={reader.close} position="bottom" size="92%" zIndex={BELOW_DIALOGS} title={t('matching.paneTitle')} closeButtonProps={{ 'aria-label': t('frame.close') }}>{pane}</Drawer>}
      <Dialogs of={of} line={line} />
    </>
  );
}
