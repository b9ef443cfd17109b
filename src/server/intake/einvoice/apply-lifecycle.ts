import type { LifecycleMessage } from '#core/intake/einvoice/einvoice.ts';
import { problem, quoted } from '#core/intake/problems.ts';
import { addDays, later } from '#core/kernel/day.ts';
import type { ImportId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Applied, ImportOptions } from '../import-file.ts';
import { Refused } from '../refused.ts';
import { settleLifecycle } from './settle-lifecycle.ts';

const NOTHING = { customers: 0, debits: 0, credits: 0, allocations: 0, bankLines: 0 };
const NO_AMOUNT = { debit: '0.00', credit: '0.00', balance: '0.00' };

/** Days after today beyond which a status date is a slip: it would stand above every later status. */
const FUTURE_DAYS_MAX = 2;

/** Takes a life-cycle message in: the status of each document it names, and the hold that a refused, disputed or suspended one asks for. */
export async function applyLifecycle(t: Tenant, importId: ImportId, options: ImportOptions & { readonly message: LifecycleMessage; readonly problems: readonly Problem[] }): Promise<Applied> {
  const { message, today, clock, actor } = options;
  const latest = message.documents.reduce((day, one) => later(day, one.statedOn), message.issuedOn);
  if (latest > addDays(today, FUTURE_DAYS_MAX)) throw new Refused([problem('lifecycleFuture', 0, { on: latest })], { lines: message.documents.length });
  const foreign = await foreignDocuments(t, message);
  if (foreign.length > 0) throw new Refused(foreign, { lines: message.documents.length });
  await t.run(t.sql`
    ${t.into('document_status', 'number, issued_on, status, stated_on, stated_at, stated_by_name, stated_by_siren, reasons, import_id, source_line')}
    select ${t.org}, n.number, n.issued_on, n.status, n.stated_on, n.stated_at, ${message.from.name}, ${message.from.siren}, n.reasons::jsonb,
      ${importId}::bigint, n.line
    from unnest(${message.documents.map((one) => one.number)}::text[], ${message.documents.map((one) => one.issuedOn)}::date[], ${message.documents.map((one) => one.status)}::text[],
      ${message.documents.map((one) => jsonText(one.reasons))}::text[], ${message.documents.map((one) => String(one.line))}::bigint[],
      ${message.documents.map((one) => one.statedOn)}::date[], ${message.documents.map((one) => one.statedAt)}::timestamptz[]) as n(number, issued_on, status, reasons, line, stated_on, stated_at)`);
  const settled = await settleLifecycle(t, { importId, today, now: clock.now(), actor });
  const unknown = await unknownDocuments(t, importId);
  return {
    source: `lifecycle:${message.documents[0]?.number ?? ''}`.slice(0, 200), lines: message.documents.length, understood: null, totals: NO_AMOUNT, created: NOTHING,
    changed: { statuses: message.documents.length, holdsOpened: settled.opened, holdsEnded: settled.ended },
    problems: [...options.problems, ...unknown.map((row) => problem('lifecycleUnknownDocument', Number(row.line), { number: quoted(row.number) }))],
    coversFrom: message.issuedOn, coversUntil: message.issuedOn,
  };
}

const jsonText = (value: unknown): string => JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one));

/** A message about an invoice that another company issued is not ours. */
async function foreignDocuments(t: Tenant, message: LifecycleMessage): Promise<Problem[]> {
  const own = await t.one<{ siren: string | null }>(t.sql`select e.siren from ${t.from('entity')} e order by e.entity_id limit 1`);
  const siren = own?.siren ?? null;
  if (siren === null) return [];
  return message.documents.flatMap((one) => (one.issuerSiren === null || one.issuerSiren === siren ? [] : [problem('lifecycleOtherIssuer', one.line, { number: quoted(one.number), issuer: one.issuerSiren, own: siren })]));
}

async function unknownDocuments(t: Tenant, importId: ImportId): Promise<{ number: string; line: string }[]> {
  return t.rows(t.sql`
    select s.number, s.source_line::text as line from ${t.from('document_status')} s
    where s.import_id = ${importId}::bigint
      and not exists (select from ${t.from('item')} i where i.document = s.number and i.voided_at is null)
      and not exists (select from ${t.from('document')} d where d.number = s.number and d.voided_at is null)
    order by s.document_status_id`);
}
