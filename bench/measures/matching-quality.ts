import { day } from '#core/kernel/day.ts';
import { buildMatcher } from '#core/matching/matcher.ts';
import type { Candidate, MatchingRules } from '#core/matching/matching.ts';
import { SHARES } from '#sim/statement-line.ts';
import type { BookItem, Clarity, Mess, SimulatedLine } from '#sim/statement-line.ts';
import { simulateStatement } from '#sim/statement.ts';
import { incomingOf, knownOf, openOf } from './matching-facts.ts';
import { Learnt } from './matching-learnt.ts';
import { judge, OUTCOMES } from './matching-outcome.ts';
import type { Planted } from './matching-planted.ts';
import type { Judged, Outcome } from './matching-outcome.ts';

/** Counts of one seed: by kind of line and clarity, what became of the lines and whether the first proposal was right. */
export class Tally {
  readonly #counts = new Map<string, Count>();

  add({ truth: { mess, clarity } }: SimulatedLine, { outcome, firstRight }: Judged): void {
    this.#raise({ mess, clarity, outcome, lines: 1, firstRight: firstRight ? 1 : 0 });
  }

  addAll(other: Tally): void {
    for (const count of other.#counts.values()) this.#raise(count);
  }

  /** Lines of some kinds, clarities and outcomes; all of them where nothing is said. */
  count(of: Selection = {}): number {
    return this.#selected(of).reduce((total, one) => total + one.lines, 0);
  }

  /** Those of them whose first proposal was right. */
  firstRight(of: Selection = {}): number {
    return this.#selected(of).reduce((total, one) => total + one.firstRight, 0);
  }

  #selected({ mess = ALL_MESS, clarity = ALL_CLARITIES, outcome = OUTCOMES }: Selection): Count[] {
    return [...this.#counts.values()].filter((one) => mess.includes(one.mess) && clarity.includes(one.clarity) && outcome.includes(one.outcome));
  }

  #raise(by: Count): void {
    const key = `${by.mess} ${by.clarity} ${by.outcome}`;
    const before = this.#counts.get(key);
    this.#counts.set(key, { ...by, lines: by.lines + (before?.lines ?? 0), firstRight: by.firstRight + (before?.firstRight ?? 0) });
  }
}

type Count = { readonly mess: Mess; readonly clarity: Clarity; readonly outcome: Outcome; readonly lines: number; readonly firstRight: number };
type Selection = { readonly mess?: readonly Mess[]; readonly clarity?: readonly Clarity[]; readonly outcome?: readonly Outcome[] };

/** Money out is no receipt: returned direct debits are not asked about. */
export const ALL_MESS = (Object.keys(SHARES) as Mess[]).filter((mess) => mess !== 'returned');
/** Kinds of money that customers sent. */
export const OF_CUSTOMERS = ALL_MESS.filter((mess) => mess !== 'stranger');
const ALL_CLARITIES: readonly Clarity[] = ['text', 'reasoned', 'unknowable'];

/** Day the statements end on. */
const UNTIL = day('2026-11-20');

/** What one seed gave. */
export type SeedResult = { readonly seed: number; readonly tally: Tally; readonly seconds: number; readonly incomplete: number };

/** A line somebody should look at. */
export type Example = { readonly line: SimulatedLine; readonly judged: Judged; readonly text: string };

type Asked = { readonly seed: number; readonly lines: number; readonly rules: MatchingRules; readonly planted: Planted | null; readonly example: (example: Example) => void };

/**
 * Lives one statement day by day: the matcher knows the book of that morning and what earlier days taught, proposes for each line, and is judged.
 * In the evening the accountant has told the truth about every line that can be known; payers are remembered from it as the product does.
 */
export function measureSeed({ seed, lines, rules, planted, example }: Asked): SeedResult {
  const statement = simulateStatement({ seed, lines, until: UNTIL });
  const customers = statement.customers.map(knownOf);
  const learnt = new Learnt(statement.earlier);
  const tally = new Tally();
  let incomplete = 0;
  let seconds = 0;
  for (const today of statement) {
    const facts = { ...openOf(today.open.values()), customers, memory: learnt.memory };
    const started = performance.now();
    const matcher = buildMatcher(facts, rules);
    const proposals = today.lines.filter(({ line }) => line.minor > 0n).map((line) => {
      const incoming = incomingOf(line);
      const proposal = matcher.propose(incoming);
      return { line, incoming, proposal: planted === null ? proposal : planted(proposal, incoming) };
    });
    seconds += (performance.now() - started) / 1000;
    for (const { line, proposal } of proposals) {
      const judged = judge(proposal, line.truth);
      tally.add(line, judged);
      if (!proposal.complete) incomplete += 1;
      if (judged.outcome === 'wrong' || (!judged.firstRight && line.truth.clarity !== 'unknowable')) example({ line, judged, text: described({ line, judged, open: today.open }, proposal.automatic ?? proposal.candidates[0], proposal.why) });
    }
    learnt.decide(proposals, today.open);
  }
  return { seed, tally, seconds, incomplete };
}

type Shown = { readonly line: SimulatedLine; readonly judged: Judged; readonly open: ReadonlyMap<string, BookItem> };

function described({ line: { id, line, truth }, judged, open }: Shown, chosen: Candidate | undefined, why: string | null): string {
  const number = (part: { readonly item: string; readonly minor: bigint }): string => {
    const item = open.get(part.item);
    return `${item?.number ?? '?'} (${item?.customer ?? '?'}) ${part.minor}${item?.left === part.minor ? '' : ` of ${item?.left ?? '?'}`}`;
  };
  const used = (of: { parts: readonly { item: string; minor: bigint }[]; credits: readonly { item: string; minor: bigint }[]; left: bigint; writeOff: { minor: bigint; reason: string } | null }): string =>
    [...of.parts.map(number), ...of.credits.map((part) => `- ${number(part)}`), ...(of.left > 0n ? [`left ${of.left}`] : []), ...(of.writeOff === null ? [] : [`${of.writeOff.reason} ${of.writeOff.minor}`])].join(' + ');
  const said = [line.counterparty.name, line.counterparty.ultimateName, line.remittance, line.label, line.endToEndId, line.creditorReference, ...line.documents].filter((text) => text !== null && text !== '');
  const ours = chosen === undefined ? 'nothing' : `${used(chosen)} at ${chosen.confidence}: ${chosen.evidence.map((one) => one.code).join(', ')}`;
  return `${judged.outcome} ${truth.mess} (${truth.clarity}) ${id} ${line.bookedOn} ${line.minor}\n    says   ${said.join(' | ')}\n    truth  ${truth.customer ?? 'no one customer'}: ${used(truth)}\n    gives  ${ours}${why === null ? '' : ` [${why}]`}`;
}
