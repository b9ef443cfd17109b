import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import { lineHash } from '#server/audit/head-line.ts';
import { jsonHash } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { readProvenEvents } from './proven-events.ts';
import type { ProvenEvents } from './proven-events.ts';

/** What is shown of one message: each value but those of `stated` is tied to the event chain, and the events to the heads that cover them. */
export type Proof = ProvenEvents & {
  readonly format: 'acquit-proof-1';
  readonly installation: string;
  readonly organisation: string;
  readonly action: string;
  /** Null where nothing was composed: a task, or an action that ended before its hand-off. Hashes and salt as hexadecimal. */
  readonly message: { readonly headerId: string; readonly recipient: string; readonly template: string | null; readonly salt: string; readonly mime: string | null; readonly pdf: string | null } | null;
  /** When the message was erased, with its recipient, its bytes and its salt; the events stay. */
  readonly erased: string | null;
  /** How the action stands; amounts in minor units. */
  readonly state: string;
  readonly currency: string;
  readonly total: string;
  readonly items: readonly { readonly item: string; readonly amount: string; readonly dueOn: string }[];
  /** The decisions of the run behind it, their facts as they were written down. */
  readonly decisions: readonly { readonly item: string; readonly reason: string; readonly step: number | null; readonly facts: string }[];
  /** The settings of dunning that the run went by. */
  readonly policy: object | null;
  readonly attempts: readonly { readonly fence: number; readonly outcome: string | null; readonly response: string | null }[];
  /** What makes it easier to read, on the company's word alone. */
  readonly stated: Stated;
  /** SHA-256 of all the rest as canonical JSON. */
  readonly seal: string;
};

/** What nothing but the company says. */
export type Stated = {
  readonly company: string;
  readonly customer: string;
  readonly customerCode: string;
  readonly subject: string | null;
  readonly channel: string;
  readonly day: Day;
  readonly reason: string | null;
  readonly documents: Readonly<Record<string, string>>;
  /** Names of the people that events call by number. */
  readonly people: Readonly<Record<string, string>>;
};

/** A proof and the files that it names. */
export type Proven = { readonly proof: Proof; readonly mime: Buffer | null; readonly pdf: Buffer | null };

type Row = {
  state: string; state_reason: string | null; currency: string; total: string; run_id: string; channel: string; today: Day; customer: string; customer_code: string; company: string; organisation: string; installation: string;
  recipient: string | null; header_id: string | null; subject: string | null; template: string | null; salt: Buffer | null; mime: Buffer | null; pdf: Buffer | null; mime_sha256: Buffer | null; pdf_sha256: Buffer | null;
  policy: object | null; erased_at: string | null;
};

/** The action that a word names: its number, or the Message-ID of its message with or without its angle brackets; null when there is none. */
export async function findAction(t: Tenant, word: string): Promise<ActionId | null> {
  const id = /^[1-9][0-9]{0,17}$/.test(word) ? word : null;
  const header = `<${word.replaceAll(/^<|>$/g, '')}>`;
  const row = await t.one<{ action_id: ActionId }>(t.sql`
    select a.action_id from ${t.from('action')} a
    where a.action_id = coalesce(${id}::bigint, (select m.action_id from ${t.from('message')} m where m.header_id = ${header}))`);
  return row?.action_id ?? null;
}

