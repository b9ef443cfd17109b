import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import type { StoredMail } from '#server/channels/mime.ts';
import { sendApproved } from '#server/channels/send.ts';
import type { SmtpOutcome } from '#server/channels/smtp-outcome.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { approve, listActions } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { CAUGHT, finds, HOLDS } from '#server/testing/books.ts';
import { forgetJournal, testGuard } from '#server/testing/guard.ts';

let db: TestDatabase;
let mutant: TestDatabase;
let letters: LetterMaker;
beforeAll(async () => {
  db = await testDatabase();
  mutant = await testDatabase();
  letters = must(await openLetterMaker());
  const owner = await mutant.owner();
  await owner.query('drop index action_one_live_intent');
  await owner.query('drop trigger message_is_final on message');
  await owner.end();
});
afterAll(async () => {
  await db.drop();
  await mutant.drop();
});

const TODAY = '2026-03-02';
const by = { clock: clockAt(TODAY), actor: 'test' };
const UNIQUE_VIOLATION = '23505';
const RUNS = 10;

async function givenAction(of: TestDatabase): Promise<{ organisation: OrganisationId; action: ActionId }> {
  const organisation = await givenOrganisation(of.database);
  await importText(of.database, organisation, { today: TODAY, text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-05', debit: '120,00' }]) });
  await importText(of.database, organisation, { today: TODAY, name: 'clients.csv', text: 'Code client;Nom du client;E-mail\nC1;Alpha;compta@alpha.example\n' });
  await runDunning(of.database, { ...by, organisation, today: day(TODAY) });
  const [action] = await of.database.inTenant(organisation, (t) => listActions(t));
  if (action === undefined) throw new Error('no action was proposed');
  return { organisation, action: action.action_id };
}

const ENDED = ['cancelled', 'failed', 'expired'] as const;
const LIVE = ['proposed', 'approved', 'claimed', 'sent', 'unknown'] as const;
type Move = { readonly kind: 'copy' | 'move'; readonly state: (typeof ENDED)[number] | (typeof LIVE)[number] };
const moves = fc.array(fc.record({ kind: fc.constantFrom('copy', 'move'), state: fc.constantFrom(...ENDED, ...LIVE) }), { minLength: 3, maxLength: 10 });

/** Copies the action under its own key, or moves every ended copy to a state; what the database refuses is left. */
async function tryMove(of: TestDatabase, at: { organisation: OrganisationId; action: ActionId }, move: Move): Promise<void> {
  const columns = `action_key, run_id, today, customer_id, contact_id, channel, recipient, scenario_id, step, offset_days, role, anchor_item_id, template_code, tone,
    currency, total, needs_approval, state_at`;
  try {
    await of.database.inTenant(at.organisation, async (t) => {
      if (move.kind === 'move') {
        await t.run(t.sql`${t.update('action', 'a')} set state = ${move.state} where ${t.own('a')} and a.state in ('cancelled', 'failed', 'expired')`);
        return;
      }
      await t.run(t.sql`
        ${t.into('action', `${columns}, state`)}
        select ${t.org}, a.action_key, a.run_id, a.today, a.customer_id, a.contact_id, a.channel, a.recipient, a.scenario_id, a.step, a.offset_days, a.role,
          a.anchor_item_id, a.template_code, a.tone, a.currency, a.total, a.needs_approval, a.state_at, ${move.state}
        from ${t.from('action')} a where a.action_id = ${at.action}::bigint`);
    });
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION)) throw error;
  }
}

/** B1: whatever is inserted or moved, one key has at most one live intent. */
const oneLiveIntent = (of: TestDatabase): fc.IAsyncPropertyWithHooks<[Move[]]> => fc.asyncProperty(moves, async (tried) => {
  const at = await givenAction(of);
  for (const move of tried) await tryMove(of, at, move);
  const row = await of.database.inTenant(at.organisation, (t) => t.one<{ most: number }>(t.sql`
    select coalesce(max(n), 0)::int as most from (
      select count(*) as n from ${t.from('action')} a where a.state not in ('cancelled', 'failed', 'expired') group by a.action_key
    ) s`));
  return (row?.most ?? 0) <= 1;
});

test('B1: one key has at most one live intent; without the index a second one is found', async () => {
  expect(await finds(oneLiveIntent(db), RUNS)).toEqual(HOLDS);
  expect(await finds(oneLiveIntent(mutant), RUNS)).toMatchObject(CAUGHT);
});

