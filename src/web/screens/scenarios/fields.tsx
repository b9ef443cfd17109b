import { NumberInput, Text, TextInput } from '@mantine/core';
import type { NumberInputProps, TextInputProps } from '@mantine/core';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ProblemView } from '#core/api/faults.ts';
import { useLanguage, useSay } from '../../language/language.ts';
import { decimalOf, inField, readAmount } from '../../ui/typed-amount.ts';

/** What is typed until it means something, and again what stands when that changes from outside. */
function useTyped(standing: string): [string, (text: string, means: string) => void] {
  const [typed, setTyped] = useState({ text: standing, standing });
  if (typed.standing !== standing) setTyped({ text: standing, standing });
  return [typed.standing === standing ? typed.text : standing, (text, means) => setTyped({ text, standing: means })];
}

type WholeProps = Omit<NumberInputProps, 'value' | 'onChange'> & { readonly value: number; readonly become: (value: number) => void };

/** A whole number; an empty field changes nothing yet. */
export function WholeField({ value, become, ...rest }: WholeProps): ReactElement {
  const [text, type] = useTyped(String(value));
  const change = (next: number | string): void => {
    const whole = next === '' ? Number.NaN : Number(next);
    type(String(next), Number.isInteger(whole) ? String(whole) : String(value));
    if (Number.isInteger(whole)) become(whole);
  };
  return <NumberInput allowDecimal={false} value={text} onChange={change} onBlur={() => type(String(value), String(value))} {...rest} />;
}

type MaybeProps = Omit<NumberInputProps, 'value' | 'onChange'> & { readonly value: number | undefined; readonly become: (value: number | undefined) => void };

/** A whole number that may be left out. */
export function MaybeField({ value, become, ...rest }: MaybeProps): ReactElement {
  return <NumberInput allowDecimal={false} value={value ?? ''} onChange={(next) => become(next === '' || !Number.isInteger(Number(next)) ? undefined : Number(next))} {...rest} />;
}

/** Longest amount the server takes. */
const AMOUNT_MAX = 24;

type AmountProps = Omit<TextInputProps, 'value' | 'onChange'> & {
  readonly amount: string; readonly currency: string; readonly notAmount: string; readonly become: (amount: string) => void; readonly optional?: boolean;
};

/** An amount as people write it; what is none is said beside the field and changes nothing. An optional one may be emptied: it is then "". */
export function AmountField({ amount, currency, notAmount, become, error, optional = false, ...rest }: AmountProps): ReactElement {
  const language = useLanguage();
  const [text, type] = useTyped(inField(amount, language));
  const empty = optional && text.trim() === '';
  const change = (next: string): void => {
    const minor = readAmount(next, currency);
    const plain = optional && next.trim() === '' ? '' : minor === null ? null : decimalOf(minor, currency);
    type(next, plain === null ? inField(amount, language) : inField(plain, language));
    if (plain !== null && plain !== amount) become(plain);
  };
  const wrong = !empty && readAmount(text, currency) === null;
  return <TextInput inputMode="decimal" maxLength={AMOUNT_MAX} value={text} onChange={(event) => change(event.currentTarget.value)} error={wrong ? notAmount : error} {...rest} />;
}

/** The sentences of errors for a field, in its own place; null when there are none. */
export function useFaultOf(): (problems: readonly ProblemView[] | undefined) => string | null {
  const say = useSay();
  return (problems) => {
    const errors = (problems ?? []).filter(({ severity }) => severity === 'error');
    return errors.length === 0 ? null : errors.map(({ message }) => say(message)).join(' ');
  };
}

/** What is doubtful about a field, without standing in the way. */
export function Doubts({ of }: { readonly of: readonly ProblemView[] | undefined }): ReactElement | null {
  const say = useSay();
  const doubts = (of ?? []).filter(({ severity }) => severity === 'warning');
  return doubts.length === 0 ? null : <Text size="xs" c="#7a4100" mt={4}>{doubts.map(({ message }) => say(message)).join(' ')}</Text>;
}
