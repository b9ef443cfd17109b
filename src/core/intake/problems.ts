import { decimalMinor } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { BANK_PROBLEMS } from './bank/bank-problems.ts';
import { BANK_TEXT_PROBLEMS } from './bank/bank-text-problems.ts';
import { CAMT_PROBLEMS } from './bank/camt-problems.ts';
import { CFONB_PROBLEMS } from './bank/cfonb-problems.ts';
import { MT940_PROBLEMS } from './bank/mt940-problems.ts';
import { OFX_PROBLEMS } from './bank/ofx-problems.ts';
import { BOOKING_PROBLEMS } from './einvoice/booking-problems.ts';
import { EINVOICE_PROBLEMS } from './einvoice/einvoice-problems.ts';
import { FEC_PROBLEMS } from './fec-problems.ts';
import { LEDGER_PROBLEMS } from './ledger-problems.ts';
import { MAX_QUOTED_CHARS } from './limits.ts';
import { SOURCE_PROBLEMS } from './source-problems.ts';
import { TABLE_PROBLEMS } from './table/table-problems.ts';
import { XML_PROBLEMS } from './xml/xml-problems.ts';

/** One case of the catalogue: how grave it is and its sentence in both languages, from the facts of the case. */
export type ProblemCase<Facts> = { readonly severity: Problem['severity']; readonly say: (facts: Facts) => Bilingual };

const ALL_PROBLEMS = { ...SOURCE_PROBLEMS, ...FEC_PROBLEMS, ...TABLE_PROBLEMS, ...LEDGER_PROBLEMS, ...XML_PROBLEMS, ...BANK_PROBLEMS, ...BANK_TEXT_PROBLEMS, ...CAMT_PROBLEMS, ...CFONB_PROBLEMS, ...MT940_PROBLEMS, ...OFX_PROBLEMS, ...EINVOICE_PROBLEMS, ...BOOKING_PROBLEMS };
type AllFacts = { readonly [C in keyof typeof ALL_PROBLEMS]: Parameters<(typeof ALL_PROBLEMS)[C]['say']>[0] };

/** Code of a problem of this slice, without the `intake.` prefix it is stored with. */
export type IntakeCase = keyof AllFacts;

/** Facts that the sentence of a case needs. */
export type FactsOf<C extends IntakeCase> = AllFacts[C];

/** Every problem that reading a file can find, by code. */
export const INTAKE_PROBLEMS: { readonly [C in IntakeCase]: ProblemCase<FactsOf<C>> } = ALL_PROBLEMS;

/** Builds a problem of the catalogue at a line of the file (0: the whole file); the sentence begins with the line. */
export function problem<C extends IntakeCase>(name: C, line: number, facts: FactsOf<C>): Problem {
  const entry = INTAKE_PROBLEMS[name];
  const said = entry.say(facts);
  const message = line === 0 ? said : { fr: `Ligne ${line} : ${said.fr}`, en: `Line ${line}: ${said.en}` };
  return { line, severity: entry.severity, code: `intake.${name}`, message };
}

/** A cell as a message quotes it: control characters shown as ·, cut at `MAX_QUOTED_CHARS`. */
export function quoted(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this removes
  const visible = text.slice(0, MAX_QUOTED_CHARS).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '·');
  return text.length > MAX_QUOTED_CHARS ? `${visible}…` : visible;
}

/** An amount of EUR minor units as a message writes it in each language: "1234,50" and "1234.50". */
export function amountText(minor: bigint): Bilingual {
  const text = decimalMinor(minor, 2);
  return { fr: text.replace('.', ','), en: text };
}
