import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { must } from '#core/kernel/result.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { StoredMail } from '#server/channels/mime.ts';
import { sendApproved } from '#server/channels/send.ts';
import type { Carriers } from '#server/channels/send.ts';
import { createSmtpChannel } from '#server/channels/smtp.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { approve } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import { CLOCK, givenCompany, layOut, TODAY } from '../data.ts';
import { timed } from '../figure.ts';
import type { Figure } from '../figure.ts';
import type { Bench, Measure } from './measure.ts';

const MAILS = 500;
const LETTERS = 100;
const CONNECTIONS = 5;
const MAIL_GOAL = 0.8;
const LETTERS_PER_SECOND_GOAL = 50;

type Sink = { readonly port: number; taken(): number; close(): Promise<void> };

/** A mail server that takes everything and keeps nothing. */
async function openSink(): Promise<Sink> {
  let taken = 0;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'], size: 30 * 1024 * 1024,
    onData: (stream, _session, done) => {
      stream.on('end', () => {
        taken += 1;
        done();
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
async function givenApproved(bench: Bench, of: { code: string; count: number; email: boolean }): Promise<OrganisationId> {
  const { database, owner } = bench;
  const organisation = await givenCompany(database, of.code);
  // One customer in twenty is paused and gets nothing.
  const customers = Math.ceil((of.count * 20) / 19);
  await layOut(owner, { organisation, items: customers, settled: 0, customers });
  if (!of.email) await owner.query('update contact set email = null where organisation_id = $1', [organisation]);
  const order = { clock: CLOCK, actor: 'bench' };
  await runDunning(database, { ...order, organisation, today: TODAY });
  await database.inTenant(organisation, (t) => approve(t, 'all', order));
  return organisation;
}

async function handOver(bench: Bench, organisation: OrganisationId, carriers: Carriers): Promise<{ seconds: number; sent: number }> {
  const worker = await joinWorkers(bench.database);
  const letters = must(await openLetterMaker());
  let sent = 0;
  const seconds = await timed(async () => {
    const done = await sendApproved(bench.database, { organisation, today: TODAY, clock: CLOCK, actor: 'bench', worker, carriers, letters, sender: { from: null, instance: 'bench' } });
    sent = done.sent;
  });
  await worker.leave();
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

async function measureMails(bench: Bench, count: number): Promise<Figure> {
  const sink = await openSink();
  const channel = must(createSmtpChannel({ host: '127.0.0.1', port: sink.port, connectionsMax: CONNECTIONS }));
  try {
    const mails: StoredMail[] = [];
    const kept: Carriers['mail'] = {
      send: async (mail) => {
        mails.push(mail);
        return channel.send(mail);
      },
    };
    const { seconds, sent } = await handOver(bench, await givenApproved(bench, { code: 'mails', count, email: true }), { mail: kept, letter: null });
    if (sent === 0 || sink.taken() !== sent) throw new Error(`${sent} sent, ${sink.taken()} taken`);
    const floor = { what: 'nodemailer, pooled, same bytes', seconds: await bareMails(sink, mails) };
    return { name: 'e-mails composed and handed over with the send ledger', size: sent, unit: 'e-mails', seconds, floor, goal: { kind: 'atLeast', value: MAIL_GOAL } };
  } finally {
    await channel.close();
    await sink.close();
  }
}

async function measureLetters(bench: Bench, count: number): Promise<Figure> {
  const organisation = await givenApproved(bench, { code: 'letters', count, email: false });
  const { seconds, sent } = await handOver(bench, organisation, { mail: null, letter: async ({ name }) => name });
  if (sent === 0) throw new Error('no letter was drawn');
  return { name: 'letters drawn and handed over with the send ledger', size: sent, unit: 'letters', seconds, floor: null, goal: { kind: 'atLeast', value: LETTERS_PER_SECOND_GOAL } };
}

async function measure(bench: Bench): Promise<Figure[]> {
  return [await measureMails(bench, Math.min(bench.size, MAILS)), await measureLetters(bench, Math.min(bench.size, LETTERS))];
}

/** Messages from approved to accepted. */
export const sendMeasure: Measure = { about: 'e-mails and letters a second', sizeMax: 10_000, measure };
