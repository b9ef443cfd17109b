import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '#core/kernel/random.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { eventsAfter, readChainHead, readInstallation } from '#server/audit/chain-store.ts';
import type { ChainEvent } from '#server/audit/chain-walk.ts';
import { headLines } from '#server/audit/heads.ts';
import { readProof } from '#server/evidence/proof.ts';
import type { Proven } from '#server/evidence/proof.ts';
import { afterTheLastHead, CHAIN_TAMPERS, replayOf, verifyRows } from '#server/evidence/testing/chain-tampers.ts';
import type { Chain, Left } from '#server/evidence/testing/chain-tampers.ts';
import { BEYOND_PROOF, bytesOf, PACK_TAMPERS } from '#server/evidence/testing/pack-tampers.ts';
import type { PackBytes } from '#server/evidence/testing/pack-tampers.ts';
import { approve } from '#server/dunning/actions.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { provenCompany } from '#server/testing/proven-company.ts';
import { CHECKS, parsePack, verifyProof } from '../../../tools/verify-proof.mjs';

/** Changes tried in all, half of chains and half of packs; a release tries ten thousand (`node tools/tampers.ts`). */
const TAMPERS = Number(process.env['TAMPERS'] ?? 1_000);
/** Changes of a kind tried to show that a verification without one of its checks misses some. */
const TRIES = 30;

let db: TestDatabase;
let chain: Chain;
let foreign: Chain;
let packs: Proven[];
let foreignPacks: Proven[];
beforeAll(async () => {
  db = await testDatabase();
  const [one, other] = [await provenCompany(db.database), await provenCompany(db.database)];
  packs = await packsOf(one);
  foreignPacks = await packsOf(other);
  for (const { organisation } of [one, other]) await db.database.inTenant(organisation, (t) => approve(t, 'all', { clock: clockAt('2026-03-04'), actor: 'test' }));
  chain = await chainOf(one.organisation);
  foreign = await chainOf(other.organisation);
}, 120_000);
afterAll(() => db.drop());

async function chainOf(organisation: OrganisationId): Promise<Chain> {
  return db.database.inTenant(organisation, async (t) => {
    const end = await readChainHead(t);
    if (end === null) throw new Error('no chain');
    const lines = await headLines(t);
    const events: ChainEvent[] = [];
    for await (const event of eventsAfter(t, 0n)) events.push(event);
    return { code: end.code, installation: await readInstallation(t), events, end, lines, kept: lines };
  });
}

async function packsOf({ organisation, actions }: Awaited<ReturnType<typeof provenCompany>>): Promise<Proven[]> {
  const all: Proven[] = [];
  for (const id of actions.values()) {
    const proven = await db.database.inTenant(organisation, (t) => readProof(t, id));
    if (proven !== null) all.push(proven);
  }
  return all;
}

/** What the verifier says of a pack, as a list of places; what cannot be read has one place too. */
function verifiedPack({ text, mime, pdf }: PackBytes, without = '', kept: readonly string[] | null = chain.kept): string[] {
  const files: Readonly<Record<string, Buffer | null>> = { 'message.eml': mime, 'letter.pdf': pdf };
  try {
    return verifyProof({ ...parsePack(text.toString('utf8'), (name) => files[name] ?? null), kept }, without).map(({ place }) => place);
  } catch (error) {
    return [error instanceof Error ? error.message : 'unreadable'];
  }
}

const numbersIn = (said: readonly string[]): number[] => said.flatMap((one) => [...one.matchAll(/(?:event|line|at) (\d+)/g)].map((found) => Number(found[1])));

