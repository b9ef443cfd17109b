import { remainder97 } from '#core/kernel/iban.ts';
import type { Random } from '#core/kernel/random.ts';

/** Characters that SEPA, CFONB 240, MT940 and CFONB 120 leave for a payer's name, the first being no cut in practice. */
const NAME_WIDTHS = [70, 70, 35, 32, 27] as const;
const FORMS: ReadonlySet<string> = new Set(['SARL', 'SAS', 'EURL', 'SA', 'SASU', 'SCOP', 'LTD', 'INC', 'LLC', 'SRL', 'NV', 'GMBH']);
const ABBREVIATIONS: Readonly<Record<string, string>> = { ETABLISSEMENTS: 'ETS', LABORATOIRE: 'LABO', SYNDICAT: 'SYND' };
const ONSETS = ['Bar', 'Cal', 'Dor', 'Fer', 'Gau', 'Jul', 'Lan', 'Mar', 'Nor', 'Pel', 'Rou', 'Sau', 'Ter', 'Val', 'Ver', 'Brin', 'Char', 'Pré'] as const;
const MIDDLES = ['be', 'ca', 'do', 'fa', 'gi', 'lo', 'mi', 'na', 'ri', 'so', 'ti', 'vi', 'que'] as const;
const CODAS = ['ndier', 'llot', 'rmont', 'court', 'veau', 'ssac', 'gnol', 'teux', 'mard', 'quin', 'zelle', 'bois', 'ville', 'lande'] as const;

/** A bank code that no bank has: accounts made with it exist nowhere. */
const NO_BANK = '99999';

/** A surname or place made up of sounds; some thousands of them. */
export const madeUpName = (random: Random): string => random.pick(ONSETS) + random.pick(MIDDLES) + random.pick(CODAS);

/** A text in capitals without accents, as most banks carry it. */
export const bare = (text: string): string => text.replaceAll('œ', 'oe').normalize('NFKD').replaceAll(/[\u0300-\u036f]/g, '').toUpperCase();

/** The words of a name without its legal form, bare. */
export const coreWords = (name: string): string[] => bare(name).split(/[^A-Z0-9]+/).filter((word) => word !== '' && !FORMS.has(word));

/** How a payer's bank writes its name: drawn once, for the same bank always does it alike. */
export function nameAtBank(random: Random, name: string): string {
  const asIs = random.chance(0.25);
  const form = random.pick(['last', 'last', 'last', 'first', 'none', 'none'] as const);
  const short = random.chance(0.5);
  const width = random.pick(NAME_WIDTHS);
  const said = asIs ? name : moved(bare(name), form, short);
  return said.slice(0, width).trim();
}

function moved(name: string, form: 'first' | 'last' | 'none', short: boolean): string {
  const words = name.split(' ').map((word) => (short ? (ABBREVIATIONS[word] ?? word) : word));
  const forms = words.filter((word) => FORMS.has(word));
  const rest = words.filter((word) => !FORMS.has(word));
  return [...(form === 'first' ? forms : []), ...rest, ...(form === 'last' ? forms : [])].join(' ');
}

/** True when a name as the bank writes it still shows every distinguishing word of the customer's own. */
export function tellsName(atBank: string, name: string): boolean {
  const words = new Set(coreWords(atBank));
  return coreWords(name).every((word) => words.has(word) || words.has(ABBREVIATIONS[word] ?? word));
}

/** A French IBAN whose check digits are right, of a bank that does not exist. */
export function ibanOf(random: Random): string {
  const account = `${NO_BANK}${digits(random, 5)}${digits(random, 11)}${digits(random, 2)}`;
  return `FR${String(98 - remainder97(`${account}FR00`)).padStart(2, '0')}${account}`;
}

/** The structured creditor reference of a document number (ISO 11649). */
export function structuredReference(number: string): string {
  const payload = number.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase();
  return `RF${String(98 - remainder97(`${payload}RF00`)).padStart(2, '0')}${payload}`;
}

/** So many digits drawn. */
export const digits = (random: Random, count: number): string => Array.from({ length: count }, () => String(random.between(0, 9))).join('');
