import { decimal } from '../kernel/money.ts';
import type { Money } from '../kernel/money.ts';
import type { Problem } from '../kernel/problem.ts';
import { err, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { parseCreditorReference } from '../kernel/creditor-reference.ts';
import { parseBic, parseIban } from '#core/kernel/iban.ts';
import { cleanValue } from './value.ts';

/** A SEPA transfer to be proposed by a QR code. `reference`: an ISO 11649 reference, or free text. */
export type EpcTransfer = {
  readonly name: string;
  readonly iban: string | null;
  readonly bic: string | null;
  readonly amount: Money;
  readonly reference: string;
};

/** Characters of the beneficiary's name (EPC069-12, AT-21). */
export const EPC_NAME_MAX = 70;
/** Characters of the unstructured remittance text (EPC069-12, AT-05). */
export const EPC_TEXT_MAX = 140;
/** Bytes of the whole payload (EPC069-12, section 3). */
export const EPC_BYTES_MAX = 331;
/** Largest amount: 999 999 999.99 EUR (EPC069-12, AT-04). */
const EPC_AMOUNT_MAX_MINOR = 99_999_999_999n;

const refusal = (code: string, fr: string, en: string): Result<never, Problem> =>
  err({ line: 0, severity: 'error', code: `letters.${code}`, message: { fr, en } });

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return length;
}

/** Keeps whole characters (never half a surrogate pair) of the beginning of a text. */
const firstCharacters = (text: string, count: number): string => {
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > count) break;
    kept += character;
  }
  return kept;
};

/** The payload of an EPC069-12 QR code (version 002, UTF-8), its lines joined by LF; or why there can be none.
 * A name over 70 characters is cut, as banks do: the account is what counts. The free text never is. */
export function epcPayload(transfer: EpcTransfer): Result<string, Problem> {
  const { amount } = transfer;
  if (amount.currency !== 'EUR') {
    return refusal('epcCurrency', `Le QR code de virement SEPA n’existe qu’en euros, pas en ${amount.currency}.`, `The SEPA transfer QR code exists in euros only, not in ${amount.currency}.`);
  }
  if (amount.minor < 1n || amount.minor > EPC_AMOUNT_MAX_MINOR) {
    return refusal('epcAmount', 'Le montant d’un QR code de virement va de 0,01 à 999 999 999,99 €.', 'The amount of a transfer QR code goes from 0.01 to 999,999,999.99 EUR.');
  }
  if (transfer.iban === null) {
    return refusal('epcNoIban', 'La société n’a pas d’IBAN : ajoutez-le dans sa fiche pour proposer un virement.', 'The company has no IBAN: add it to its record to propose a transfer.');
  }
  const iban = parseIban(transfer.iban);
  if (!iban.ok) {
    return refusal('epcIban', 'L’IBAN de la société est faux (clé ou longueur) : corrigez-le dans sa fiche.', 'The company’s IBAN is wrong (check digits or length): correct it in its record.');
  }
  const bic = transfer.bic === null ? '' : parseBic(transfer.bic);
  if (bic === null) return refusal('epcBic', 'Le BIC de la société est mal formé : corrigez-le ou retirez-le.', 'The company’s BIC is malformed: correct it or remove it.');
  const name = firstCharacters(cleanValue(transfer.name), EPC_NAME_MAX).trim();
  if (name === '') return refusal('epcName', 'Le nom de la société est vide : complétez sa fiche.', 'The company’s name is empty: complete its record.');
  const text = cleanValue(transfer.reference);
  const structured = parseCreditorReference(text);
  if (!structured.ok && text.length > EPC_TEXT_MAX) {
    return refusal('epcText', `La référence de paiement dépasse ${EPC_TEXT_MAX} caractères : raccourcissez-la.`, `The payment reference is over ${EPC_TEXT_MAX} characters: shorten it.`);
  }
  const remittance = structured.ok ? [structured.value, ''] : ['', text];
  const lines = ['BCD', '002', '1', 'SCT', bic, name, iban.value, `EUR${decimal(amount)}`, '', ...remittance];
  const payload = lines.join('\n').replace(/\n+$/, '');
  if (utf8Length(payload) <= EPC_BYTES_MAX) return ok(payload);
  return refusal('epcTooLong', `Le QR code dépasse ${EPC_BYTES_MAX} octets : raccourcissez la référence de paiement.`, `The QR code is over ${EPC_BYTES_MAX} bytes: shorten the payment reference.`);
}
