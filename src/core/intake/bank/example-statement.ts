import type { Day } from '#core/kernel/day.ts';
import { partsOf } from '#core/kernel/day.ts';

/** A movement of an example statement, in cents. */
export type ExampleMovement = { readonly on: Day; readonly cents: bigint; readonly label: string; readonly text: string; readonly reference: string };

/** An example statement in EUR; its closing balance follows from the rest. */
export type ExampleStatement = { readonly account: string; readonly number: number; readonly from: Day; readonly until: Day; readonly opening: bigint; readonly movements: readonly ExampleMovement[] };

const two = (value: number): string => String(value % 100).padStart(2, '0');

const sum = ({ opening, movements }: ExampleStatement): bigint => movements.reduce((total, { cents }) => total + cents, opening);

/** A signed amount as CFONB writes it: 13 digits and a last one that holds the sign. */
export function cfonbAmountText(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(14, '0');
  return digits.slice(0, 13) + (cents < 0n ? '}JKLMNOPQR' : '{ABCDEFGHI').charAt(Number(digits.charAt(13)));
}

/** The statements as a CFONB 120 file, records joined and ended by `lineEnd`. */
export function cfonb120Text(statements: readonly ExampleStatement[], lineEnd: string): string {
  const day = (on: Day): string => {
    const { year, month, day: dayOfMonth } = partsOf(on);
    return two(dayOfMonth) + two(month) + two(year);
  };
  const head = (code: string, operation: string, account: string): string => `${code}30004${operation.padEnd(4)}00550EUR2 ${account.padStart(11, '0')}`;
  const records = statements.flatMap((statement) => {
    const { account, from, until, opening, movements } = statement;
    return [
      `${head('01', '', account)}  ${day(from)}${' '.repeat(50)}${cfonbAmountText(opening)}`,
      ...movements.flatMap(({ on, cents, label, text, reference }) => [
        `${head('04', 'B001', account)}18${day(on)}  ${day(on)}${label.slice(0, 31).padEnd(31)}  0000000  ${cfonbAmountText(cents)}${reference.slice(0, 16)}`,
        `${head('05', 'B001', account)}18${day(on)}     LCC${text.slice(0, 70)}`,
      ]),
      `${head('07', '', account)}  ${day(until)}${' '.repeat(50)}${cfonbAmountText(sum(statement))}`,
    ];
  });
  return records.map((record) => record.padEnd(120) + lineEnd).join('');
}

/** The statements as an MT940 file. */
export function mt940Text(statements: readonly ExampleStatement[], lineEnd: string): string {
  const day = (on: Day): string => on.replaceAll('-', '').slice(2);
  const amount = (cents: bigint): string => {
    const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
    return `${digits.slice(0, -2)},${digits.slice(-2)}`;
  };
  const side = (cents: bigint): string => (cents < 0n ? 'D' : 'C');
  const fields = statements.flatMap((statement) => {
    const { account, number, from, until, opening, movements } = statement;
    const closing = sum(statement);
    return [
      `:20:ACQUIT${number}`, `:25:30004/${account}`, `:28C:${number}/1`, `:60F:${side(opening)}${day(from)}EUR${amount(opening)}`,
      ...movements.flatMap(({ on, cents, label, text, reference }) => [
        `:61:${day(on)}${day(on).slice(2)}${side(cents)}${amount(cents)}NTRF${label.replaceAll(/[^A-Z0-9]/gu, '').slice(0, 16)}//${reference}`, `:86:${text}`,
      ]),
      `:62F:${side(closing)}${day(until)}EUR${amount(closing)}`, '-',
    ];
  });
  return fields.map((field) => field + lineEnd).join('');
}
