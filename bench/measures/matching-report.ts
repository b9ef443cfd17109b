import { ALL_MESS, OF_CUSTOMERS, Tally } from './matching-quality.ts';
import type { SeedResult } from './matching-quality.ts';
import { OUTCOMES } from './matching-outcome.ts';

/** A share of lines, over all seeds and in the worst one. */
export type Rate = { readonly name: string; readonly goal: number | null; readonly part: (tally: Tally) => number; readonly whole: (tally: Tally) => number };

const APPLIED = ['right', 'otherAmounts', 'wrong'] as const;

/** What is printed; goals are those of the product. */
export const RATES: readonly Rate[] = [
  { name: 'precision: applied by itself with nothing on a wrong item or customer, lost or let go', goal: 0.999, part: (tally) => tally.count({ outcome: ['right', 'otherAmounts'] }), whole: (tally) => tally.count({ outcome: APPLIED }) },
  { name: 'precision to the cent', goal: null, part: (tally) => tally.count({ outcome: ['right'] }), whole: (tally) => tally.count({ outcome: APPLIED }) },
  { name: 'recall: applied right, of lines whose text determines the answer', goal: 0.9, part: (tally) => tally.count({ clarity: ['text'], outcome: ['right'] }), whole: (tally) => tally.count({ clarity: ['text'] }) },
  { name: 'recall of all customers\' lines', goal: null, part: (tally) => tally.count({ mess: OF_CUSTOMERS, outcome: ['right'] }), whole: (tally) => tally.count({ mess: OF_CUSTOMERS }) },
  { name: 'first proposal right to the cent, of lines that can be known', goal: 0.97, part: (tally) => tally.firstRight({ clarity: ['text', 'reasoned'] }), whole: (tally) => tally.count({ clarity: ['text', 'reasoned'] }) },
  { name: 'first proposal right, of lines to be reasoned about alone', goal: null, part: (tally) => tally.firstRight({ clarity: ['reasoned'] }), whole: (tally) => tally.count({ clarity: ['reasoned'] }) },
  { name: 'first proposal right, of all customers\' lines', goal: null, part: (tally) => tally.firstRight({ mess: OF_CUSTOMERS }), whole: (tally) => tally.count({ mess: OF_CUSTOMERS }) },
];

const DEFINITIONS = `Lines are judged before any program sees them:
  text        the remittance, structured references or end-to-end id name every document and credit note, by the whole number (capitals, separators and spaces
              aside), or by its end when the payer is told by a unique name or an account that paid before and no other open document of that payer ends so;
              and the amount is what is open on them, or less by a discount still valid, by at most 5.00 (fees, cents) or on one document alone (a part), or more
  reasoned    not text, but the payer is told or documents are named, and what is open explains the amount in one way only
  unknowable  nobody could tell from the line and the books, or it pays nothing that is open
Outcomes: right = applied by itself, to the cent; otherAmounts = the right items only, other amounts; wrong = any part on a wrong item or customer,
  or money lost, or more let go than was;
  not applied: first = first proposal right to the cent, listed = a later one, missed = none. first % counts first proposals right, applied or not.`;

const percent = (part: number, whole: number): string => (whole === 0 ? '' : `${((100 * part) / whole).toFixed(2)} %`);

/** A table of cells, columns as wide as their longest. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd()).join('\n');
}

/** The share; of nothing at all it is 0, so that a goal is never met because nothing was counted. */
const shareOf = (rate: Rate, tally: Tally): number => {
  const whole = rate.whole(tally);
  return whole === 0 ? 0 : rate.part(tally) / whole;
};

const allOf = (results: readonly SeedResult[]): Tally => {
  const all = new Tally();
  for (const { tally } of results) all.addAll(tally);
  return all;
};

/** What keeps the goals from being met: rates below theirs, and kinds of line of which there was none. Empty when all is well. */
export function missed(results: readonly SeedResult[]): string[] {
  const all = allOf(results);
  const below = RATES.filter((rate) => rate.goal !== null && shareOf(rate, all) < rate.goal).map((rate) => `${rate.name}: ${percent(rate.part(all), rate.whole(all))}`);
  const absent = ALL_MESS.filter((mess) => all.count({ mess: [mess] }) === 0).map((mess) => `no line of kind ${mess}`);
  return [...below, ...absent];
}

/** The rates over all seeds with the worst seed beside them, and the confusion by kind of line. */
export function qualityReport(results: readonly SeedResult[]): string {
  const all = allOf(results);
  const rates = RATES.map((rate) => {
    const worst = results.toSorted((a, b) => shareOf(rate, a.tally) - shareOf(rate, b.tally))[0];
    const met = rate.goal === null ? '' : shareOf(rate, all) >= rate.goal ? 'ok' : 'MISSED';
    return [
      rate.name, percent(rate.part(all), rate.whole(all)), `${rate.part(all)} of ${rate.whole(all)}`, rate.goal === null ? '' : `>= ${(rate.goal * 100).toFixed(1)} %`, met,
      worst === undefined ? '' : `${percent(rate.part(worst.tally), rate.whole(worst.tally))} (seed ${worst.seed})`,
    ];
  });
  const kinds = [...ALL_MESS, null].map((mess) => {
    const of = mess === null ? {} : { mess: [mess] };
    const total = all.count(of);
    return [
      mess ?? 'all', String(total), percent(all.count({ ...of, clarity: ['text'] }), total), ...OUTCOMES.map((outcome) => String(all.count({ ...of, outcome: [outcome] }))),
      percent(all.firstRight(of), total),
    ];
  });
  const seconds = results.reduce((sum, one) => sum + one.seconds, 0);
  const incomplete = results.reduce((sum, one) => sum + one.incomplete, 0);
  return [
    DEFINITIONS, '', aligned([['', 'all seeds', 'lines', 'goal', '', 'worst seed'], ...rates]), '', aligned([['kind', 'lines', 'text', ...OUTCOMES, 'first %'], ...kinds]), '',
    ...missed(results).map((what) => `MISSED ${what}`),
    `${all.count()} lines asked about in ${seconds.toFixed(1)} s with an index built for each day; ${incomplete} searches cut off and said so`,
  ].join('\n');
}
