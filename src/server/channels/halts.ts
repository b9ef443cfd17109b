import { BREAKER_WINDOW, breakerCause } from '#core/dunning/breaker.ts';
import type { MailRecord } from '#core/dunning/breaker.ts';
import type { Instant } from '#core/kernel/clock.ts';
import { record } from '#server/audit/record.ts';
import type { By } from '#server/dunning/actions.ts';
import { readSending } from '#server/dunning/sending-settings.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** E-mail of the organisation stopped: why, since when, on which figures. */
export type Halt = MailRecord & { readonly id: string; readonly cause: 'bounces' | 'complaints'; readonly openedAt: Instant };

type HaltRow = { sending_halt_id: string; cause: Halt['cause']; mails: number; bounces: number; complaints: number; opened_at: Instant };

/** The stop in force, or null. */
export async function openHalt(t: Tenant): Promise<Halt | null> {
  const row = await t.one<HaltRow>(t.sql`
    select h.sending_halt_id, h.cause, h.mails, h.bounces, h.complaints, h.opened_at from ${t.from('sending_halt')} h where h.closed_at is null`);
  if (row === null) return null;
  return { id: row.sending_halt_id, cause: row.cause, mails: row.mails, bounces: row.bounces, complaints: row.complaints, openedAt: row.opened_at };
}

/**
 * What became of the latest e-mails since a person last closed the breaker: those a server took, and those whose address it refused
 * for good. Tests are no e-mails to a customer.
 */
export async function mailRecord(t: Tenant): Promise<MailRecord> {
  const row = await t.one<MailRecord>(t.sql`
    select count(*)::int as mails,
      (count(*) filter (where exists (select from ${t.from('bounce')} b where b.action_id = n.action_id and b.kind in ('hard', 'blocked'))))::int as bounces,
      (count(*) filter (where exists (select from ${t.from('bounce')} b where b.action_id = n.action_id and b.kind = 'complaint')))::int as complaints
    from (
      select s.action_id from ${t.from('send_attempt')} s join ${t.from('action')} a on a.action_id = s.action_id
      where s.domain is not null and not a.test
        and s.claimed_at > coalesce((select max(h.closed_at) from ${t.from('sending_halt')} h), '-infinity')
        and (s.outcome = 'accepted' or (s.outcome = 'refused' and a.fence = s.fence
          and exists (select from ${t.from('bounce')} b where b.action_id = s.action_id and b.source = 'smtp')))
      order by s.claimed_at desc, s.action_id desc limit ${BREAKER_WINDOW}
    ) n`);
  return row ?? { mails: 0, bounces: 0, complaints: 0 };
}

/** Opens the breaker when the latest e-mails say so; nothing when it is open already. Gives the stop it made. */
export async function checkBreaker(t: Tenant, by: By): Promise<MailRecord & { cause: Halt['cause'] } | null> {
  const { breaker } = await readSending(t);
  const seen = await mailRecord(t);
  const cause = breakerCause(seen, breaker);
  if (cause === null) return null;
  const made = await t.one<{ sending_halt_id: string }>(t.sql`
    ${t.into('sending_halt', 'cause, mails, bounces, complaints, opened_at')}
    values (${t.org}, ${cause}, ${seen.mails}, ${seen.bounces}, ${seen.complaints}, ${by.clock.now()}::timestamptz)
    on conflict do nothing returning sending_halt_id`);
  if (made === null) return null;
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: 'sending.halted', subject: `halt:${made.sending_halt_id}`,
    facts: { cause, mails: seen.mails, bounces: seen.bounces, complaints: seen.complaints },
  });
  return { ...seen, cause };
}

/** Lets e-mail go again in a person's name and for the reason given; the shares are counted anew from here. False when nothing was stopped. */
export async function closeHalt(t: Tenant, of: { reason: string; by: By }): Promise<boolean> {
  const { reason, by } = of;
  const closed = await t.one<{ sending_halt_id: string }>(t.sql`
    ${t.update('sending_halt', 'h')} set closed_at = ${by.clock.now()}::timestamptz, closed_by = ${by.actor}, closed_reason = ${reason}
    where ${t.own('h')} and h.closed_at is null returning h.sending_halt_id`);
  if (closed === null) return false;
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'sending.resumed', subject: `halt:${closed.sending_halt_id}`, facts: {} });
  return true;
}
