import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { must } from '#core/kernel/result.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { readActions } from '#server/channels/claim.ts';
import type { StoredMail } from '#server/channels/mime.ts';
import { prepareMessages } from '#server/channels/prepare.ts';
import { sendApproved } from '#server/channels/send.ts';
import type { Carriers } from '#server/channels/send.ts';
import { createSmtpChannel } from '#server/channels/smtp.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { approve } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { CLOCK, givenCompany, layOut, TODAY } from '../data.ts';
import { timed } from '../figure.ts';
import { benchGuard } from '../guard.ts';
import type { Figure } from '../figure.ts';
import type { Bench, Measure } from './measure.ts';

const MAILS = 5000;
/** Hand-offs before anything is timed: the sink, the library and our own code are compiled by then. */
const WARM_UP = 500;
const LETTERS = 100;
const CONNECTIONS = 5;
/** Messages composed in one transaction, about as many as a worker does. */
const COMPOSED_AT_ONCE = 250;
const FORMAL_NOTICE_DAYS = 8;
const HAND_OVER_GOAL = 0.8;
/** With five connections the bare pool then hands over some 700 to 900 a second, as it does to a relay that does work of its own. */
const THINKS_MS = 5;
/** Messages to a server that thinks. */
const THOUGHT_OVER = 2000;
const COMPOSED_PER_SECOND_GOAL = 500;
const LETTERS_PER_SECOND_GOAL = 50;
const SENDER = { from: null, instance: 'bench' } as const;

type Sink = { readonly port: number; taken(): number; close(): Promise<void> };

