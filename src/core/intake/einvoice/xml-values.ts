import { dayOf, parseDay, partsOf } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { divideHalfUp } from '#core/kernel/rounding.ts';
import { FIRST_LEDGER_YEAR, LAST_LEDGER_YEAR, MAX_AMOUNT_MINOR } from '../limits.ts';

/** An exact decimal: `units / 10^scale`. */
export type Decimal = { readonly units: bigint; readonly scale: number };

/** Why a text is no amount of a currency. */
export type DecimalFault = 'malformed' | 'decimals' | 'outOfRange';

/** The lexical space of `xsd:decimal` within reason: sign, digits, point; no exponent, no separator, only the digits 0 to 9. */
const DECIMAL_TEXT = /^([+-]?)(\d{0,20})(?:\.(\d{0,12}))?$/;
const DECIMAL_CHARS_MAX = 40;

/** Reads an `xsd:decimal` exactly, whatever its number of decimals; null when it is none. */
export function readDecimal(text: string): Decimal | null {
  if (text.length > DECIMAL_CHARS_MAX) return null;
  const [whole, sign = '', integer = '', fraction = ''] = DECIMAL_TEXT.exec(text) ?? [];
  if (whole === undefined || integer + fraction === '') return null;
  const units = BigInt(integer + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

const largest = BigInt(MAX_AMOUNT_MINOR);

/** Minor units of a decimal in a currency of that many digits; digits beyond are an error unless they are zeros. */
export function exactMinor({ units, scale }: Decimal, digits: number): Result<bigint, DecimalFault> {
  const factor = 10n ** BigInt(Math.abs(digits - scale));
  if (scale > digits && units % factor !== 0n) return err('decimals');
  const minor = scale > digits ? units / factor : units * factor;
  return minor > largest || minor < -largest ? err('outOfRange') : ok(minor);
}

/** Sum of decimals, in minor units rounded half up once, at the end. */
export function sumToMinor(values: readonly Decimal[], digits: number): bigint {
  const scale = values.reduce((most, value) => Math.max(most, value.scale), digits);
  const sum = values.reduce((total, value) => total + value.units * 10n ** BigInt(scale - value.scale), 0n);
  return divideHalfUp(sum, 10n ** BigInt(scale - digits));
}

/** A day within the years a ledger may speak of. */
function ledgerDay(day: Day | null): Day | null {
  if (day === null) return null;
  const { year } = partsOf(day);
  return year >= FIRST_LEDGER_YEAR && year <= LAST_LEDGER_YEAR ? day : null;
}

/** Formats of UN/CEFACT (code list 2379) that hold a calendar day: 102 the day, 203 with minutes, 204 with seconds. */
const CEFACT_TEXT: ReadonlyMap<string, RegExp> = new Map([
  ['102', /^(\d{4})(\d{2})(\d{2})$/],
  ['203', /^(\d{4})(\d{2})(\d{2})([01]\d|2[0-3])([0-5]\d)$/],
  ['204', /^(\d{4})(\d{2})(\d{2})([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/],
]);

/** A moment as a document states it: its day and, when given, the time of day "HH:MM:SS" of whoever wrote it (no zone). */
export type StatedMoment = { readonly on: Day; readonly time: string | null };

/** Reads a UN/CEFACT date of a format (102 when not said); null when malformed, no such day or hour, or outside 1980-2099. */
export function readCefactMoment(text: string, format: string | null): StatedMoment | null {
  const match = CEFACT_TEXT.get(format ?? '102')?.exec(text);
  if (match === null || match === undefined) return null;
  const [, year, month, day, hours, minutes, seconds] = match;
  const on = ledgerDay(dayOf(Number(year), Number(month), Number(day)));
  if (on === null) return null;
  return { on, time: hours === undefined ? null : `${hours}:${minutes ?? '00'}:${seconds ?? '00'}` };
}

/** `xsd:date`: the calendar day as written; its time zone says where it is that day and moves nothing. */
const XSD_DATE = /^(\d{4}-\d{2}-\d{2})(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?$/;

/** Reads an `xsd:date` ("2026-09-30", "2026-09-30+02:00"); null when malformed, no such day, or outside 1980-2099. */
export function readXsdDate(text: string): Day | null {
  const match = XSD_DATE.exec(text);
  return match === null ? null : ledgerDay(parseDay(match[1] ?? ''));
}
