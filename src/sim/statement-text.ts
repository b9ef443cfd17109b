import type { Day } from '#core/kernel/day.ts';
import type { Random } from '#core/kernel/random.ts';
import { bare, digits } from './statement-names.ts';

/** How a firm numbers its documents. */
export type Numbering = (series: 'invoice' | 'deposit' | 'creditNote', count: number, on: Day) => string;

const LETTERS = { invoice: 'F', deposit: 'A', creditNote: 'C' } as const;
const PREFIXES = { invoice: 'FA', deposit: 'AC', creditNote: 'AV' } as const;
const BOOKS = { invoice: '1', deposit: '3', creditNote: '9' } as const;
const padded = (count: number, width: number): string => String(count).padStart(width, '0');

/** Ways firms number invoices: with the year or month or nothing, with letters or digits alone. */
export const NUMBERINGS: readonly Numbering[] = [
  (series, count, on) => `${PREFIXES[series]}${on.slice(2, 4)}-${padded(count, 6)}`,
  (series, count, on) => `${PREFIXES[series]}${on.slice(0, 4)}-${padded(count, 4)}`,
  (series, count, on) => `${LETTERS[series]}${on.slice(2, 4)}${on.slice(5, 7)}-${padded(count, 5)}`,
  (series, count) => `${PREFIXES[series]}C${padded(count, 7)}`,
  (series, count, on) => `${PREFIXES[series]}/${on.slice(0, 4)}/${padded(count, 5)}`,
  (series, count, on) => `${on.slice(0, 4)}-${BOOKS[series]}${padded(count, 5)}`,
  (series, count, on) => `${on.slice(2, 4)}${BOOKS[series]}${padded(count, 5)}`,
];

/** Longest free text of a SEPA payment. */
export const REMITTANCE_MAX = 140;

/** Spells a whole number as people copy it: letters and digits stay, separators and capitals may not. */
export function spellWhole(number: string, way: number): string {
  switch (way) {
    case 0: return number.replaceAll(/[^A-Za-z0-9]/g, '');
    case 1: return number.replaceAll(/[^A-Za-z0-9]/g, ' ');
    case 2: return number.toLowerCase();
    case 3: return number.replace(/^([A-Z]+)(?=\d)/, '$1 ');
    case 4: return number.replaceAll(/[^A-Za-z0-9]/g, '.');
    default: return number;
  }
}

/** The digits after the last separator or letter; of a number of digits alone, its last five. */
const tailOf = (number: string): string => (/^\d+$/.test(number) ? number.slice(-5) : (/\d+$/.exec(number)?.[0] ?? number));

/** The end of a number as people abridge it: without what stands before, often without zeros. */
export function spellEnd(number: string, way: number): string {
  const tail = tailOf(number);
  return way % 2 === 0 ? tail.replace(/^0+/, '') : tail;
}

/** True when a number ends with these digits, zeros in front aside. */
export const endsWith = (number: string, end: string): boolean => tailOf(number).replace(/^0+/, '') === end.replace(/^0+/, '');

/** A number with one slip of a finger: a digit changed, doubled, lost, two turned round, or a letter O for a zero. */
export function mistyped(random: Random, number: string): string {
  for (;;) {
    const places = [...number].flatMap((character, at) => (/\d/.test(character) ? [at] : []));
    const at = random.pick(places.slice(-5));
    const slip = random.pick(['change', 'change', 'turn', 'lose', 'double', 'letter'] as const);
    const typed = slipped(random, { number, at, slip });
    if (typed !== number) return typed;
  }
}

function slipped(random: Random, { number, at, slip }: { number: string; at: number; slip: 'change' | 'turn' | 'lose' | 'double' | 'letter' }): string {
  const before = number.slice(0, at);
  const after = number.slice(at + 1);
  const here = number.slice(at, at + 1);
  switch (slip) {
    case 'change': return before + digits(random, 1) + after;
    case 'turn': return /\d$/.test(before) ? before.slice(0, -1) + here + before.slice(-1) + after : number;
    case 'lose': return before + after;
    case 'double': return before + here + here + after;
    case 'letter': return here === '0' ? `${before}O${after}` : number;
  }
}

