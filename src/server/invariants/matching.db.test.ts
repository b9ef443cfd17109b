import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CustomerId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import { verify } from '#server/audit/verify.ts';
import { takeBackGestures } from '#server/ledger/gestures.ts';
import type { MatchId } from '#server/matching/apply.ts';
import { MatchingFault } from '#server/matching/faults.ts';
import { inTurn } from '#server/matching/in-turn.ts';
import { placeByPerson } from '#server/matching/place.ts';
import type { AskedUse } from '#server/matching/place.ts';
import { by, givenLedger, givenMoney, lineKeys } from '#server/matching/testing/given-money.ts';
import { undoMatch } from '#server/matching/undo-match.ts';
import { writeOff } from '#server/matching/write-off.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { CAUGHT, finds, HOLDS, linesOf, same } from '#server/testing/books.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** Organisations made of random gestures: each costs a third of a second. */
const RUNS = 12;
const CODES = ['C1', 'C2', 'C3'] as const;

/** Three customers with two invoices and a credit note each, and four transfers. */
async function given(): Promise<OrganisationId> {
  const organisation = await givenLedger(db.database, CODES.flatMap((code, at) => [
    { code, piece: `FA-${at}1`, on: '2026-02-01', debit: `${40 + at},00` }, { code, piece: `FA-${at}2`, on: '2026-02-02', debit: `${25 + at},50` },
    { code, piece: `AV-${at}`, on: '2026-02-03', credit: `${10 + at},00`, journal: 'VT' },
  ]));
  await givenMoney(db.database, organisation, [150_00, 90_00, 45_00, 20_00].map((cents, at) => ({ on: '2026-03-02', cents, name: 'Centrale', endToEnd: `E${at}` })));
  return organisation;
}

type Open = { item: ItemId; customer: CustomerId; side: 'debit' | 'credit'; open: string };

const openItems = (organisation: OrganisationId): Promise<Open[]> => db.database.inTenant(organisation, (t) => t.rows<Open>(t.sql`
  select i.item_id as item, i.customer_id as customer, i.side, (i.amount - i.allocated)::text as open from ${t.from('item')} i
  where i.allocated < i.amount and i.voided_at is null and i.natural_key not like 'bank|%' order by i.item_id`));

const gesture = fc.record({ line: fc.nat({ max: 3 }), customers: fc.integer({ min: 1, max: 3 }), share: fc.integer({ min: 1, max: 100 }), credits: fc.boolean(), short: fc.integer({ min: 0, max: 3 }), free: fc.boolean() });
type Gesture = typeof gesture extends fc.Arbitrary<infer T> ? T : never;

/** Some of what is open of some customers, at most what the line has; null when nothing is. */
function usesOf(open: readonly Open[], one: Gesture): AskedUse[] {
  const text = (minor: bigint): string => decimalMinor(minor, 2);
  return [...Map.groupBy(open, ({ customer }) => customer)].slice(0, one.customers).flatMap(([customer, items]): AskedUse[] => {
    const debit = items.find(({ side }) => side === 'debit');
    if (debit === undefined) return [];
    const part = (BigInt(debit.open) * BigInt(one.share)) / 100n;
    const credit = one.credits ? items.find(({ side, open: left }) => side === 'credit' && BigInt(left) < part) : undefined;
    const short = BigInt(one.short);
    const taken = credit === undefined ? 0n : BigInt(credit.open);
    if (part - taken - short <= 0n) return [];
    return [{ customer, parts: [{ item: debit.item, amount: text(part) }], credits: credit === undefined ? [] : [{ item: credit.item, amount: text(taken) }], writeOff: short === 0n ? null : { amount: text(short), reason: 'rounding', note: null } }];
  });
}

/** Carries a gesture out; null when it does not fit (the line is placed, or pays less). */
async function make(organisation: OrganisationId, one: Gesture): Promise<MatchId | null> {
  const open = await openItems(organisation);
  const debit = open.find(({ side }) => side === 'debit');
  const key = (await lineKeys(db.database, organisation))[one.line];
  if (debit === undefined || key === undefined) return null;
  try {
    if (one.free) return await writeOff(db.database, organisation, { asked: { item: debit.item, amount: decimalMinor(BigInt(debit.open), 2), reason: 'goodwill', note: null }, by });
    return await placeByPerson(db.database, organisation, { key, uses: usesOf(open, one), by });
  } catch (error) {
    if (error instanceof MatchingFault) return null;
    throw error;
  }
}

type Undo = (t: Tenant, match: MatchId) => Promise<unknown>;
const undo: Undo = (t, match) => undoMatch(t, match, { ...by, reason: 'erreur' });

let made = 0;

/** E6: whatever was placed and undone, in the reverse or the same order, the books say what they said; and every invariant holds on the way. */
const comesBack = (take: Undo) => fc.asyncProperty(fc.array(gesture, { minLength: 1, maxLength: 4 }), fc.boolean(), async (gestures, reverse) => {
  const organisation = await given();
  const before = await linesOf(db.database, organisation);
  const matches: MatchId[] = [];
  for (const one of gestures) {
    const match = await make(organisation, one);
    if (match !== null) matches.push(match);
  }
  made += matches.length;
  if ((await db.database.inTenant(organisation, verify)).some((check) => !check.ok)) return false;
  for (const match of reverse ? matches.toReversed() : matches) await inTurn(db.database, organisation, (t) => take(t, match));
  return same(await linesOf(db.database, organisation), before) && (await db.database.inTenant(organisation, verify)).every((check) => check.ok);
});

test('E6: splits, credits taken in and write-offs, undone in any order, leave the books as they were', async () => {
  expect(await finds(comesBack(undo), RUNS)).toMatchObject(HOLDS);
  expect(made).toBeGreaterThan(RUNS);
});

/** Undoes the first match of the gesture only, as if a line were of one customer. */
const undoFirst: Undo = async (t, match) => {
  await t.run(t.sql`${t.update('match', 'm')} set gesture_id = null where ${t.own('m')} and m.gesture_id = ${match}::bigint`);
  return takeBackGestures(t, [match], { ...by, reason: 'erreur' });
};

/** Forgets what was let go. */
const undoMoney: Undo = async (t, match) => {
  const writeOffs = await t.rows<{ match: MatchId; item: ItemId }>(t.sql`select m.match_id as match, m.write_off_item_id as item from ${t.from('match')} m where coalesce(m.gesture_id, m.match_id) = ${match}::bigint and m.write_off_item_id is not null`);
  await t.run(t.sql`${t.update('match', 'm')} set write_off_item_id = null where ${t.own('m')} and coalesce(m.gesture_id, m.match_id) = ${match}::bigint`);
  await takeBackGestures(t, [match], { ...by, reason: 'erreur' });
  return writeOffs;
};

test.each([['one customer of a split', undoFirst], ['what was let go', undoMoney]])('planted: undoing that leaves out %s is found', async (_name, planted) => {
  expect(await finds(comesBack(planted), RUNS)).toMatchObject(CAUGHT);
});
