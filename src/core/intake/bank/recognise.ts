import { cfonbCurrency, readCfonbAmount, readCfonbDay } from './cfonb-fields.ts';
import { CFONB120_WIDTH } from './cfonb120.ts';
import { CFONB240_WIDTH } from './cfonb240.ts';

/** Bank formats that a plain text may be. */
export type BankTextFormat = 'cfonb120' | 'cfonb240' | 'mt940' | 'ofx';

/** Lines looked at for the beginning of an MT940: envelopes and bank headers take up to five. */
const MT940_HEAD_LINES = 12;

/** Says which bank format the beginning of a file is; null when it is none, and always for a table of columns or a FEC. */
export function recogniseBankText(head: string): BankTextFormat | null {
  const text = (head.startsWith('\ufeff') ? head.slice(1) : head).trimStart();
  if (isOfx(text)) return 'ofx';
  const line = firstLine(text);
  if (isCfonb120(line)) return 'cfonb120';
  if (isCfonb240(line)) return 'cfonb240';
  return isMt940(text) ? 'mt940' : null;
}

const firstLine = (text: string): string => text.slice(0, 2 * CFONB240_WIDTH).split(/[\r\n]/u, 1)[0] ?? '';

/** A header of 1.x, the instruction of 2.x, or the root element itself in upper case, behind comments and blanks. */
function isOfx(text: string): boolean {
  if (/^OFXHEADER\s*:\s*\d/u.test(text)) return true;
  return /^(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)?(?:<\?OFX\s|<OFX[\s>])/u.test(text);
}

function isCfonb120(line: string): boolean {
  const record = line.slice(0, CFONB120_WIDTH).padEnd(CFONB120_WIDTH);
  if (!/^0[1457]/u.test(record) || cfonbCurrency(record.slice(16, 19)) === null || !/^[\d ]$/u.test(record.charAt(19))) return false;
  if (!/^[0-9A-Z ]{11}$/u.test(record.slice(21, 32)) || readCfonbDay(record.slice(34, 40)) === null) return false;
  return record.startsWith('05') ? readCfonbDay(record.slice(34, 40)) !== 'blank' && !/[;\t|]/u.test(record.slice(0, 45)) : readCfonbAmount(record.slice(90, 104)) !== null;
}

function isCfonb240(line: string): boolean {
  return line.length > CFONB120_WIDTH / 2 && /^3[149]\d{6}.{2}\d{6}E.{4}[\d ]{5}[\d ]{5}[0-9A-Z ]{11}/u.test(line) && readCfonbDay(line.slice(10, 16)) !== null;
}

/** Needs an account or reference tag and an opening balance, or the envelope of a message of type 940. */
function isMt940(text: string): boolean {
  const lines = text.split(/\r\n|[\r\n]/u, MT940_HEAD_LINES * 4).map((line) => line.replace(/^[^:{]*(?=\{\d:)/u, ''));
  const head = lines.slice(0, MT940_HEAD_LINES);
  if (head.some((line) => /^\{1:F\d{2}[A-Z0-9]{8,}/u.test(line)) && head.some((line) => /\{2:[IO]940/u.test(line))) return true;
  const starts = head.some((line) => /^:(?:20|25P?|28C?):\S/u.test(line));
  return starts && lines.some((line) => /^:60[FM]:[CD]\d{6}[A-Z]{3}\d/u.test(line));
}
