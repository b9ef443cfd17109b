import type { Instant } from '#core/kernel/clock.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { readSending } from '#server/dunning/sending-settings.ts';
import { holdImportsOff } from '#server/intake/import-lock.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { noteAttempts, unstart } from './attempts.ts';
import { recordBounces } from './bounces/record-bounce.ts';
import { writeClaimed, writeEnded, writeRechecked } from './claim-writes.ts';
import { lockActions } from './claim.ts';
import { readGround } from './ground.ts';
import { openHalt } from './halts.ts';
import type { SendGuard } from './journal/guard.ts';
import { isFrozen } from './journal/installation.ts';
import { readSendFacts } from './journal/send-facts-store.ts';
import { prepareMessages } from './prepare.ts';
import { lockRates, readAllowance } from './rates.ts';
import { endAttempts, park, readEnded, release, standingClaims } from './rescue-writes.ts';
import type { ClaimTransaction, Gate, Queued, RescueTransaction, SendLedger, SettleTransaction } from './send-ledger.ts';
import { endOpen, writeSettled } from './settle.ts';
import type { WorkerPresence } from './worker-presence.ts';

/** Actions one call takes when no number is given; the worker calls again. */
const QUEUE_MAX = 10_000;
/** Wait after the first refused try; it doubles with each. */
const RETRY_MINUTES = 10;

/** The ledger of an organisation in its database; `worker` tells which other workers live, `guard` stands outside for what left. */
export function postgresLedger(database: Database, organisation: OrganisationId, { worker, guard }: { worker: WorkerPresence; guard: SendGuard }): SendLedger {
  return {
    check: (now) => guard.check(database, now),
    writeJournal: async (note, now) => {
      const written = await guard.write(database, note, now);
      return written.ok ? null : guard.failed(written.error);
    },
    unstart: (attempts, at) => database.inTenant(organisation, (t) => unstart(t, attempts, at)),
    gate: (now) => database.inTenant(organisation, (t) => gateOf(t, now), { readOnly: true }),
    queue: (channels) => database.inTenant(organisation, (t) => queueOf(t, channels), { readOnly: true }),
    rescue: (work) => database.inTenant(organisation, (t) => work(rescueIn(t, worker))),
    claim: (work) => database.inTenant(organisation, (t) => work(claimIn(t)), { keepPlans: true }),
    note: (note, at) => noteAttempts(database, note, { organisation, ...at }),
    settle: (work) => database.inTenant(organisation, (t) => work(settleIn(t)), { keepPlans: true }),
  };
}

/** A claim in a transaction that is under way. */
export const claimIn = (t: Tenant): ClaimTransaction => ({
  isFrozen: () => isFrozen(t),
  readSendFacts: (claimed, at) => readSendFacts(t, claimed, at),
  lockRates: async () => {
    const { rates } = await readSending(t);
    if (rates !== null) await lockRates(t);
    return rates;
  },
  holdImportsOff: () => holdImportsOff(t),
  lockActions: (ids) => lockActions(t, ids),
  readGround: (actions, at) => readGround(t, actions, at),
  readAllowance: (rates, now) => readAllowance(t, rates, now),
  prepare: (actions, preparing) => prepareMessages(t, actions, preparing),
  writeRechecked: (old, by) => writeRechecked(t, by, old),
  writeEnded: (ended, by) => writeEnded(t, by, ended),
  writeClaimed: (claimed, { by, ground }) => writeClaimed(t, by, { claimed, ground }),
});

/** Settling in a transaction that is under way. */
export const settleIn = (t: Tenant): SettleTransaction => ({
  writeSettled: (by, rows) => writeSettled(t, by, rows),
  endOpen: (by, kept) => endOpen(t, by, kept),
  recordBounces: async (by, bounces) => {
    await recordBounces(t, by, bounces);
  },
});

/** Rescuing in a transaction that is under way; `worker` tells which others live. */
export const rescueIn = (t: Tenant, worker: WorkerPresence): RescueTransaction => ({
  standingClaims: () => standingClaims(t),
  isAlive: (holder) => worker.isAlive(t, holder),
  endAttempts: (by, ending) => endAttempts(t, by, ending),
  release: (by, released) => release(t, by, released),
  park: (by, one) => park(t, by, one),
  readEnded: (orphans) => readEnded(t, orphans),
  writeSettled: (by, rows) => writeSettled(t, by, rows),
});

async function gateOf(t: Tenant, now: Instant): Promise<Gate> {
  const profile = await t.one<{ sample: boolean; stop: boolean; time_zone: string }>(t.sql`
    select p.sample, p.time_zone, coalesce((p.dunning ->> 'globalStop')::boolean, false) as stop from ${t.from('profile')} p`);
  const { rates, testAddress } = await readSending(t);
  const allowance = await readAllowance(t, rates, now);
  const stopped = profile?.stop === true ? 'globalStop' : (await openHalt(t)) === null ? null : 'breakerOpen';
  if (profile === null) throw new Error('the organisation has no profile');
  return { sample: profile.sample, stopped, testAddress, timeZone: profile.time_zone, allowance };
}

async function queueOf(t: Tenant, channels: readonly string[]): Promise<{ queue: Queued[]; waiting: number }> {
  const queue = await t.rows<Queued>(t.sql`
    select a.action_id, a.channel <> 'email' or a.formal_notice as printed, a.recipient, a.channel = 'email' as mailed from ${t.from('action')} a
    where a.state = 'approved' and a.channel = any(${channels}::text[])
      and (a.fence = 0 or coalesce((
        select a.state_at + make_interval(mins => (${RETRY_MINUTES} * 2 ^ (count(*) - 1))::int) <= now()
        from ${t.from('send_attempt')} s where s.action_id = a.action_id and s.started_at is not null having count(*) > 0), true))
    order by a.action_id limit ${QUEUE_MAX}`);
  const closed = await t.one<{ count: number }>(t.sql`
    select count(*)::int as count from ${t.from('action')} a
    where a.state = 'approved' and a.channel in ('email', 'letter', 'registeredLetter') and not a.channel = any(${channels}::text[])`);
  return { queue, waiting: closed?.count ?? 0 };
}