test('B1, B7: runs started together and again the same day propose each action once', async () => {
  const organisation = await givenOrganisation(db.database);
  const lines = Array.from({ length: 30 }, (_, index) => ({ code: `C${index}`, piece: `FA${index}`, on: '2026-01-05', debit: '120,00' }));
  await importText(db.database, organisation, { today: TODAY, text: fecOf(lines) });
  const mails = lines.map(({ code }) => `${code};Client ${code};compta@${code.toLowerCase()}.example`);
  await importText(db.database, organisation, { today: TODAY, name: 'clients.csv', text: ['Code client;Nom du client;E-mail', ...mails, ''].join('\n') });
  const run = (): ReturnType<typeof runDunning> => runDunning(db.database, { ...by, organisation, today: day(TODAY) });
  await Promise.all([run(), run(), run()]);
  await run();
  const actions = await db.database.inTenant(organisation, (t) => listActions(t));
  expect(actions.length).toBe(30);
  expect(new Set(actions.map((action) => action.customer)).size).toBe(30);
});

/** Sends what is approved to a relay that refuses for now, then to one that accepts, and gives the bytes each was handed. */
async function sentTwice(of: TestDatabase, between: (organisation: OrganisationId) => Promise<void>): Promise<StoredMail[]> {
  const { organisation } = await givenAction(of);
  await of.database.inTenant(organisation, (t) => approve(t, 'all', by));
  const handed: StoredMail[] = [];
  for (const [attempt, today] of ['2026-03-02', '2026-03-03'].entries()) {
    const worker = await joinWorkers(of.database);
    await sendApproved(of.database, {
      organisation, today: day(today), clock: clockAt(today), actor: 'test', worker, letters, sender: { from: 'relances@duval.example', instance: 'test' }, guard: testGuard(of.database),
      carriers: {
        letter: null,
        mail: {
          send: async (mail): Promise<SmtpOutcome> => {
            handed.push(mail);
            return attempt === 0 ? { kind: 'refused', permanent: false, stage: 'session', response: '451 later' } : { kind: 'accepted', response: '250 ok' };
          },
        },
      },
    });
    await worker.leave();
    await between(organisation);
  }
  return handed;
}

const sameBytes = (handed: readonly StoredMail[]): boolean =>
  handed.length === 2 && handed[0] !== undefined && handed[1] !== undefined && Buffer.from(handed[0].bytes).equals(Buffer.from(handed[1].bytes)) && handed[0].to === handed[1].to;

test('B2: a second try carries the bytes of the first; a message composed anew is found', async () => {
  expect(sameBytes(await sentTwice(db, async () => undefined))).toBe(true);
  const forget = async (organisation: OrganisationId): Promise<void> => {
    const owner = await mutant.owner();
    await owner.query('delete from message where organisation_id = $1', [organisation]);
    await owner.end();
    // The journal would miss the bytes that it knows of, and freeze.
    await forgetJournal(mutant);
  };
  const handed = await sentTwice(mutant, forget);
  expect(handed.length).toBe(2);
  expect(sameBytes(handed)).toBe(false);
});

type Tamper = { readonly column: 'mime' | 'recipient' | 'header_id' | 'subject' | 'delete'; readonly asOwner: boolean };
const tampers = fc.record({ column: fc.constantFrom('mime', 'recipient', 'header_id', 'subject', 'delete'), asOwner: fc.boolean() });

/** B2: once stored, a message cannot be changed or removed, not even by the owner of the tables. */
const storedForGood = (of: TestDatabase): fc.IAsyncPropertyWithHooks<[Tamper]> => fc.asyncProperty(tampers, async ({ column, asOwner }) => {
  const owner = await of.owner();
  try {
    const read = async (): Promise<string> => JSON.stringify((await owner.query('select * from message order by organisation_id, action_id')).rows);
    const first = await read();
    const change = column === 'delete' ? 'delete from message' : column === 'mime' ? `update message set mime = mime || '\\x00'::bytea` : `update message set ${column} = ${column} || 'x'`;
    const tried = asOwner ? owner.query(change) : of.database.pool.query(change);
    const refused = await tried.then(() => false, (error: unknown) => error instanceof pg.DatabaseError);
    return refused && first.length > 10 && first === (await read());
  } finally {
    await owner.end();
  }
});

test('B2: a stored message is final; without its trigger a change is found', async () => {
  await sentTwice(db, async () => undefined);
  await sentTwice(mutant, async () => undefined);
  expect(await finds(storedForGood(db), 12)).toEqual(HOLDS);
  expect(await finds(storedForGood(mutant), 12)).toMatchObject(CAUGHT);
});
