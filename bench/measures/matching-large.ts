import { addDays, day } from '#core/kernel/day.ts';
import type { Random } from '#core/kernel/random.ts';
import { seededRandom } from '#core/kernel/random.ts';
import { buildMatcher } from '#core/matching/matcher.ts';
import type { Incoming, OpenDebit, Proposal } from '#core/matching/matching.ts';
import { NO_MEMORY } from '#core/matching/memory.ts';
import { STANDARD_RULES } from '#core/matching/rules.ts';
import { timed } from '../figure.ts';
import type { Figure } from '../figure.ts';
import { customerIdOf, idOf } from './matching-facts.ts';

const UNTIL = day('2026-11-20');
const ITEMS = 5000;
const PAID = 40;
const CUSTOMER = 'C00001';
/** A transfer of forty documents is answered within this, seconds, or said not to be searched to the end. */
const GOAL_SECONDS = 2;
const SEEDS = [1, 2, 3, 4, 5] as const;
/** Amounts of one customer's documents, minor units: 50.00 to 9,999.99, or a subscription's few prices. */
const AMOUNT_MIN = 5000;
const AMOUNT_MAX = 999_999;
const PRICES = [11_880, 23_880, 35_880] as const;
/** A free text of SEPA ends here, after ten documents or so. */
const TEXT_CHARS_MAX = 140;

const AMOUNTS = { 'amounts all different': (random: Random) => random.between(AMOUNT_MIN, AMOUNT_MAX), 'amounts of three prices': (random: Random) => random.pick(PRICES) } as const;
const PAYS = { 'a stretch': false, scattered: true } as const;
const SAYS = { 'all named': 'all', 'the first ones named': 'first', 'none named': 'none' } as const;

function manyItems(random: Random, amountOf: (random: Random) => number): OpenDebit[] {
  return Array.from({ length: ITEMS }, (_, at): OpenDebit => {
    const issuedOn = addDays(UNTIL, -Math.floor(((ITEMS - at) * 300) / ITEMS));
    const amount = BigInt(amountOf(random));
    return {
      item: idOf<'item'>(String(at + 1)), customer: customerIdOf(CUSTOMER), document: `FA26-${String(at + 1).padStart(6, '0')}`, kind: 'invoice', currency: 'EUR', open: amount, amount,
      issuedOn, dueOn: addDays(issuedOn, 30), references: [], discount: null,
    };
  });
}

function fortyOf(random: Random, debits: readonly OpenDebit[], isScattered: boolean): OpenDebit[] {
  const from = random.between(0, ITEMS - PAID);
  if (!isScattered) return debits.slice(from, from + PAID);
  return debits.map((debit) => ({ debit, at: random.next() })).toSorted((a, b) => a.at - b.at).slice(0, PAID).map(({ debit }) => debit);
}

function textOf(paid: readonly OpenDebit[], says: (typeof SAYS)[keyof typeof SAYS]): string {
  const numbers = paid.map((debit) => debit.document).join(' ');
  return says === 'none' ? 'REGLEMENT' : says === 'all' ? numbers : numbers.slice(0, TEXT_CHARS_MAX);
}

type Answer = { readonly seconds: number; readonly isRight: boolean; readonly isCutOff: boolean; readonly isAutomatic: boolean };

async function answered(paid: readonly OpenDebit[], of: { debits: readonly OpenDebit[]; text: string }): Promise<Answer> {
  const known = { id: customerIdOf(CUSTOMER), code: CUSTOMER, name: 'Transports Ulmerange SAS', siren: null, ibans: [], group: null };
  const incoming: Incoming = {
    id: 'large', source: 'bankLine', item: null, bookedOn: UNTIL, minor: paid.reduce((sum, debit) => sum + debit.open, 0n), currency: 'EUR', customer: null,
    payer: { name: 'TRANSPORTS ULMERANGE', iban: null, ultimateName: null }, references: { endToEndId: null, creditorReference: null, mandateId: null, documents: [] }, text: of.text,
  };
  const proposals: Proposal[] = [];
  const seconds = await timed(async () => {
    proposals.push(buildMatcher({ debits: of.debits, credits: [], customers: [known], memory: NO_MEMORY }, STANDARD_RULES).propose(incoming));
  });
  const wanted = new Set(paid.map((debit) => debit.item));
  const [proposal] = proposals;
  const isRight = proposal?.candidates.some((one) => one.parts.length === PAID && one.parts.every((part) => wanted.has(part.item))) === true;
  return { seconds, isRight, isCutOff: proposal?.complete === false, isAutomatic: proposal?.automatic !== null };
}

/** A customer with thousands of open documents and a transfer that pays forty of them: the slowest of some seeds, and in how many the forty were found. */
export async function measureLargeCustomer(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [amounts, amountOf] of Object.entries(AMOUNTS)) {
    for (const [pays, isScattered] of Object.entries(PAYS)) {
      for (const [says, text] of Object.entries(SAYS)) {
        const answers: Answer[] = [];
        for (const seed of SEEDS) {
          const random = seededRandom(seed);
          const debits = manyItems(random, amountOf);
          const paid = fortyOf(random, debits, isScattered);
          answers.push(await answered(paid, { debits, text: textOf(paid, text) }));
        }
        // Saying that all was searched without having found what was paid would be untrue.
        const untrue = answers.filter(({ isRight, isCutOff }) => !isRight && !isCutOff).length;
        const count = (of: (answer: Answer) => boolean): number => answers.filter(of).length;
        const note = `found in ${count(({ isRight }) => isRight)} of ${SEEDS.length}, cut off and said so in ${count(({ isCutOff }) => isCutOff)}, by itself in ${count(({ isAutomatic }) => isAutomatic)}`;
        figures.push({
          name: `${PAID} of ${ITEMS}: ${pays}, ${says}, ${amounts}`, size: 1, unit: 'lines', seconds: Math.max(...answers.map(({ seconds }) => seconds)), floor: null,
          goal: { kind: 'atLeast', value: 1 / GOAL_SECONDS }, note: untrue > 0 ? `MISSED: ${untrue} not found and not said; ${note}` : note,
        });
      }
    }
  }
  return figures;
}
