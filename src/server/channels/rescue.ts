import { afterUnknownEnd, channelClass } from '#core/channels/channel-class.ts';
import type { UnknownEnd } from '#core/channels/channel-class.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { RescueTransaction } from './send-ledger.ts';
import { nextState } from './settle.ts';
import type { Settled, Settling } from './settle.ts';

/** What became of the claims of workers that are gone. */
export type Rescued = { readonly released: number; readonly parked: number; readonly settled: readonly Settled[] };

/** Who rescues: the number of a worker that has no hand-off of this organisation under way; `findLetter` asks the print folder what it took. */
export type Rescuing = Settling & { readonly worker: { readonly id: string }; readonly findLetter: ((name: string) => Promise<string | null>) | null };

/** A claim of somebody: which action, under which fence. */
export type Orphan = { readonly action_id: ActionId; readonly fence: number };

/** A claim with who made it, whether its lease is over, its channel, and, of a letter, the name of its file. */
export type StandingClaim = Orphan & { readonly worker: string; readonly expired: boolean; readonly channel: string; readonly file: string | null };

/** The name of a letter's file: the same at each try, so that the folder never holds two. */
export const letterName = (of: { readonly customerCode: string; readonly actionId: string; readonly test: boolean }): string =>
  `${of.test ? 'TEST-' : ''}${of.customerCode.replaceAll(/[^A-Za-z0-9_-]/g, '_')}-${of.actionId}.pdf`;

/** An attempt whose end was noted while its action was not moved any more. */
export type EndedAttempt = Orphan & {
  readonly outcome: Settled['kind']; readonly response: string; readonly sent_on: Day | null; readonly tries: number; readonly header_id: string; readonly salt: Buffer; readonly test: boolean;
};

/**
 * Settles the claims of workers that are gone by what their attempts prove. Not started: nothing left, the action is approved
 * again. Ended: the action takes that end. Started and not ended: it may or may not have arrived; where the channel can be asked and says that it has it,
 * it arrived, else only a person can say.
 */
export async function rescueOrphans(ledger: RescueTransaction, by: Rescuing): Promise<Rescued> {
  const orphans = await findOrphans(ledger, by.worker.id);
  if (orphans.length === 0) return { released: 0, parked: 0, settled: [] };
  const released = await ledger.endAttempts(by, { orphans, outcome: 'released' });
  if (released.length > 0) await ledger.release(by, released);
  const found = await foundOf(by, orphans);
  if (found.length > 0) await ledger.endAttempts(by, { orphans: found, outcome: 'accepted' });
  const parked = await ledger.endAttempts(by, { orphans, outcome: 'unknown' });
  for (const one of parked) await ledger.park(by, one);
  const open = new Set([...released, ...parked].map((one) => one.action_id));
  const settled = (await ledger.readEnded(orphans.filter((one) => !open.has(one.action_id)))).map(settledAs);
  if (settled.length > 0) await ledger.writeSettled(by, settled);
  return { released: released.length, parked: parked.length, settled };
}

/** Claims whose worker lives no more, or has held them too long, or is the asking one, whose earlier call broke off. */
async function findOrphans(ledger: RescueTransaction, asking: string): Promise<StandingClaim[]> {
  const claims = await ledger.standingClaims();
  const alive = new Map<string, boolean>([[asking, false]]);
  for (const { worker: holder } of claims) if (!alive.has(holder)) alive.set(holder, await ledger.isAlive(holder));
  return claims.filter((one) => one.expired || alive.get(one.worker) === false);
}

/** Those whose channel can be asked and says that it has them, whole (core/channels/channel-class.ts). No channel of messages throws away a second one: none is handed over again. */
async function foundOf(by: Rescuing, orphans: readonly StandingClaim[]): Promise<StandingClaim[]> {
  const found: StandingClaim[] = [];
  for (const one of orphans) if (afterUnknownEnd(await endOf(by, one)) === 'accepted') found.push(one);
  return found;
}

async function endOf({ findLetter }: Rescuing, { channel, file }: StandingClaim): Promise<UnknownEnd> {
  if (channelClass(channel) !== 'askable') return { class: 'blind' };
  return { class: 'askable', has: findLetter === null || file === null ? null : (await findLetter(file)) !== null };
}

/** Whether a refusal was for good is not noted: the server says it again. */
const settledAs = (row: EndedAttempt): Settled => ({
  action: row.action_id, fence: row.fence, kind: row.outcome, state: nextState({ kind: row.outcome, permanent: false }, row.tries), response: row.response,
  sentOn: row.sent_on, headerId: row.header_id, salt: row.salt, test: row.test,
});
