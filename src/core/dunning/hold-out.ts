import type { CustomerId } from '../kernel/id.ts';
import type { ScenarioVersion } from './scenario.ts';

/** The two halves of a test: what a customer under test gets, the new version, or what held before it. */
export type Arm = 'new' | 'former';

/** A running test: a share of the customers of a scenario keeps the former version until somebody ends it. */
export type HoldOut = {
  readonly id: string;
  /** The scenario under test. */
  readonly code: string;
  /** Whole percent of its customers that keep the former version. */
  readonly sharePercent: number;
  /** Drawn once when the test starts, and logged: with it anybody can draw every arm again. */
  readonly seed: number;
  readonly former: ScenarioVersion;
};

/** Beyond one half the former version would be the rule; a smaller group in the other arm teaches no more. */
export const HOLD_OUT_SHARE_MAX = 50;
/** Bits of a seed. */
export const SEED_MAX = 0xffff_ffff;

const FNV_PRIME = 0x0100_0193;
const FNV_START = 0x811c_9dc5;
const TWO_32 = 4_294_967_296;

/** Mixes all bits of a 32-bit word into all others (the finalizer of MurmurHash3), so that neighbouring ids have nothing in common. */
function mixed(word: number): number {
  let bits = word >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Uniform in [0, 1) for a seed and a customer, the same on every machine; independent of how ids were given out. */
export function drawOf(seed: number, customer: CustomerId): number {
  let hash = mixed(FNV_START ^ seed);
  for (let index = 0; index < customer.length; index += 1) hash = Math.imul(hash ^ customer.charCodeAt(index), FNV_PRIME) >>> 0;
  return mixed(hash ^ mixed(seed)) / TWO_32;
}

/** The arm of a customer: it never changes while the test runs, and a new customer's is drawn in the same way. */
export const armOf = (test: Pick<HoldOut, 'seed' | 'sharePercent'>, customer: CustomerId): Arm => (drawOf(test.seed, customer) * 100 < test.sharePercent ? 'former' : 'new');

/** The scenario a customer gets under the tests that run, and the arm when one is about it. A person's choice and a customer that left are none. */
export function underTest(
  tests: readonly HoldOut[], scenario: ScenarioVersion, of: { customer: CustomerId; chosenByPerson: boolean; left: (test: string) => boolean },
): { readonly scenario: ScenarioVersion; readonly arm: Arm | null; readonly holdOut: string | null } {
  if (tests.length === 0 || of.chosenByPerson) return { scenario, arm: null, holdOut: null };
  const test = tests.find(({ code, id }) => code === scenario.code && !of.left(id));
  if (test === undefined) return { scenario, arm: null, holdOut: null };
  const arm = armOf(test, of.customer);
  return { scenario: arm === 'former' ? test.former : scenario, arm, holdOut: test.id };
}
