import { textOrNull, tidyText } from './cfonb-fields.ts';
import { accountOf, bicOf, isFullLine, NO_DETAILS, referenceOf } from './mt940-details.ts';
import type { Mt940Details } from './mt940-details.ts';
import type { BankReturn } from './bank-line.ts';

/** Characters of a subfield of purpose or name: a full one goes on in the next, inside a word if need be. */
const SUBFIELD = 27;

const PURPOSE: readonly string[] = ['20', '21', '22', '23', '24', '25', '26', '27', '28', '29', '60', '61', '62', '63'];

/** Where an identifier begins: at the head of a subfield, or behind a blank in banks that string them together. */
const IDENTIFIER_AHEAD = /(?<=^| )(?=(?:EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)\+|MTLG:)/u;

const IDENTIFIER = /^(?:([A-Z]{3,4})\+|MTLG:)/u;

/** Free words: what no identifier precedes. */
const FREE = '';

/** Business transaction codes of returned payments: direct debits B2B and CORE, credit transfers. */
const RETURN_CODES: ReadonlySet<string> = new Set(['108', '109', '159']);

/** Reasons of return in subfield 34 whose ISO 20022 code is beyond doubt; the others are given as the bank writes them. */
const REASONS: Readonly<Record<string, string>> = { 901: 'AC01', 912: 'MD06', 914: 'MS03' };

/** Lines joined where they were cut at their width; a line that begins a subfield needs no blank before it. */
function joinLines(lines: readonly string[], separator: string): string {
  return lines.reduce((text, line, index) => {
    const cut = index === 0 || line.startsWith(separator) || line.startsWith(':') || isFullLine(lines[index - 1] ?? '', index - 1);
    return cut ? text + line : `${text} ${line}`;
  }, '');
}

/** Reads the German structured form: code of three digits, then subfields `?00` to `?63` (the separator may be another sign). */
export function germanDetails(lines: readonly string[]): Mt940Details {
  const text = joinLines(lines, (lines[0] ?? '').trimStart().charAt(3)).trimStart();
  const code = text.slice(0, 3);
  const fields = subfields(text);
  const purpose = purposeOf(fields);
  const account = textOrNull(fields.get('38')) ?? textOrNull(fields.get('31')) ?? purpose.get('IBAN') ?? null;
  const remittance = tidyText(`${purpose.get('SVWZ') ?? ''} ${purpose.get(FREE) ?? ''}`);
  return {
    ...NO_DETAILS, code, label: textOrNull(fields.get('00')),
    name: textOrNull(joinSubfields([fields.get('32'), fields.get('33')])),
    ...(account === null ? {} : accountOf(account)),
    bic: bicOf(fields.get('30')) ?? bicOf(purpose.get('BIC')),
    ultimateName: textOrNull(purpose.get('ABWA')) ?? textOrNull(purpose.get('ABWE')),
    endToEndId: referenceOf(purpose.get('EREF')), mandateId: referenceOf(purpose.get('MREF')),
    remittance, returned: RETURN_CODES.has(code) ? returnOf(fields.get('34'), remittance) : null,
  };
}

function subfields(text: string): Map<string, string> {
  const separator = text.charAt(3);
  const found = new Map<string, string>();
  for (const part of text.slice(4).split(separator)) {
    const key = part.slice(0, 2);
    // A separator inside a text is no beginning of a subfield.
    if (/^\d{2}$/u.test(key) && !found.has(key)) found.set(key, part.slice(2));
    else {
      const last = [...found.keys()].at(-1);
      if (last !== undefined && part !== '') found.set(last, `${found.get(last) ?? ''}${separator}${part}`);
    }
  }
  return found;
}

/** Joins subfields: one that is just full goes on in the next; a longer one keeps to no width. */
function joinSubfields(parts: readonly (string | undefined)[]): string {
  let text = '';
  let before = SUBFIELD;
  for (const part of parts) {
    if (part === undefined) continue;
    text += before === SUBFIELD ? part : ` ${part}`;
    before = part.length;
  }
  return text;
}

/** Purpose by identifier. A value goes on in the next subfield only when its own is full, up to a blank dropped at its end. */
function purposeOf(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let name = FREE;
  let before = SUBFIELD;
  for (const key of PURPOSE) {
    const field = fields.get(key);
    if (field === undefined) continue;
    if (name !== FREE && name !== 'SVWZ' && before < SUBFIELD - 1) name = FREE;
    for (const [index, piece] of field.split(IDENTIFIER_AHEAD).entries()) {
      const mark = IDENTIFIER.exec(piece);
      if (mark !== null) name = mark[1] ?? FREE;
      const glue = mark === null && index === 0 && before === SUBFIELD ? '' : ' ';
      found.set(name, `${found.get(name) ?? ''}${glue}${mark === null ? piece : piece.slice(mark[0].length)}`);
    }
    before = field.length;
  }
  return new Map([...found].map(([identifier, value]) => [identifier, tidyText(value)]));
}

function returnOf(supplement: string | undefined, words: string): BankReturn {
  const number = (supplement ?? '').trim();
  const isReason = /^9\d{2}$/u.test(number);
  return { code: isReason ? (REASONS[number] ?? number) : null, text: textOrNull(words) };
}
