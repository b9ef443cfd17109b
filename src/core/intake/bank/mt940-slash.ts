import { tidyText } from './cfonb-fields.ts';
import { accountOf, bicOf, nameNumber, NO_ACCOUNT, referenceIn } from './mt940-details.ts';
import type { Mt940Details } from './mt940-details.ts';
import type { BankReturn } from './bank-line.ts';

/** Places of the fields of the Dutch and Luxembourg banks (ING, Rabobank, ABN AMRO and those that follow them); the last is of those that say nothing of a line. */
const PLACE = { TRTP: 0, EREF: 1, MARF: 2, CNTP: 3, REMI: 4, RTRN: 5, RETURN: 6, ULTC: 7, ULTD: 8, ULTB: 9, NAME: 10, IBAN: 11, BIC: 12, passedOver: 13 } as const;

/** Nothing found yet; copied for each text, because a copy is faster than an array that grows. */
const NOTHING: readonly (string | undefined)[] = Object.keys(PLACE).map(() => undefined);

/** Names that only end the field before them. */
const PASSED_OVER = ['TRCD', 'PREF', 'KREF', 'IREF', 'CSID', 'PURP', 'ADDR', 'ORDP', 'BENM', 'ISDT', 'SVCL', 'ACCW'];

const NAMES: readonly (readonly [string, number])[] = [...Object.entries(PLACE).filter(([name]) => name !== 'passedOver'), ...PASSED_OVER.map((name): [string, number] => [name, PLACE.passedOver])];

const PLACE_BY_NUMBER: ReadonlyMap<number, number> = new Map(NAMES.map(([name, place]) => [nameNumber(name, 0, name.length), place]));

/** Value of each field by place, of its first appearance. */
type Fields = (string | undefined)[];

/** Reads `/EREF/…/CNTP/…/REMI/…/`; null when the text does not begin with such a field. */
export function slashDetails(text: string): Mt940Details | null {
  // Tidied once: no value needs more than its own ends trimmed.
  const fields = text.trimStart().startsWith('/') ? fieldsOf(tidyText(text)) : null;
  if (fields === null) return null;
  const party = fields[PLACE.CNTP] ?? '';
  const accountEnd = partEnd(party, 0);
  const bicEnd = partEnd(party, accountEnd + 1);
  const account = saidIn(fields[PLACE.IBAN]) ?? saidIn(party.slice(0, accountEnd));
  const { iban, account: other } = account === null ? NO_ACCOUNT : accountOf(account);
  const creditorReference = structuredReference(fields[PLACE.REMI]);
  return {
    name: saidIn(fields[PLACE.NAME]) ?? saidIn(party.slice(bicEnd + 1, partEnd(party, bicEnd + 1))), iban, account: other,
    bic: bicOf(fields[PLACE.BIC]) ?? bicOf(party.slice(accountEnd + 1, bicEnd)),
    ultimateName: saidIn(fields[PLACE.ULTD]) ?? saidIn(fields[PLACE.ULTC]) ?? saidIn(fields[PLACE.ULTB]),
    endToEndId: referenceIn(fields[PLACE.EREF]), mandateId: referenceIn(fields[PLACE.MARF]), creditorReference,
    remittance: creditorReference === null ? freeText(fields[PLACE.REMI] ?? '') : '',
    label: saidIn(fields[PLACE.TRTP]), code: null, returned: returnOf(fields[PLACE.RTRN] ?? fields[PLACE.RETURN]),
  };
}

/** Goes from slash to slash: a name between two of them begins a field, and the slash that ends one may begin the next. */
function fieldsOf(text: string): Fields | null {
  let slash = text.indexOf('/', 1);
  let place = PLACE_BY_NUMBER.get(nameNumber(text, 1, slash));
  if (place === undefined) return null;
  const fields: Fields = NOTHING.slice();
  let from = slash + 1;
  for (let next = text.indexOf('/', from); next >= 0; next = text.indexOf('/', slash + 1)) {
    const found = PLACE_BY_NUMBER.get(nameNumber(text, slash + 1, next));
    if (found !== undefined) {
      fields[place] ??= betweenSlashes(text, from, slash);
      place = found;
      from = next + 1;
    }
    slash = next;
  }
  fields[place] ??= betweenSlashes(text, from, text.length);
  return fields;
}

const SLASH = 0x2f;

/** A stretch of a text without the slashes and blanks at its ends. */
function betweenSlashes(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && text.charCodeAt(from) === SLASH) from += 1;
  while (to > from && text.charCodeAt(to - 1) === SLASH) to -= 1;
  return text.slice(from, to).trim();
}

function partEnd(text: string, from: number): number {
  const slash = text.indexOf('/', from);
  return slash < 0 ? text.length : slash;
}

/** A part of a tidy text; null when there is nothing in it. */
function saidIn(part: string | undefined): string | null {
  const said = part === undefined ? '' : part.trim();
  return said === '' ? null : said;
}

/** The reference of `STRD/CUR/reference`; null when the purpose is text. */
function structuredReference(purpose: string | undefined): string | null {
  if (purpose === undefined || !purpose.startsWith('STRD/')) return null;
  return saidIn(/^STRD\/(?:CUR|ISO|RF)\/(.+)$/u.exec(purpose)?.[1]);
}

/** `USTD//free text` or free text alone. */
function freeText(purpose: string): string {
  if (!purpose.startsWith('USTD/') && !purpose.startsWith('STRD/')) return purpose;
  let from = 'USTD/'.length;
  while (purpose.charCodeAt(from) === SLASH) from += 1;
  return purpose.slice(from).trim();
}

function returnOf(text: string | undefined): BankReturn | null {
  if (text === undefined) return null;
  const code = /^[A-Z]{2}\d{2}\b/u.exec(text)?.[0] ?? null;
  return { code, text: saidIn(code === null ? text : text.slice(code.length).replace(/^\//u, '')) };
}
