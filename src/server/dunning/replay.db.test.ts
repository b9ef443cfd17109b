import { afterAll, beforeAll, expect, test } from 'vitest';
import { replayAccount } from '#core/dunning/replay.ts';
import type { AccountReplay, ReplayPlan } from '#core/dunning/replay.ts';
import type { AccountHistory } from '#core/dunning/history.ts';
import { ALWAYS } from '#core/dunning/history.ts';
import { addDays, day } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { addHold } from '#server/holds/holds.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { liveCompany } from '#server/testing/lived-company.ts';
import { loadHistories } from './history-store.ts';
import { makePlan } from './replay-plan.ts';
import { latestScenarios } from './scenario-store.ts';

const FROM = day('2026-02-02');
const UNTIL = day('2026-05-15');

let db: TestDatabase;
let organisation: OrganisationId;
let plan: ReplayPlan;
let histories: AccountHistory[];
let really: string[];

beforeAll(async () => {
  db = await testDatabase();
  organisation = await liveCompany({
    database: db.database, seed: 23, customers: 25, before: 160, from: FROM, until: UNTIL, importEvery: 2,
    afternoon: async ({ organisation: of, today, clock }) => {
      if (today !== '2026-03-03') return;
      // Some customers promise what is late, one contests.
      await db.database.inTenant(of, async (t) => {
        const rows = await t.rows<{ customer: Parameters<typeof addHold>[1]['customerId']; item: Parameters<typeof addHold>[1]['itemId'] }>(t.sql`
          select distinct on (i.customer_id) i.customer_id as customer, i.item_id as item from ${t.from('item')} i
          where i.side = 'debit' and i.allocated < i.amount and i.voided_at is null and i.due_on < ${today}::date order by i.customer_id, i.due_on limit 4`);
        for (const [index, { customer, item }] of rows.entries()) {
          const hold = { customerId: customer, itemId: item, reason: null, amount: null, from: today, note: null };
          await addHold(t, index === 0 ? { ...hold, kind: 'dispute', until: null } : { ...hold, kind: 'promise', until: addDays(today, 5 + index) }, { clock, actor: 'user:1' });
        }
      });
    },
  });
  await db.database.inTenant(organisation, async (t) => {
    const tried = (await latestScenarios(t)).get('standard')?.scenario;
    if (tried === undefined) throw new Error('no scenario');
    plan = await makePlan(t, { tried, population: 'assigned', basis: 'known', from: FROM, until: UNTIL });
    histories = [];
    for await (const batch of loadHistories(t, { since: FROM })) histories.push(...batch);
    const rows = await t.rows<{ line: string; state: string }>(t.sql`
      select concat_ws(' ', a.sent_on, a.customer_id, a.channel, a.step, a.total) as line, a.state from ${t.from('action')} a where a.purpose = 'dunning' order by 1`);
    // Everything that was proposed must have gone out on its day: what really happened is then one known scenario, carried out without delay.
    if (rows.some(({ state }) => state !== 'sent')) throw new Error('something was proposed and not sent');
    really = rows.map(({ line }) => line);
  }, { isolation: 'repeatable read', readOnly: true });
}, 400_000);
afterAll(() => db.drop());

const linesOf = (replays: readonly AccountReplay[]): string[] => replays.flatMap(({ actions }) => actions)
  .map(({ on, action }: { on: Day; action: AccountReplay['actions'][number]['action'] }) => [on, action.customerId, action.channel, action.step, action.total].join(' ')).toSorted();
const replayed = (change: (history: AccountHistory) => AccountHistory = (history) => history, everyDay = false): string[] =>
  linesOf(histories.map((history) => replayAccount(change(history), plan, { everyDay })));

test('the version in force, replayed over days that were lived with it, asks for exactly what was really sent', () => {
  expect(really.length).toBeGreaterThan(60);
  expect(new Set(really.map((line) => line.split(' ')[2]))).toEqual(new Set(['email', 'registeredLetter']));
  expect(replayed()).toEqual(really.toSorted());
});

test('looking only at days on which something can change gives what looking at each gives, for far fewer looks', () => {
  const [few, all] = [false, true].map((everyDay) => histories.map((history) => replayAccount(history, plan, { everyDay })));
  expect(linesOf(few ?? [])).toEqual(linesOf(all ?? []));
  expect(few?.map(({ had }) => had)).toEqual(all?.map(({ had }) => had));
  const looks = (replays: readonly AccountReplay[] = []): number => replays.reduce((sum, { looked }) => sum + looked, 0);
  expect(looks(few)).toBeLessThan(looks(all) / 2);
});

test.each<[string, (history: AccountHistory) => AccountHistory]>([
  ['a payment is known on its day', (history) => ({ ...history, items: history.items.map((item) => ({ ...item, allocations: item.allocations.map((one) => ({ ...one, at: ALWAYS })) })) })],
  ['credits are not known', (history) => ({ ...history, credits: [] })],
  ['holds are forgotten', (history) => ({ ...history, holds: [] })],
])('planted: %s', (_name, change) => {
  expect(replayed(change)).not.toEqual(really.toSorted());
});
