import { dayOf } from '#core/kernel/day.ts';
import type { FecFileName } from './fec-line.ts';

const NAME = /(?:^|[^0-9])(\d{9})[ _-]?FEC[ _-]?(\d{4})(\d{2})(\d{2})(?!\d)(?:[_-](\d{1,3})(?=\.|$))?/iu;
const MAX_NAME_CHARS = 300;

/** Reads "{SIREN}FEC{AAAAMMJJ}.txt", with or without a part number ("_01"), wherever it stands in the name; null when it is not there. */
export function parseFecFileName(fileName: string): FecFileName | null {
  const match = NAME.exec(fileName.slice(-MAX_NAME_CHARS));
  if (match === null) return null;
  const [, siren = '', year, month, dayOfMonth, part] = match;
  const closingOn = dayOf(Number(year), Number(month), Number(dayOfMonth));
  return closingOn === null ? null : { siren, closingOn, part: part === undefined ? null : Number(part) };
}
