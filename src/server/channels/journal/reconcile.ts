import type { PoolClient } from 'pg';
import { compareJournal, missingSends } from '#core/channels/compare-journal.ts';
import type { FreezeReason, MissingSend } from '#core/channels/compare-journal.ts';
import type { JournalFailure, JournalTail } from '#core/channels/send-journal.ts';
import type { Instant } from '#core/kernel/clock.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { record } from '#server/audit/record.ts';
import { placeSends, writeJournalEnds } from '#server/dunning/sent-elsewhere.ts';
import type { Placed } from '#server/dunning/sent-elsewhere.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { UNPROVEN } from './freeze-sentence.ts';
import type { SendGuard } from './guard.ts';
import { inEach, readInstallation, readKnown, writeFreeze } from './installation.ts';
import type { Doing, Installation } from './installation.ts';

/** How journal and database stand to each other, looked at without changing anything. */
export type Standing = {
  readonly installation: Installation;
  /** Why nothing may leave; null: it may. */
  readonly because: FreezeReason | null;
  /** As the two stand now, the journal here does not prove what left; whatever it was that froze. */
  readonly unproven: boolean;
  /** Messages that left and that the database does not know, or not the end of, one each. */
  readonly missing: readonly MissingSend[];
  /** Codes of organisations among them that this database does not have. */
  readonly strangers: readonly string[];
  readonly where: string;
  readonly torn: number;
  /** Null: there is no journal. */
  readonly tail: JournalTail;
};

/** Compares the journal with the database from the mark on that the database holds, and changes nothing. */
export async function compareNow(database: Database, guard: SendGuard): Promise<Result<Standing, JournalFailure>> {
  const installation = await readInstallation(database, guard.identify);
  const tail = await guard.journal.tail({ mark: installation.mark, news: false });
  if (!tail.ok) return tail;
  const verdict = compareJournal(tail.value, installation, await readKnown(database, tail.value.sends));
  const missing = verdict.verdict === 'freeze' ? missingSends(verdict.unknown) : [];
  const codes = await database.pool.query<{ code: string }>('select o.code from organisation o');
  const here = new Set(codes.rows.map(({ code }) => code));
  return ok({
    installation, because: installation.frozen?.because ?? (verdict.verdict === 'freeze' ? verdict.because : null), missing,
    unproven: verdict.verdict === 'freeze' && UNPROVEN.has(verdict.because),
    strangers: [...new Set(missing.map(({ organisation }) => organisation))].filter((code) => !here.has(code)), where: guard.journal.where, torn: tail.value.torn, tail: tail.value,
  });
}

/** How the freeze is to end, why, and who answers for it. */
export type Reconciling = {
  /** `applied`: the journal is the proof, what it knows is written here. `adopted`: a person answers for what no journal here proves; nothing approved leaves by itself. */
  readonly how: 'applied' | 'adopted';
  readonly reason: string;
  readonly by: Doing;
};

/** What a reconciliation wrote, by organisation. */
export type Reconciled = { readonly code: string; readonly sent: number; readonly parked: number; readonly waiting: number; readonly refused: number; readonly tests: number; readonly backToProposed: number };

const refusal = (fr: string, en: string): Result<never, Bilingual> => err({ fr, en });

/** Why a reconciliation cannot be done so; null: it can. */
export function reconcileRefusal({ because, strangers, unproven }: Pick<Standing, 'because' | 'strangers' | 'unproven'>, how: Reconciling['how']): Bilingual | null {
  if (because === null) return { fr: 'Le journal d’envoi et la base sont d’accord et rien n’est gelé : il n’y a rien à rapprocher.', en: 'The send journal and the database agree and nothing is frozen: there is nothing to reconcile.' };
  if (how === 'adopted') return null;
  if (unproven) {
    return {
      fr: 'Le journal qui est ici ne prouve pas tout ce qui est parti. Remettez en place le journal de cette base, ou reprenez-la en votre nom (--adopt).',
      en: 'The journal that is here does not prove all that left. Put the journal of this database back in its place, or take the database over in your name (--adopt).',
    };
  }
  if (strangers.length === 0) return null;
  return {
    fr: `Des envois sont d’organisations que cette base n’a pas (${strangers.join(', ')}) : recréez-les (acquit import … --org CODE), puis recommencez ; ou reprenez la base en votre nom (--adopt).`,
    en: `Some sends are of organisations that this database does not have (${strangers.join(', ')}): create them again (acquit import … --org CODE), then try again; or take the database over in your name (--adopt).`,
  };
}

/**
 * Writes what the journal knows into the ledger, begins a new epoch in both and lets sending go on, all in one transaction; the journal's part comes last before the
 * commit, so that a crash between leaves everything frozen as it was.
 */
export async function reconcile(database: Database, guard: SendGuard, of: Reconciling): Promise<Result<readonly Reconciled[], Bilingual>> {
  const found = await compareNow(database, guard);
  if (!found.ok) return err(found.error.message);
  const standing = found.value;
  const refused = reconcileRefusal(standing, of.how);
  if (refused !== null || standing.because === null) return refused === null ? refusal('Rien n’est gelé.', 'Nothing is frozen.') : err(refused);
  if (standing.installation.frozen === null) await writeFreeze(database, { because: standing.because, unknown: standing.missing, reason: null }, of.by);
  return database.inTransaction((client) => thaw(client, { guard, standing, of })).catch((error: unknown) => {
    if (error instanceof NotThawed) return err(error.said);
    throw error;
  });
}

/** Rolls back what was written when the journal or somebody else is in the way. */
class NotThawed extends Error {
  readonly said: Bilingual;
  constructor(said: Bilingual) {
    super(said.en);
    this.said = said;
  }
}