/** The proof of one action's message; null when there is no such action. The same rows give the same proof, byte for byte. */
export async function readProof(t: Tenant, id: ActionId): Promise<Proven | null> {
  const row = await readRow(t, id);
  if (row === null) return null;
  const items = await t.rows<{ item: string; amount: string; dueOn: Day; document: string }>(t.sql`
    select x.item_id as item, x.listed_amount as amount, x.due_on as "dueOn", coalesce(i.document, i.label, i.item_id::text) as document
    from ${t.from('action_item')} x join ${t.from('item')} i on i.item_id = x.item_id where x.action_id = ${id}::bigint order by x.item_id`);
  const decisions = await t.rows<Proof['decisions'][number]>(t.sql`
    select d.item_id as item, d.reason, d.step, d.facts from ${t.from('decision')} d
    where d.run_id = ${row.run_id}::bigint and d.item_id = any(${items.map(({ item }) => item)}::bigint[]) order by d.item_id`);
  const attempts = await t.rows<Proof['attempts'][number]>(t.sql`
    select s.fence, s.outcome, s.response from ${t.from('send_attempt')} s where s.action_id = ${id}::bigint order by s.fence`);
  const proven = await readProvenEvents(t, { action: id, run: row.run_id });
  const unsealed: Omit<Proof, 'seal'> = {
    format: 'acquit-proof-1', installation: row.installation, organisation: row.organisation, action: id,
    message: messageOf(row), erased: row.erased_at, state: row.state, currency: row.currency, total: row.total,
    items: items.map(({ item, amount, dueOn }) => ({ item, amount, dueOn })), decisions, policy: row.policy, attempts, ...proven,
    stated: {
      company: row.company, customer: row.customer, customerCode: row.customer_code, subject: row.subject, channel: row.channel, day: row.today, reason: row.state_reason,
      documents: Object.fromEntries(items.map(({ item, document }) => [item, document])), people: await readPeople(t, proven),
    },
  };
  return { proof: { ...unsealed, seal: jsonHash(unsealed) }, mime: row.mime, pdf: row.pdf };
}

function messageOf(row: Row): Proof['message'] {
  if (row.salt === null || row.header_id === null || row.recipient === null) return null;
  const hex = (hash: Buffer | null): string | null => hash?.toString('hex') ?? null;
  return { headerId: row.header_id, recipient: row.recipient, template: row.template, salt: row.salt.toString('hex'), mime: hex(row.mime_sha256), pdf: hex(row.pdf_sha256) };
}

/** Only the settings that the run's event names are its policy: earlier runs named none. */
async function readRow(t: Tenant, id: ActionId): Promise<Row | null> {
  const row = await t.one<Row>(t.sql`
    select a.state, a.state_reason, a.currency, a.total, a.run_id, a.channel, a.today, c.name as customer, c.code as customer_code, p.name as company, o.code as organisation,
      (select i.installation_id::text from installation i) as installation,
      m.recipient, m.header_id, m.subject, m.template, m.salt, m.mime, m.pdf, m.mime_sha256, m.pdf_sha256, m.erased_at, r.policy
    from ${t.from('action')} a join ${t.from('customer')} c on c.customer_id = a.customer_id join ${t.from('run')} r on r.run_id = a.run_id
    cross join ${t.from('profile')} p join organisation o on o.organisation_id = p.organisation_id
    left join ${t.from('message')} m on m.action_id = a.action_id where a.action_id = ${id}::bigint`);
  if (row === null || row.policy === null) return row;
  const named = await t.one<{ policy: string | null }>(t.sql`
    select e.body::jsonb -> 'facts' ->> 'policy' as policy from ${t.from('event')} e where e.subject = ${`run:${row.run_id}`} and e.kind = 'run.completed'`);
  return (named?.policy ?? null) === null ? { ...row, policy: null } : row;
}

/** Names of the members whom the events call `user:12`. */
async function readPeople(t: Tenant, { events }: ProvenEvents): Promise<Record<string, string>> {
  const numbers = new Set(events.flatMap(({ body }) => [...body.matchAll(/"user:(\d{1,18})"/g)].map(([, number]) => number ?? '')));
  const rows = await t.rows<{ actor: string; name: string }>(t.sql`
    select 'user:' || u.user_id as actor, u.name from membership b join app_user u on u.user_id = b.user_id
    where b.organisation_id = ${t.organisation}::bigint and u.user_id = any(${[...numbers]}::bigint[]) order by u.user_id`);
  return Object.fromEntries(rows.map(({ actor, name }) => [actor, name]));
}

/** A proof as its file: JSON that a person can read, the same bytes for the same proof. */
export const proofFile = (proof: Proof): Buffer => Buffer.from(`${JSON.stringify(proof, null, 1)}\n`, 'utf8');

/** The hash of the newest head that a proof rests on; null when no head covers it yet. */
export function newestHead({ heads }: Proof): string | null {
  const last = heads.at(-1);
  return last === undefined ? null : lineHash(last);
}
