import { day } from '#core/kernel/day.ts';
import type { ActionId, CustomerId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import { writeHead } from '#server/audit/heads.ts';
import { recordReport } from '#server/channels/bounces/record-bounce.ts';
import { approveActions } from '#server/dunning/approvals.ts';
import { approve, cancelActions, listActions, resolveUnknown, unapprove } from '#server/dunning/actions.ts';
import { changeSending } from '#server/dunning/change-sending.ts';
import { sendingSettingsSchema } from '#server/dunning/sending-settings.ts';
import { endTask } from '#server/dunning/tasks.ts';
import { addHold } from '#server/holds/holds.ts';
import { addMember, createUser } from '#server/identity/users.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { clockAt } from './given.ts';
import { givenDebtors, postOffice, runOn, sendAt, setDunning, setSending } from './outbox.ts';

/** What became of a customer's message in the proven company, by the customer's code. */
export const FATES = [
  'accepted', 'refused', 'lost', 'confirmed', 'denied', 'printed', 'dropped', 'disputed', 'delivered', 'bounced', 'twice', 'task', 'again', 'waiting', 'held',
] as const;
/** One of them. */
export type Fate = (typeof FATES)[number] | 'tested';

/** A company in which everything that can become of a message became of one. */
export type ProvenCompany = { readonly organisation: OrganisationId; readonly actions: ReadonlyMap<Fate, ActionId>; readonly mailbox: (fate: string) => string };

const DAY = '2026-03-02';
const LATER = '2026-03-03';
const by = (id: number, today = DAY): { clock: ReturnType<typeof clockAt>; actor: string } => ({ clock: clockAt(today), actor: `user:${id}` });

/** Lives two days: everything is proposed, and each customer's message meets its fate; a head is written in the evening of each. */
export async function provenCompany(database: Database): Promise<ProvenCompany> {
  const mailbox = (fate: string): string => `canari-${fate}@${fate}.example`;
  const organisation = await givenDebtors(database, FATES.map((fate) => ({ code: fate, email: fate === 'printed' ? null : mailbox(fate), invoices: [
    { piece: `FA-${fate}-1`, on: '2026-01-05', debit: '120,00' }, { piece: `FA-${fate}-2`, on: '2026-01-12', debit: '1 034,56' },
  ] })));
  const [first, second] = await database.inTransaction(async (client) => {
    const made: number[] = [];
    for (const name of ['Claire Canari', 'Denis Canari']) {
      const user = await createUser(client, { email: `${name.split(' ')[0]?.toLowerCase() ?? ''}-${organisation}@duval.example`, name, language: 'fr' }, clockAt(DAY).now());
      await addMember(client, { organisation, user, role: 'collector' });
      made.push(Number(user));
    }
    return made;
  });
  if (first === undefined || second === undefined) throw new Error('two people were made');
  await setDunning(database, organisation, { contactCap: null });
  await setSending(database, organisation, { fourEyes: true });
  await database.inTenant(organisation, (t) => dispute(t, 'FA-held-1', by(first)));
  await runOn(database, organisation, DAY);
  const inside = <T>(work: (t: Tenant) => Promise<T>): Promise<T> => database.inTenant(organisation, work);
  const actions = new Map((await inside(listActions)).map((row) => [row.customer as Fate, row.action_id]));
  const of = (fate: Fate): ActionId => {
    const id = actions.get(fate);
    if (id === undefined) throw new Error(`no action of ${fate}`);
    return id;
  };
  await inside((t) => t.run(t.sql`
    ${t.update('action', 'a')} set approvals_needed = case when a.action_id = ${of('twice')}::bigint then 2 else 1 end,
      channel = case when a.action_id = ${of('task')}::bigint then 'call' else a.channel end
    where ${t.own('a')} and a.action_id = any(${[of('twice'), of('task')]}::bigint[])`));
  await prepare({ database, organisation, of, people: [first, second] });
  await send({ database, organisation, of, people: [first, second] });
  await writeHead(database, { organisation, now: clockAt(DAY).now(), day: day(DAY) });
  await follow({ database, organisation, of, people: [first, second] });
  const tested = await test({ database, organisation, of, people: [first, second] });
  await writeHead(database, { organisation, now: clockAt(LATER).now(), day: day(LATER) });
  return { organisation, actions: new Map<Fate, ActionId>([...actions, ['tested', tested]]), mailbox };
}

/** A dispute of a document, noted by somebody. */
async function dispute(t: Tenant, document: string, who: ReturnType<typeof by>): Promise<void> {
  const item = await t.one<{ item: ItemId; customer: CustomerId }>(t.sql`select i.item_id as item, i.customer_id as customer from ${t.from('item')} i where i.document = ${document}`);
  if (item === null) throw new Error(`no ${document}`);
  await addHold(t, { customerId: item.customer, itemId: item.item, kind: 'dispute', reason: 'price', amount: null, from: day(DAY), until: null, note: null }, who);
}

type Living = { readonly database: Database; readonly organisation: OrganisationId; readonly of: (fate: Fate) => ActionId; readonly people: readonly [number, number] };

async function prepare({ database, organisation, of, people: [first, second] }: Living): Promise<void> {
  await database.inTenant(organisation, async (t) => {
    await approveActions(t, [of('twice')], by(first));
    await approveActions(t, [of('twice')], by(second));
    await approve(t, [of('again')], by(first));
    await unapprove(t, [of('again')], by(first));
    await cancelActions(t, [of('dropped')], by(second));
    await endTask(t, of('task'), { done: true, note: 'Appelée, promet de payer.', today: day(DAY), by: by(second) });
    await approve(t, FATES.filter((fate) => !['waiting', 'twice', 'dropped', 'task'].includes(fate)).map(of), by(first));
    await dispute(t, 'FA-disputed-1', by(second));
  });
}

async function send({ database, organisation, of, people: [first] }: Living): Promise<void> {
  const post = postOffice((mail) => {
    const [fate = ''] = String(mail.to).split('@').map((part) => part.replace('canari-', ''));
    if (fate === 'refused') return { kind: 'refused', permanent: true, stage: 'message', response: `550 5.7.1 <${String(mail.to)}> not wanted here` };
    if (['lost', 'confirmed', 'denied'].includes(fate)) return { kind: 'unknown', detail: 'cut after the dot' };
    return { kind: 'accepted', response: `250 2.0.0 ok ${String(mail.to)}` };
  });
  const carriers = { mail: post.carrier, letter: async ({ name }: { name: string }) => `letters/${name}` };
  await sendAt(database, organisation, { at: DAY, carriers });
  await database.inTenant(organisation, async (t) => {
    await resolveUnknown(t, of('confirmed'), { arrived: true, today: day(DAY), by: by(first) });
    await resolveUnknown(t, of('denied'), { arrived: false, today: day(DAY), by: by(first) });
  });
}

async function follow({ database, organisation, of }: Living): Promise<void> {
  const header = async (fate: Fate): Promise<string> => database.inTenant(organisation, async (t) => {
    const row = await t.one<{ header_id: string }>(t.sql`select m.header_id from ${t.from('message')} m where m.action_id = ${of(fate)}::bigint`);
    return row?.header_id ?? '';
  });
  for (const [fate, kind] of [['delivered', 'delivered'], ['bounced', 'hard']] as const) {
    const messageId = await header(fate);
    await database.inTenant(organisation, (t) => recordReport(t, { clock: clockAt(LATER), actor: 'system:inbox' }, { messageId, recipients: [{ address: '', kind, status: null, diagnostic: '' }] }));
  }
}

/** One message of a day in test mode, which ends as an essay. */
async function test({ database, organisation, people: [first] }: Living): Promise<ActionId> {
  const settings = sendingSettingsSchema.parse({});
  await database.inTenant(organisation, (t) => changeSending(t, { ...settings, testAddress: 'essais@ateliers-duval.test' }, by(first, LATER)));
  const before = new Set((await database.inTenant(organisation, (t) => listActions(t))).map((row) => row.action_id));
  await runOn(database, organisation, LATER);
  const [made] = (await database.inTenant(organisation, (t) => listActions(t, { state: 'proposed' }))).filter((row) => !before.has(row.action_id));
  if (made === undefined) throw new Error('nothing to test with');
  await database.inTenant(organisation, (t) => approve(t, [made.action_id], by(first, LATER)));
  await sendAt(database, organisation, { at: LATER, carriers: { mail: postOffice().carrier, letter: async ({ name }) => name } });
  return made.action_id;
}