/** Tries changes of every kind in turn; gives how many there were and those that were missed, or found elsewhere. */
function tryChains(count: number, without: Left = ''): { tried: number; missed: string[] } {
  const random = seededRandom(count);
  const kinds = Object.entries({ ...CHAIN_TAMPERS, ...replayOf(foreign) });
  const missed: string[] = [];
  let tried = 0;
  for (let turn = 0; tried < count; turn += 1) {
    const [name, tamper] = kinds[turn % kinds.length] ?? ['', () => null];
    const made = tamper(chain, random);
    if (made === null) continue;
    tried += 1;
    const said = verifyRows(made.chain, without);
    if (said.length === 0) missed.push(name);
    else if (!numbersIn(said).some((number) => made.places.includes(number))) missed.push(`${name}: ${said.join('; ')} instead of ${made.places.join(' or ')}`);
  }
  return { tried, missed };
}

function tryPacks(count: number, without = '', kept: readonly string[] | null = chain.kept): { tried: number; missed: string[] } {
  const random = seededRandom(count);
  const kinds = Object.entries(PACK_TAMPERS);
  const missed: string[] = [];
  let tried = 0;
  for (let turn = 0; tried < count; turn += 1) {
    const [name, tamper] = kinds[turn % kinds.length] ?? ['', () => null];
    const made = tamper(random.pick(packs), random, { packs, foreign: foreignPacks });
    if (made === null) continue;
    tried += 1;
    if (verifiedPack(made, without, kept).length === 0) missed.push(name);
  }
  return { tried, missed };
}

test('what nobody touched holds', () => {
  expect(verifyRows(chain)).toEqual([]);
  expect(verifyRows(foreign)).toEqual([]);
  expect(packs.flatMap((proven) => verifiedPack(bytesOf(proven)))).toEqual([]);
  expect(chain.events.length).toBeGreaterThan(70);
  expect(chain.lines.length).toBe(2);
});

test('G2: every change of a chain or of its heads is found, with its place', () => {
  const { tried, missed } = tryChains(Math.ceil(TAMPERS / 2));
  expect(missed).toEqual([]);
  expect(tried).toBe(Math.ceil(TAMPERS / 2));
}, 600_000);

test('G5: every change of a pack is found', () => {
  const { tried, missed } = tryPacks(Math.floor(TAMPERS / 2));
  expect(missed).toEqual([]);
  expect(tried).toBe(Math.floor(TAMPERS / 2));
}, 600_000);

const ALL_PACKS = Object.keys(PACK_TAMPERS).length * TRIES;

test.each(Object.keys(CHECKS).filter((name) => name !== 'heads'))('planted bug: a verifier that forgets %s misses some', (name) => {
  expect(tryPacks(ALL_PACKS, name).missed.length).toBeGreaterThan(0);
});

test('planted bug: where nobody kept a copy, a verifier that forgets heads misses more', () => {
  const missed = (name: string): Set<string> => new Set(tryPacks(ALL_PACKS, name, null).missed);
  const [all, without] = [missed(''), missed('heads')];
  expect(all).toEqual(new Set(['the line of a head', 'an event and every head made by oneself']));
  expect([...without].filter((name) => !all.has(name))).not.toEqual([]);
});

test.each(['links', 'end', 'lines', 'heads', 'kept'] as const)('planted bug: a walk that forgets %s misses some', (name) => {
  expect(tryChains(Object.keys(CHAIN_TAMPERS).length * TRIES, name).missed.length).toBeGreaterThan(0);
});

test('what no verification can find: what no head covers yet, rewritten whole; what is only stated; that a message came back, left out', () => {
  const random = seededRandom(1);
  const rewritten = Array.from({ length: TRIES }, () => afterTheLastHead(chain, random)).filter((one) => one !== null);
  expect(rewritten.length).toBeGreaterThan(0);
  expect(rewritten.flatMap((one) => verifyRows(one))).toEqual([]);
  for (const [name, tamper] of Object.entries(BEYOND_PROOF)) {
    const made = packs.map((proven) => tamper(proven, random, { packs, foreign: foreignPacks })).filter((one) => one !== null);
    expect([name, made.length > 0, made.flatMap((one) => verifiedPack(one))]).toEqual([name, true, []]);
  }
});
