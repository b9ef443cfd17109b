import { must } from '#core/kernel/result.ts';
import { day } from '#core/kernel/day.ts';
import type { CustomerId, OrganisationId } from '#core/kernel/id.ts';
import { seededRandom } from '#core/kernel/random.ts';
import type { SendGuard } from '#server/channels/journal/guard.ts';
import { callWebhook } from '#server/channels/webhooks/hand-over.ts';
import type { Calling, TurnEnd } from '#server/channels/webhooks/hand-over.ts';
import { webhookClient } from '#server/channels/webhooks/post.ts';
import { secretText } from '#server/channels/webhooks/signature.ts';
import { addWebhook } from '#server/channels/webhooks/webhooks.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { addHold } from '#server/holds/holds.ts';
import type { Database } from '#server/plumbing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from './given.ts';
import { testGuard } from './guard.ts';
import { openReceiver } from './receiver.ts';
import type { Receiver } from './receiver.ts';

/** The day of tests with webhooks. */
export const TOLD_ON = '2026-03-02';

/** Organisation, webhook and the receiver it calls, which checks each signature. */
export type GivenWebhook = { readonly organisation: OrganisationId; readonly webhook: string; readonly receiver: Receiver };

/** Adds a webhook that is called at a receiver of its own; the caller closes it. */
export async function givenWebhook(database: Database, organisation: OrganisationId, events: readonly string[] = ['promise.given']): Promise<GivenWebhook> {
  const receiver = await openReceiver();
  const made = must(await database.inTenant(organisation, (t) => addWebhook(t, { url: receiver.url, events, hosts: new Set([receiver.host]) }, { clock: clockAt(TOLD_ON), actor: 'user:1' })));
  receiver.secret = secretText(made.secret);
  return { organisation, webhook: made.id, receiver };
}

/** An organisation with a customer who can promise. */
export async function givenPromiser(database: Database): Promise<OrganisationId> {
  const organisation = await givenOrganisation(database);
  await importText(database, organisation, { today: TOLD_ON, text: fecOf([{ code: 'C1', piece: 'FA-1', on: '2026-01-05', debit: '120,00' }]) });
  return organisation;
}

/** Notes so many promises of a customer, each in a transaction of its own; gives their amounts as receivers are told them. */
export async function promise(database: Database, organisation: OrganisationId, cents: readonly number[]): Promise<string[]> {
  const row = await database.inTenant(organisation, (t) => t.one<{ customer_id: CustomerId }>(t.sql`select c.customer_id from ${t.from('customer')} c order by c.customer_id limit 1`));
  if (row === null) throw new Error('no customer');
  for (const [index, minor] of cents.entries()) {
    const clock = clockAt(TOLD_ON);
    clock.set(`${TOLD_ON}T09:00:${String(index).padStart(2, '0')}.000Z`);
    await database.inTenant(organisation, (t) => addHold(t, {
      customerId: row.customer_id, itemId: null, kind: 'promise', reason: null, amount: BigInt(minor), currency: 'EUR', from: day(TOLD_ON), until: day('2026-03-09'), note: null,
    }, { clock, actor: 'user:1' }));
  }
  return cents.map((minor) => (minor / 100).toFixed(2));
}

/** Amounts of the promises a receiver took, in the order in which they came first. */
export const amountsTaken = (receiver: Receiver): string[] => [...receiver.taken.values()].map((body) => (JSON.parse(body) as { data: { amount: string } }).data.amount);

/** A worker of webhooks with a clock of its own, and how to end it. */
export type WebhookWorker = { readonly calling: Calling; readonly clock: ReturnType<typeof clockAt>; turn(of: GivenWebhook): Promise<TurnEnd>; leave(): Promise<void> };

/** A worker that calls the receivers given, at noon of the day; `given` puts other parts in the place of its own. */
export async function webhookWorker(database: Database, receivers: readonly Receiver[], given: Partial<Calling> & { readonly guard?: SendGuard } = {}): Promise<WebhookWorker> {
  const clock = clockAt(TOLD_ON);
  clock.set(`${TOLD_ON}T12:00:00.000Z`);
  const worker = given.worker ?? (await joinWorkers(database));
  const calling: Calling = {
    database, clock, random: seededRandom(1), guard: testGuard(database), worker, post: webhookClient({ hosts: new Set(receivers.map(({ host }) => host)), callMs: 1_000 }), ...given,
  };
  return { calling, clock, turn: ({ organisation, webhook }) => callWebhook(calling, { organisation, webhook }), leave: () => worker.leave() };
}

/** Turns, each a few minutes after the one before as a living worker would, until nothing waits; without a worker by one of its own. */
export async function finishCalls(of: GivenWebhook, database: Database, worker?: WebhookWorker): Promise<void> {
  const last = worker ?? (await webhookWorker(database, [of.receiver]));
  for (let turn = 0, end = await last.turn(of); end !== 'idle'; turn += 1, end = await last.turn(of)) {
    if (turn > 5) throw new Error(`the webhook does not come to its end: ${end}`);
    last.clock.set(new Date(Date.parse(last.clock.now()) + 6 * 60_000).toISOString());
  }
  if (worker === undefined) await last.leave();
}
