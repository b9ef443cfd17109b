import type { ActionId } from '#core/kernel/id.ts';
import type { Random } from '#core/kernel/random.ts';
import type { Meters } from './meters.ts';
import type { LedgerOf, Oracle } from './oracle.ts';

/** How attentive the people of a company are: chances a working day. */
const APPROVES = 0.8;
const CANCELS_ONE = 0.1;
const SETTLES_PARKED = 0.5;

/** What people do with what is listed: approve, cancel now and then, and find out what became of a message that nobody knows the end of. */
export async function peopleAtWork(ledger: LedgerOf, of: { random: Random; oracle: Oracle; meters: Meters; everything: boolean }): Promise<void> {
  const { random, oracle, meters, everything } = of;
  const { books } = ledger;
  for (const id of await books.parked()) {
    if (!everything && !random.chance(SETTLES_PARKED)) continue;
    const [parked] = await books.actionsOf([id]);
    if (parked === undefined) continue;
    oracle.settles(ledger.name, id);
    oracle.restored.approves(ledger.name, [id]);
    if (await books.resolve(id as ActionId, oracle.arrived(ledger, parked))) meters.note('parked, settled by a person');
    else meters.note('parked, too early to say');
  }
  if (!everything && random.chance(CANCELS_ONE)) {
    const proposed = await books.proposed();
    if (proposed.length > 0) await books.cancel(random.pick(proposed) as ActionId);
  }
  if (!everything && !random.chance(APPROVES)) return;
  oracle.restored.approves(ledger.name, await books.proposed());
  await books.approveAll();
}
