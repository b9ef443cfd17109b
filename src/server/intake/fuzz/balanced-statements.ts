import { cfonb120Text, mt940Text } from '#core/intake/bank/example-statement.ts';
import type { ExampleStatement } from '#core/intake/bank/example-statement.ts';
import { addDays, day } from '#core/kernel/day.ts';
import type { Random } from '#core/kernel/random.ts';
import type { AmountPair } from './subject.ts';

const FIRST_DAY = day('2026-02-02');

/** A statement of a few movements. None of its amounts is zero, whose sign means nothing and may be changed. */
export function drawStatement(random: Random): ExampleStatement {
  const cents = (): bigint => BigInt(random.between(1, random.chance(0.3) ? 99 : 99_999_999)) * (random.chance(0.5) ? 1n : -1n);
  const movements = Array.from({ length: random.between(1, 5) }, (_, index) => ({
    on: addDays(FIRST_DAY, index), cents: cents(), label: `VIREMENT ${index}`, text: `FACTURE FA-${random.between(1, 9999)}`, reference: `R${random.between(1, 99_999)}`,
  }));
  const drawn = cents();
  const moved = movements.reduce((sum, one) => sum + one.cents, 0n);
  const opening = drawn + moved === 0n ? drawn * 2n : drawn;
  return { account: String(random.between(10_000_000_001, 99_999_999_999)), number: random.between(1, 999), from: FIRST_DAY, until: addDays(FIRST_DAY, 9), opening, movements };
}

const decimal = (cents: bigint): string => `${String(cents).padStart(3, '0').slice(0, -2)}.${String(cents).padStart(3, '0').slice(-2)}`;
const amountOf = (cents: bigint): string => `<Amt Ccy="EUR">${decimal(cents < 0n ? -cents : cents)}</Amt><CdtDbtInd>${cents < 0n ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;

/** The statement as a camt.053. */
export function camt053Text({ account, number, from, until, opening, movements }: ExampleStatement): string {
  const closing = movements.reduce((sum, { cents }) => sum + cents, opening);
  const balance = (code: string, cents: bigint, on: string): string => `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amountOf(cents)}<Dt><Dt>${on}</Dt></Dt></Bal>\n`;
  const entries = movements.map(({ on, cents, text, reference }) => `<Ntry>${amountOf(cents)}<Sts>BOOK</Sts><BookgDt><Dt>${on}</Dt></BookgDt><AcctSvcrRef>${reference}</AcctSvcrRef>`
    + `<NtryDtls><TxDtls><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M${number}</MsgId></GrpHdr>`
    + `<Stmt><Id>S${number}</Id><Acct><Id><Othr><Id>${account}</Id></Othr></Id><Ccy>EUR</Ccy></Acct>\n${balance('OPBD', opening, from)}${entries.join('')}${balance('CLBD', closing, until)}</Stmt></BkToCstmrStmt></Document>\n`;
}

/** A format in which one amount or sign can be changed: the statement written, and every character of its amounts. */
export type AmountPlaces = {
  readonly write: (statement: ExampleStatement) => string;
  /** Finds amounts; each match is changed in one character, or as a whole where it is a word. */
  readonly amounts: RegExp;
};

/** Digits before the point and after it, or the word of the direction, of balances and entries. */
export const CAMT_AMOUNTS: AmountPlaces = { write: camt053Text, amounts: /(?<=<Amt Ccy="EUR">)[\d.]+(?=<)|(?<=<CdtDbtInd>)[A-Z]+(?=<)/gu };
/** The 14 characters of the amounts of records 01, 04 and 07. */
export const CFONB120_AMOUNTS: AmountPlaces = { write: (one) => cfonb120Text([one], '\r\n'), amounts: /(?<=^0[147].{88})\d{13}[{}A-R]/gmu };
/** Amounts of the tags 60F, 61 and 62F, and their side. */
export const MT940_AMOUNTS: AmountPlaces = { write: (one) => mt940Text([one], '\r\n'), amounts: /(?<=^:6(?:0F|2F):[CD]\d{6}EUR)[\d,]+|(?<=^:61:\d{10}[CD])[\d,]+|(?<=^:6(?:0F|2F):)[CD]|(?<=^:61:\d{10})[CD]/gmu };

/** A statement and the same with one digit or one sign of one amount changed. */
export function drawPair({ write, amounts }: AmountPlaces): (random: Random) => AmountPair {
  return (random) => {
    const text = write(drawStatement(random));
    const found = [...text.matchAll(amounts)];
    const match = random.pick(found);
    const after = text.slice(0, match.index) + changedAmount(match[0], random) + text.slice(match.index + match[0].length);
    return { before: Buffer.from(text), after: Buffer.from(after) };
  };
}

const OTHER_SIDE: Readonly<Record<string, string>> = { CRDT: 'DBIT', DBIT: 'CRDT', C: 'D', D: 'C' };

function changedAmount(amount: string, random: Random): string {
  const side = OTHER_SIDE[amount];
  if (side !== undefined) return side;
  const places = [...amount].flatMap((character, at) => (character === ',' || character === '.' ? [] : [at]));
  const at = random.pick(places);
  const character = amount.charAt(at);
  const choices = /\d/u.test(character) ? '0123456789' : '{ABCDEFGHI}JKLMNOPQR';
  return amount.slice(0, at) + random.pick([...choices].filter((one) => one !== character)) + amount.slice(at + 1);
}
