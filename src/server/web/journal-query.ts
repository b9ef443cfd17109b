import type { FrozenView, JournalPage, JournalSendView } from '#core/api/journal.ts';
import type { FreezeReason, MissingSend } from '#core/channels/compare-journal.ts';
import { decimal, money } from '#core/kernel/money.ts';
import { compareNow, reconcilable } from '#server/channels/journal/reconcile.ts';
import type { Session } from '#server/identity/sessions.ts';
import { memberNames } from '#server/identity/users.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { WebContext } from './context.ts';

/** Sends one page lists; the command lists them all. */
const LISTED_MAX = 500;

type FrozenRow = { because: FreezeReason; at: string; frozen_by: string; reason: string | null };

/** Why nothing leaves, for people of an organisation: of others than its members no name is told. */
export async function readFrozen(database: Database, session: Pick<Session, 'organisation'>): Promise<FrozenView | null> {
  const found = await database.pool.query<FrozenRow>(`
    select i.frozen_because as because, i.frozen_at as at, f.frozen_by, f.reason from installation i left join installation_freeze f on f.ended_at is null where i.frozen_at is not null`);
  const [row] = found.rows;
  if (row === undefined) return null;
  const names = await memberNames(database, session.organisation);
  return { because: row.because, at: row.at, by: row.because === 'person' ? (names.get(row.frozen_by) ?? null) : null, reason: row.reason };
}

/** Whether somebody owns every organisation there is: the journal is that of all of them. */
export async function ownsEverything(database: Database, { user, role }: Session): Promise<boolean> {
  if (role !== 'owner') return false;
  const others = await database.pool.query(`
    select from organisation o where not exists (select from membership m where m.organisation_id = o.organisation_id and m.user_id = $1 and m.role = 'owner') limit 1`, [user]);
  return others.rowCount === 0;
}

/** The journal as the person's organisation sees it: its own sends one by one, of the others their number. */
export async function readJournalPage(web: WebContext, session: Session): Promise<JournalPage> {
  const { database, guard } = web;
  const frozen = await readFrozen(database, session);
  const mayReconcile = await ownsEverything(database, session);
  const where = mayReconcile ? guard.journal.where : null;
  const found = await compareNow(database, guard);
  return database.inTenant(session.organisation, async (t) => {
    const waiting = await waitingSends(t);
    if (!found.ok) return { frozen, disagrees: null, fault: found.error.message, where, begun: true, sends: [], count: 0, others: 0, torn: 0, waiting, mayReconcile, cannotApply: null };
    const { missing, because, torn, tail } = found.value;
    const code = await t.one<{ code: string }>(t.sql`select o.code from organisation o where o.organisation_id = ${t.organisation}::bigint`);
    const apply = reconcilable(found.value, 'applied');
    const own = missing.filter(({ organisation }) => organisation === code?.code);
    return {
      frozen, disagrees: frozen === null ? because : null, fault: null, where, begun: tail.head !== null, sends: await viewsOf(t, own.slice(0, LISTED_MAX)), count: own.length, others: missing.length - own.length, torn,
      waiting, mayReconcile, cannotApply: because === null || apply.ok ? null : apply.error,
    };
  }, { readOnly: true });
}

async function waitingSends(t: Tenant): Promise<number> {
  return (await t.one<{ count: number }>(t.sql`select count(*)::int as count from ${t.from('sent_elsewhere')} e where e.placed_at is null`))?.count ?? 0;
}

async function viewsOf(t: Tenant, sends: readonly MissingSend[]): Promise<JournalSendView[]> {
  const codes = [...new Set(sends.flatMap(({ send }) => (send === null ? [] : [send.customer])))];
  const rows = await t.rows<{ code: string; customer_id: string; name: string }>(t.sql`
    select c.code, c.customer_id, c.name from ${t.from('customer')} c where c.code = any(${codes}::text[]) and c.voided_at is null`);
  const customers = new Map(rows.map((row) => [row.code, row]));
  return sends.flatMap(({ ref, send, end }): JournalSendView[] => {
    if (send === null) return [];
    const customer = customers.get(send.customer);
    return [{
      ref, customer: send.customer, customerId: customer?.customer_id ?? null, customerName: customer?.name ?? null, day: send.day, channel: send.channel, step: send.step,
      total: decimal(money(send.total, send.currency)), currency: send.currency, outcome: end ?? 'unknown', test: send.test, sha256: send.sha256,
    }];
  });
}