/** A number with a space among its last digits. */
export function brokenUp(random: Random, number: string): string {
  const at = number.length - random.between(1, 4);
  return `${number.slice(0, at)} ${number.slice(at)}`;
}

const SENTENCES = [
  (refs: string) => refs, (refs: string) => `FACTURE ${refs}`, (refs: string) => `REGLEMENT FACTURE ${refs}`, (refs: string) => `Fact. ${refs}`,
  (refs: string) => `Votre facture n° ${refs}`, (refs: string) => `REGLT ${refs}`, (refs: string) => `PAIEMENT FOURNISSEUR ${refs}`,
  (refs: string) => `/INV/${refs}`, (refs: string) => `VIR FACT ${refs}`, (refs: string) => `F/ ${refs}`,
] as const;
const JOINS = [' ', ', ', '/', ' + ', ' ET ', ';', ' - '] as const;
/** Words that name nothing. */
const EMPTY_WORDS = ['VIREMENT', 'REGLEMENT', 'REGLEMENT FACTURE', 'PAIEMENT FOURNISSEURS', 'Virement SEPA', 'SOLDE COMPTE', 'VOS FACTURES', 'MERCI', ''] as const;

/** Words around the references, in the payer's way. */
export const sentenceOf = (refs: readonly string[], way: number): string => {
  const joined = refs.join(JOINS[way % JOINS.length]);
  return SENTENCES[way % SENTENCES.length]?.(joined) ?? joined;
};

/** A text that names no document. */
export const emptyWords = (random: Random): string => random.pick(EMPTY_WORDS);

const frenchDay = (day: Day): string => `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;

/** The payer's own order number. */
export const orderNumber = (random: Random, on: Day): string =>
  random.pick([`CDE ${digits(random, 8)}`, `BC ${on.slice(0, 4)}-${random.between(1, 999)}`, `Commande 45000${digits(random, 5)}`, `PO${digits(random, 6)}`, `Marché ${on.slice(2, 4)}M${digits(random, 4)}`]);

/** Numbers that look like references and are none: dates, telephones, orders, pieces of accounts. */
export function noise(random: Random, of: { on: Day; code: string; iban: string }): string {
  const { on, code, iban } = of;
  return random.pick([
    `du ${frenchDay(on)}`, `DU ${frenchDay(on).replaceAll('/', '')}`, orderNumber(random, on), `CLIENT ${code}`, `TEL 01 99 00 ${digits(random, 2)} ${digits(random, 2)}`,
    `DOSSIER ${on.slice(2, 4)}/${random.between(1, 4000)}`, `REF ${digits(random, 6)}`, `CPT ${iban.slice(-11)}`, 'MERCI', `LOT ${random.between(1, 99)}`, `REMISE ${random.between(1000, 99_999)}`,
  ]);
}

const MONTHS = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'] as const;

/** The month of a day in words, as payers name what they settle. */
export function periodWords(random: Random, month: Day): string {
  const name = MONTHS[Number(month.slice(5, 7)) - 1] ?? '';
  return random.pick([`FACTURES ${bare(name)} ${month.slice(0, 4)}`, `Factures de ${name}`, `VOTRE RELEVE ${month.slice(5, 7)}/${month.slice(0, 4)}`, `REGLT ${bare(name)}`]);
}

/** The end-to-end id a payer's program makes up, or none. */
export function anyEndToEndId(random: Random, on: Day): string | null {
  return random.pick(['NOTPROVIDED', 'NOTPROVIDED', 'NOTPROVIDED', null, `VIR${on.replaceAll('-', '')}-${digits(random, 4)}`, digits(random, 13)]);
}
