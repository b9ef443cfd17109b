import type { Draft, Scene } from './statement-draft.ts';
import { digits, ibanOf, madeUpName } from './statement-names.ts';

/** Sums that do not look like an invoice's, minor units. */
const AMOUNT_MIN = 500;
const AMOUNT_MAX = 900_000;

/** Money that is no customer's: refunds of suppliers with their own numbers, interest, card settlements, tax, insurance, our other account. */
export function stranger(scene: Scene): Draft {
  const { random, on, book } = scene;
  const supplier = `${random.pick(['FOURNITURES', 'NEGOCE', 'ENERGIE', 'TELECOM', 'LOCATION'])} ${madeUpName(random).toUpperCase()}`;
  const year = on.slice(0, 4);
  const [holder, words, label] = random.pick([
    [supplier, `REMBT AVOIR ${random.between(1, 9999)}`, 'VIR SEPA RECU'],
    [supplier, `REMBOURSEMENT FACTURE ${year}-${digits(random, 5)}`, 'VIR SEPA RECU'],
    [supplier, `TROP PERCU FA${on.slice(2, 4)}-${digits(random, 6)}`, 'VIR SEPA RECU'],
    ['', `INTERETS CREDITEURS ${on.slice(5, 7)}/${year}`, 'INTERETS'],
    ['', `REMISE CB ${digits(random, 7)} DU ${on.slice(8, 10)}${on.slice(5, 7)}${on.slice(2, 4)} ${random.between(3, 60)} OP`, 'REMISE CARTES'],
    ['DGFIP CREANCE TVA', `REMBT CREDIT DE TVA 3519 ${on.slice(5, 7)}${year}`, 'VIR SEPA RECU'],
    ['URSSAF', `REGUL ${year} CPT ${digits(random, 12)}`, 'VIR SEPA RECU'],
    [`ASSURANCES ${madeUpName(random).toUpperCase()}`, `INDEMNITE SINISTRE ${digits(random, 8)}`, 'VIR SEPA RECU'],
    ['NOTRE SOCIETE', 'VIREMENT DE COMPTE A COMPTE', 'VIR INTERNE'],
    // A customer that is also a supplier gives back what we paid it.
    [random.pick(book.customers).name.toUpperCase(), `REMBT AVOIR N ${random.between(1, 9999)}`, 'VIR SEPA RECU'],
  ] as const);
  return {
    mess: 'stranger', customer: null, account: holder === '' ? null : { iban: ibanOf(random), holder }, debits: [], credits: [], left: BigInt(random.between(AMOUNT_MIN, AMOUNT_MAX)), writeOff: null,
    refs: [], says: 'nothing', words, fields: { label },
  };
}
