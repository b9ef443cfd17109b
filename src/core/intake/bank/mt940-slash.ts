import { textOrNull, tidyText } from './cfonb-fields.ts';
import { accountOf, bicOf, NO_DETAILS, referenceOf } from './mt940-details.ts';
import type { Mt940Details } from './mt940-details.ts';
import type { BankReturn } from './bank-line.ts';

/** Field names of the Dutch and Luxembourg banks (ING, Rabobank, ABN AMRO and those that follow them). */
const CODES = [
  'TRTP', 'TRCD', 'EREF', 'PREF', 'KREF', 'IREF', 'MARF', 'CSID', 'CNTP', 'REMI', 'RTRN', 'RETURN', 'PURP', 'ULTC', 'ULTD', 'ULTB', 'NAME', 'ADDR', 'IBAN', 'BIC', 'ORDP',
  'BENM', 'ISDT', 'SVCL', 'ACCW',
] as const;

type Code = (typeof CODES)[number];

const FIELD = new RegExp(`/(${CODES.join('|')})/`, 'gu');

const isCode = (text: string): text is Code => CODES.some((code) => code === text);

/** Reads `/EREF/…/CNTP/…/REMI/…/`; null when the text does not begin with such a field. */
export function slashDetails(text: string): Mt940Details | null {
  const trimmed = text.trim();
  const begins = /^\/([A-Z]{3,6})\//u.exec(trimmed)?.[1];
  if (begins === undefined || !isCode(begins)) return null;
  const fields = fieldsOf(trimmed);
  const party = (fields.get('CNTP') ?? '').split('/');
  const account = textOrNull(fields.get('IBAN')) ?? textOrNull(party[0]);
  const remittance = remittanceOf(fields.get('REMI') ?? '');
  return {
    ...NO_DETAILS,
    name: textOrNull(fields.get('NAME')) ?? textOrNull(party[2]),
    ...(account === null ? {} : accountOf(account)),
    bic: bicOf(fields.get('BIC')) ?? bicOf(party[1]),
    ultimateName: textOrNull(fields.get('ULTD')) ?? textOrNull(fields.get('ULTC')) ?? textOrNull(fields.get('ULTB')),
    endToEndId: referenceOf(fields.get('EREF')), mandateId: referenceOf(fields.get('MARF')),
    ...remittance, label: textOrNull(fields.get('TRTP')), returned: returnOf(fields.get('RTRN') ?? fields.get('RETURN')),
  };
}

/** Value of each field by its first appearance; slashes that only separate are taken off both ends. */
function fieldsOf(text: string): Map<Code, string> {
  const found = new Map<Code, string>();
  FIELD.lastIndex = 0;
  let name: Code | null = null;
  let from = 0;
  const close = (to: number): void => {
    if (name !== null && !found.has(name)) found.set(name, stripSlashes(text.slice(from, to)));
  };
  for (let match = FIELD.exec(text); match !== null; match = FIELD.exec(text)) {
    close(match.index);
    name = match[1] !== undefined && isCode(match[1]) ? match[1] : null;
    from = match.index + match[0].length;
    // The slash that ends one field may begin the next.
    FIELD.lastIndex = from - 1;
  }
  close(text.length);
  return found;
}

function stripSlashes(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && text.charAt(from) === '/') from += 1;
  while (to > from && text.charAt(to - 1) === '/') to -= 1;
  return tidyText(text.slice(from, to));
}

/** `USTD//free text`, `STRD/CUR/reference` or free text alone. */
function remittanceOf(text: string): Pick<Mt940Details, 'remittance' | 'creditorReference'> {
  const structured = /^STRD\/(?:CUR|ISO|RF)\/(.+)$/u.exec(text);
  if (structured !== null) return { remittance: '', creditorReference: textOrNull(structured[1]) };
  return { remittance: tidyText(text.replace(/^(?:USTD|STRD)\/+/u, '')), creditorReference: null };
}

function returnOf(text: string | undefined): BankReturn | null {
  if (text === undefined) return null;
  const code = /^[A-Z]{2}\d{2}\b/u.exec(text)?.[0] ?? null;
  return { code, text: textOrNull(code === null ? text : text.slice(code.length).replace(/^\//u, '')) };
}