type Thawing = { readonly guard: SendGuard; readonly standing: Standing; readonly of: Reconciling };

async function thaw(client: PoolClient, { guard, standing, of }: Thawing): Promise<Result<readonly Reconciled[], Bilingual>> {
  const { installation, tail, missing } = standing;
  const row = await client.query<{ epoch: string }>('select i.epoch from installation i where i.frozen_at is not null for update');
  if (row.rows[0]?.epoch !== installation.epoch) {
    throw new NotThawed({ fr: 'Quelqu’un vient de rapprocher la base : rien n’est plus gelé.', en: 'Somebody has just reconciled the database: nothing is frozen any more.' });
  }
  const results: Reconciled[] = [];
  await inEach(client, async (t, code) => {
    results.push(await reconcileOne(t, { code, missing: missing.filter(({ organisation }) => organisation === code), of }));
  });
  const highest = missing.reduce((most, { action }) => (BigInt(action) > most ? BigInt(action) : most), 0n);
  if (highest > 0n) await client.query('select skip_action_numbers($1)', [highest.toString()]);
  const next = await client.query<{ epoch: string; mark: string }>('select gen_random_uuid() as epoch, gen_random_uuid() as mark');
  const { epoch, mark } = next.rows[0] ?? {};
  if (epoch === undefined || mark === undefined) throw new Error('no epoch');
  const { at, actor } = of.by;
  await client.query('update installation set epoch = $1, frozen_at = null, frozen_because = null, journal_server = $2, journal_mark = $3', [epoch, JSON.stringify(installation.server), mark]);
  await client.query('update installation_freeze set ended_at = $1, ended_by = $2, ended_how = $3, ended_reason = $4 where ended_at is null', [at, actor, of.how, of.reason]);
  const head = { epoch, installation: installation.installation, server: installation.server, at };
  for (const written of [await guard.journal.begin(head), await guard.journal.mark({ mark, tail, head })]) if (!written.ok) throw new NotThawed(written.error.message);
  return ok(results);
}

type One = { readonly code: string; readonly missing: readonly MissingSend[]; readonly of: Reconciling };

async function reconcileOne(t: Tenant, { code, missing, of }: One): Promise<Reconciled> {
  const by = { now: of.by.at, actor: of.by.actor };
  const tests = missing.filter(({ send }) => send?.test === true);
  const real = missing.filter(({ send }) => send?.test !== true);
  const begun = await begunHere(t, missing);
  const ended = await writeJournalEnds(t, begun.flatMap(({ action, fence, end, send }) => (end === null ? [] : [{ action, fence, outcome: end, day: send?.day ?? null }])), by);
  const known = new Set(begun.map(({ ref }) => ref));
  const placed: Placed = await placeSends(t, real.flatMap(({ ref, end, send }) => (send === null || end === 'refused' || known.has(ref) ? [] : [{ ref, outcome: end === 'accepted' ? 'accepted' as const : 'unknown' as const, send }])), by);
  const refused = real.filter(({ end }) => end === 'refused').length;
  const back = of.how === 'adopted' ? await backToProposed(t, by.now) : 0;
  await record(t, {
    at: by.now, actor: by.actor, kind: `sending.${of.how}`, subject: 'sending',
    facts: { missing: missing.length, ended, sent: placed.sent, parked: placed.parked, waiting: placed.waiting, refused, tests: tests.length, backToProposed: back },
  });
  return { code, sent: placed.sent.length + begun.filter(({ end }) => end === 'accepted').length, parked: placed.parked.length, waiting: placed.waiting, refused, tests: tests.length, backToProposed: back };
}

/** Of the missing sends those that this database began itself: only their end is unknown to it. */
async function begunHere(t: Tenant, missing: readonly MissingSend[]): Promise<MissingSend[]> {
  const ended = missing.filter(({ end }) => end !== null);
  if (ended.length === 0) return [];
  const rows = await t.rows<{ ref: string }>(t.sql`
    select n.ref from unnest(${ended.map(({ ref }) => ref)}::text[], ${ended.map(({ action }) => action)}::bigint[], ${ended.map(({ fence }) => fence)}::int[],
      ${ended.map(({ send }) => send?.actionKey ?? null)}::text[], ${ended.map(({ send }) => send?.sha256 ?? null)}::text[]) as n(ref, action_id, fence, action_key, sha256)
    join ${t.from('send_attempt')} s on s.action_id = n.action_id and s.fence = n.fence and (s.started_at is not null or s.outcome = 'released')
    join ${t.from('action')} a on a.action_id = s.action_id left join ${t.from('message')} m on m.action_id = s.action_id
    where n.action_key is null or a.action_key = n.action_key and encode(coalesce(m.mime_sha256, m.pdf_sha256), 'hex') = n.sha256`);
  const found = new Set(rows.map(({ ref }) => ref));
  return ended.filter(({ ref }) => found.has(ref));
}

/** Everything approved is asked again, and what was claimed and not started; of what was started the rescue says that nobody knows. Gives how many. */
async function backToProposed(t: Tenant, now: Instant): Promise<number> {
  const released = await t.rows<{ action_id: string }>(t.sql`
    ${t.update('send_attempt', 's')} set outcome = 'released', response = 'database adopted', finished_at = ${now}::timestamptz
    where ${t.own('s')} and s.outcome is null and s.started_at is null returning s.action_id`);
  return t.run(t.sql`
    ${t.update('action', 'a')} set state = 'proposed', state_reason = null, state_at = ${now}::timestamptz, first_approved_by = null, needs_approval = true, worker = null, lease_until = null
    where ${t.own('a')} and (a.state = 'approved' or a.state = 'claimed' and a.action_id = any(${released.map(({ action_id: id }) => id)}::bigint[]))`);
}
