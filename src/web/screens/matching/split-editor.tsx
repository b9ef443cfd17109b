import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '#core/api/faults.ts';
import type { OpenLineView, Placing } from '#core/api/matching.ts';
import type { ApiFault } from '../../api/client.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { CustomerSelect } from '../../ui/customer-select.tsx';
import { formatDay, formatMoney } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { decimalOf } from '../../ui/typed-amount.ts';
import { SplitAccount, useFaultWords } from './split-account.tsx';
import { addCustomer, checkSplit, placeOf, placingOfSplit, removeCustomer } from './split.ts';
import type { Split } from './split.ts';
import { useLineWords } from './use-line-changes.ts';

/** Below this width the window takes the whole screen. */
const NARROW = '(max-width: 48em)';

type FormProps = {
  readonly line: OpenLineView; readonly split: Split; readonly become: (change: (split: Split) => Split) => void;
  readonly place: (placing: Placing) => Promise<ApiFault | null>; readonly placed: () => void; readonly close: () => void;
};

function Rest({ split, rest }: { readonly split: Split; readonly rest: bigint }): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const money = (minor: bigint): string => formatMoney(decimalOf(minor, split.currency), split.currency, language);
  const keeper = split.uses[0]?.customer.name;
  return (
    <output style={{ display: 'block' }}>
      <Text component="span" display="block" fw={650} className="number" c={rest < 0n ? '#96190f' : rest === 0n ? '#0a5c44' : 'inherit'}>{rest < 0n ? t('matching.restOver') : t('matching.rest')} : {money(rest < 0n ? -rest : rest)}</Text>
      {rest > 0n && keeper !== undefined ? <Text component="span" display="block" size="xs" c="dimmed">{t('matching.restKept', { amount: money(rest), customer: keeper })}</Text> : null}
    </output>
  );
}

function SplitForm({ line, split, become, place, placed, close }: FormProps): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSay();
  const words = useFaultWords(split);
  const [refused, setRefused] = useState<Fault | null>(null);
  const [full, setFull] = useState(false);
  const [sending, setSending] = useState(false);
  const { rest, faults } = checkSplit(split);
  const change = (by: (split: Split) => Split): void => { setFull(false); become(by); };
  const idle = line.kind === 'credit' && split.uses.every((use) => use.parts.length === 0);
  const ready = faults.size === 0 && !idle && !sending;
  const send = async (): Promise<void> => {
    if (!ready) return;
    setSending(true);
    const refusal = await place(placingOfSplit(line.key, split));
    setSending(false);
    setRefused(refusal?.fault ?? null);
    if (refusal === null) placed();
  };
  const press = (event: KeyboardEvent<HTMLDivElement>): void => {
    const inAmount = event.target instanceof HTMLInputElement && event.target.dataset['amount'] !== undefined;
    if (event.key !== 'Enter' || event.defaultPrevented || !(inAmount || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void send();
  };
  const whole = faults.get(placeOf.whole);
  const without = new Set(split.uses.map((use) => use.customer.id));
  return (
    <div onKeyDown={press} role="presentation">
      <Stack gap="md" pb="md">
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{t('matching.splitOf', { ...useLineWords()(line), day: formatDay(line.bookedOn, language) })}{line.text === '' ? '' : ` · ${line.text}`}</Text>
        {split.uses.map((use) => (
          <SplitAccount
            key={use.customer.id} use={use} split={split} faults={faults} refused={refused} own={line.kind === 'credit' ? line.key.replace('credit-', '') : null} become={change}
            nothingLeft={() => setFull(true)} remove={line.kind === 'credit' ? null : () => change((now) => removeCustomer(now, use.customer.id))}
          />
        ))}
        {line.kind === 'credit' ? null : (
          <CustomerSelect key={split.uses.length} label={split.uses.length === 0 ? t('matching.findCustomer') : t('matching.addCustomer')} description={t('matching.findCustomerHint')} chosen={null} focused={split.uses.length === 0} without={without} choose={(customer) => change((now) => addCustomer(now, customer))} />
        )}
      </Stack>
      <div className="split-foot">
        {refused === null ? null : <Alert color="brick" variant="light" icon={<Icon name="alert" />} role="alert" mb="sm" styles={{ message: { color: '#5b1a13' } }}>{say(refused.message)}</Alert>}
        {full ? <Text component="output" display="block" size="sm" c="#7a4100" mb={6}>{t('matching.nothingLeft')}</Text> : null}
        <Group justify="space-between" gap="sm">
          <div><Rest split={split} rest={rest} />{whole === undefined ? null : <Text size="sm" c={whole === 'over' ? '#96190f' : 'dimmed'}>{words(whole)}</Text>}</div>
          <Group gap="xs"><Button variant="default" onClick={close}>{t('frame.cancel')}</Button><Button disabled={!ready} loading={sending} onClick={() => void send()}>{t('matching.placeSplit')}</Button></Group>
        </Group>
      </div>
    </div>
  );
}

/** A line that is being divided, from which proposal, and how far. */
export type Dividing = { readonly line: OpenLineView; readonly from: string; readonly split: Split };

type EditorProps = {
  readonly of: Dividing | null; readonly opened: boolean; readonly become: (change: (split: Split) => Split) => void;
  readonly place: (line: OpenLineView, placing: Placing) => Promise<ApiFault | null>; readonly placed: (line: OpenLineView) => void; readonly close: () => void;
};

/** Divides a line by hand: customers, documents, credits and what is let go. What was begun stays with the caller when the window is left. */
export function SplitEditor({ of, opened, become, place, placed, close }: EditorProps): ReactElement {
  const { t } = useTranslation();
  const language = useLanguage();
  const narrow = useMediaQuery(NARROW) ?? false;
  return (
    <Modal opened={opened && of !== null} onClose={close} size="56rem" fullScreen={narrow} returnFocus={false} closeButtonProps={{ 'aria-label': t('frame.close') }} title={<Text fw={650}>{of === null ? '' : t('matching.splitTitle', { amount: formatMoney(of.line.amount, of.line.currency, language) })}</Text>}>
      {of === null ? null : <SplitForm line={of.line} split={of.split} become={become} place={(placing) => place(of.line, placing)} placed={() => placed(of.line)} close={close} />}
    </Modal>
  );
}
