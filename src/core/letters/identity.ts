import type { Language } from '../kernel/text.ts';
import { formatSiren, NBSP } from './format.ts';
import type { Creditor } from './message-model.ts';
import { cleanValue } from './value.ts';

/** What the law asks of a letter's foot (C. com. R123-237, R123-238): form, capital, SIREN with RCS and city, seat, VAT number. */
export function legalLine(creditor: Creditor, language: Language): string {
  const capital = creditor.capital === null ? null : `${language === 'fr' ? 'au capital de' : 'with a capital of'} ${creditor.capital}`;
  const form = [creditor.legalForm, capital].filter((part) => part !== null && part !== '').join(' ');
  const siren = creditor.siren === null ? null : formatSiren(creditor.siren);
  const register = siren === null ? '' : creditor.rcsCity === null ? `SIREN${NBSP}${siren}` : `RCS${NBSP}${creditor.rcsCity} ${siren}`;
  const vat = creditor.vatNumber === null ? [] : [`${language === 'fr' ? 'TVA' : 'VAT'}${NBSP}${creditor.vatNumber}`];
  const mention = creditor.legalMention === null ? [] : [creditor.legalMention];
  return [creditor.name, ...mention, form, creditor.addressLines.join(', '), register, ...vat]
    .map(cleanValue)
    .filter((part) => part !== '')
    .join(' – ');
}

/** Where the debtor can answer: telephone and e-mail, those that exist. */
export function contactLine(creditor: Creditor): string {
  return [creditor.phone, creditor.email]
    .filter((part): part is string => part !== null && part !== '')
    .map(cleanValue)
    .join(' – ');
}

/** The lines of the signature: person, role, company, how to answer. */
export function signatureLines(creditor: Creditor): string[] {
  const { signatory } = creditor;
  return [signatory?.name, signatory?.role, creditor.name, contactLine(creditor)].map((line) => cleanValue(line ?? '')).filter((line) => line !== '');
}