/** A mail server that takes everything and keeps nothing; it answers the end of a message after some milliseconds. */
async function openSink(thinksMs: number): Promise<Sink> {
  let taken = 0;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'], size: 30 * 1024 * 1024,
    onData: (stream, _session, done) => {
      stream.on('end', () => {
        taken += 1;
        if (thinksMs === 0) done();
        else setTimeout(done, thinksMs);
      });
      stream.resume();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the sink has no port');
  return { port: address.port, taken: () => taken, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** An organisation with one overdue item for each of some customers, its actions of the day approved. */
export async function givenApproved(bench: Bench, of: { code: string; count: number; email: boolean }): Promise<OrganisationId> {
  const { database, owner } = bench;
  const organisation = await givenCompany(database, of.code);
  // One customer in twenty is paused and gets nothing. Not one more than asked for: a worker takes 10,000 at a time.
  const customers = Math.floor((of.count * 20) / 19);
  await layOut(owner, { organisation, items: customers, settled: 0, customers });
  if (!of.email) await owner.query('update contact set email = null where organisation_id = $1', [organisation]);
  const order = { clock: CLOCK, actor: 'bench' };
  await runDunning(database, { ...order, organisation, today: TODAY });
  await database.inTenant(organisation, (t) => approve(t, 'all', order));
  await owner.query('vacuum analyze');
  return organisation;
}

/** Composes and stores the messages of all approved actions, nothing handed over. */
async function composeAll(bench: Bench, organisation: OrganisationId, letters: LetterMaker): Promise<{ seconds: number; mails: StoredMail[] }> {
  const mails: StoredMail[] = [];
  const ids = await bench.database.inTenant(organisation, async (t) =>
    (await t.rows<{ action_id: ActionId }>(t.sql`select a.action_id from ${t.from('action')} a where a.state = 'approved' order by a.action_id`)).map((row) => row.action_id));
  const preparing = { today: TODAY, clock: CLOCK, letters, sender: SENDER, formalNoticeDays: FORMAL_NOTICE_DAYS };
  const seconds = await timed(async () => {
    for (let at = 0; at < ids.length; at += COMPOSED_AT_ONCE) {
      const part = ids.slice(at, at + COMPOSED_AT_ONCE);
      const made = await bench.database.inTenant(organisation, async (t) => prepareMessages(t, await readActions(t, part), preparing));
      for (const one of made.values()) {
        const { mail } = must(one);
        if (mail !== null) mails.push(mail);
      }
    }
  });
  await bench.owner.query('vacuum analyze');
  return { seconds, mails };
}

type HandingOver = { readonly organisation: OrganisationId; readonly carriers: Carriers; readonly letters: LetterMaker };

async function handOver(bench: Bench, { organisation, carriers, letters }: HandingOver): Promise<{ seconds: number; sent: number }> {
  const worker = await joinWorkers(bench.database);
  const guard = benchGuard(bench.database);
  let sent = 0;
  const seconds = await timed(async () => {
    const done = await sendApproved(bench.database, { organisation, today: TODAY, clock: CLOCK, actor: 'bench', worker, carriers, letters, guard, sender: SENDER });
    sent = done.sent;
  });
  await worker.leave();
  if (sent === 0) throw new Error('nothing was sent');
  return { seconds, sent };
}

/** The same bytes to the same sink by a bare pool, without any ledger. */
async function bareMails(sink: Sink, mails: readonly StoredMail[]): Promise<number> {
  const transport = createTransport({ host: '127.0.0.1', port: sink.port, pool: true, maxConnections: CONNECTIONS, maxMessages: Number.POSITIVE_INFINITY, secure: false, ignoreTLS: true });
  try {
    return await timed(() => Promise.all(mails.map((mail) => transport.sendMail({ envelope: { from: mail.from, to: mail.to }, raw: mail.bytes }))));
  } finally {
    transport.close();
  }
}

/** Both ways of handing over once, untimed. */
async function warmUp(bench: Bench, sink: Sink, of: Omit<HandingOver, 'organisation'>): Promise<void> {
  const organisation = await givenApproved(bench, { code: 'warm', count: WARM_UP, email: true });
  const { mails } = await composeAll(bench, organisation, of.letters);
  await handOver(bench, { organisation, ...of });
  await bareMails(sink, mails);
}

async function measureMails(bench: Bench, count: number, letters: LetterMaker): Promise<Figure[]> {
  const sink = await openSink(0);
  const channel = must(createSmtpChannel({ host: '127.0.0.1', port: sink.port, connectionsMax: CONNECTIONS }));
  const carriers = { mail: channel, letter: null };
  try {
    await warmUp(bench, sink, { carriers, letters });
    const ready = await givenApproved(bench, { code: 'ready', count, email: true });
    const { seconds: composing, mails } = await composeAll(bench, ready, letters);
    const before = sink.taken();
    const handed = await handOver(bench, { organisation: ready, carriers, letters });
    if (handed.sent !== mails.length || sink.taken() - before !== handed.sent) throw new Error(`${mails.length} composed, ${handed.sent} sent, ${sink.taken() - before} taken`);
    const floor = { what: 'nodemailer, pooled, same bytes', seconds: await bareMails(sink, mails) };
    const whole = await handOver(bench, { organisation: await givenApproved(bench, { code: 'whole', count, email: true }), carriers, letters });
    const bytes = Math.round(mails.reduce((sum, mail) => sum + mail.bytes.length, 0) / mails.length);
    return [
      { name: 'stored e-mails handed over with the send ledger', size: handed.sent, unit: 'e-mails', seconds: handed.seconds, floor, goal: { kind: 'atLeast', value: HAND_OVER_GOAL }, note: `${bytes} bytes each` },
      { name: 'e-mails composed and stored', size: mails.length, unit: 'e-mails', seconds: composing, floor: null, goal: { kind: 'atLeast', value: COMPOSED_PER_SECOND_GOAL } },
      { name: 'e-mails composed and handed over, the whole road', size: whole.sent, unit: 'e-mails', seconds: whole.seconds, floor: null, goal: null, note: `${(floor.seconds / whole.seconds).toFixed(2)} of the bare pool` },
    ];
  } finally {
    await channel.close();
    await sink.close();
  }
}

/** To a server that answers as relays do, not at once: what the ledger costs is done meanwhile. */
async function measureThinking(bench: Bench, count: number, letters: LetterMaker): Promise<Figure> {
  const sink = await openSink(THINKS_MS);
  const channel = must(createSmtpChannel({ host: '127.0.0.1', port: sink.port, connectionsMax: CONNECTIONS }));
  try {
    const organisation = await givenApproved(bench, { code: 'thinking', count, email: true });
    const { mails } = await composeAll(bench, organisation, letters);
    const { seconds, sent } = await handOver(bench, { organisation, carriers: { mail: channel, letter: null }, letters });
    return {
      name: `the same, to a server that answers after ${THINKS_MS} ms`, size: sent, unit: 'e-mails', seconds, floor: { what: 'nodemailer, pooled, same bytes', seconds: await bareMails(sink, mails) },
      goal: { kind: 'atLeast', value: HAND_OVER_GOAL },
    };
  } finally {
    await channel.close();
    await sink.close();
  }
}

async function measureLetters(bench: Bench, count: number, letters: LetterMaker): Promise<Figure> {
  const organisation = await givenApproved(bench, { code: 'letters', count, email: false });
  const { seconds, sent } = await handOver(bench, { organisation, carriers: { mail: null, letter: async ({ name }) => name }, letters });
  return { name: 'letters drawn and handed over with the send ledger', size: sent, unit: 'letters', seconds, floor: null, goal: { kind: 'atLeast', value: LETTERS_PER_SECOND_GOAL } };
}

async function measure(bench: Bench): Promise<Figure[]> {
  const letters = must(await openLetterMaker());
  return [...(await measureMails(bench, Math.min(bench.size, MAILS), letters)), await measureThinking(bench, Math.min(bench.size, THOUGHT_OVER), letters), await measureLetters(bench, Math.min(bench.size, LETTERS), letters)];
}

/** Messages from approved to accepted. */
export const sendMeasure: Measure = { about: 'e-mails and letters a second', sizeMax: 10_000, measure };
