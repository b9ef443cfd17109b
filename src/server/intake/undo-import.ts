import type { Clock, Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ImportId, OrganisationId } from '#core/kernel/id.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { record } from '#server/audit/record.ts';
import { recordEach } from '#server/audit/record-each.ts';
import { lockImports } from './import-lock.ts';
import { clearEstimates } from './reconcile-ledger.ts';
import { allocationsByItem, reverseAllocations } from '#server/ledger/allocate-groups.ts';
import { gesturesOfImport, IMPORT_UNDONE, takeBackGestures } from '#server/ledger/gestures.ts';
import type { ResultingGesture } from '#server/ledger/gestures.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/** Whether an import was taken back, or what stands in the way. */
export type UndoResult =
  | { readonly status: 'undone'; readonly blocking: readonly [] }
  | { readonly status: 'blocked' | 'unknown'; readonly blocking: readonly { readonly code: string; readonly message: Bilingual }[] };

/** Which import is taken back, and by whom. */
export type UndoOptions = { readonly organisation: OrganisationId; readonly importId: ImportId; readonly clock: Clock; readonly actor: string };

/**
 * Takes an import back whole: what matching set against it by itself is undone, its allocations are reversed, its items and customers
 * voided, what it changed is put back as it was. Refused, with every reason, when something later or somebody's work rests on it.
 */
export async function undoImport(database: Database, options: UndoOptions): Promise<UndoResult> {
  return database.inTenant(options.organisation, async (t) => {
    await lockImports(t);
    const found = await t.one<{ source: string; status: string }>(t.sql`
      select i.source, i.status from ${t.from('import')} i where i.import_id = ${options.importId}::bigint for update`);
    if (found === null || found.status !== 'applied') {
      return { status: 'unknown', blocking: [{ code: 'undo.unknown', message: {
        fr: `L'import n° ${options.importId} n'existe pas ou est déjà annulé : la liste des imports montre ceux qui peuvent l'être.`,
        en: `Import no. ${options.importId} does not exist or is already undone: the list of imports shows those that can be.`,
      } }] };
    }
    const gestures = await gesturesOfImport(t, options.importId);
    const blocking = [...(await findBlocking(t, options.importId, found.source)), ...blockingGestures(gestures)];
    if (blocking.length > 0) return { status: 'blocked', blocking };
    await takeBack(t, options, gestures.map((one) => one.gesture));
    return { status: 'undone', blocking: [] };
  });
}

type Reason = { readonly code: string; readonly message: Bilingual };

/** Gestures named in one sentence. */
const NAMED_MAX = 20;

/** What people matched stays theirs to undo; what went by itself falls with its import, unless a ledger lettered it since. */
function blockingGestures(gestures: readonly ResultingGesture[]): Reason[] {
  const namesOf = (some: readonly ResultingGesture[]): string => some.slice(0, NAMED_MAX).map((one) => one.name).join(', ');
  const own = gestures.filter((one) => !one.automatic && one.own_line);
  const others = gestures.filter((one) => !one.automatic && !one.own_line);
  const lettered = gestures.filter((one) => one.lettered);
  const reasons: Reason[] = [];
  if (own.length > 0) reasons.push({ code: 'undo.bankLineUsed', message: {
    fr: `Des lignes de ce relevé sont affectées à des clients (${namesOf(own)}) : annulez d'abord ces affectations.`,
    en: `Lines of this statement belong to customers (${namesOf(own)}): undo those first.`,
  } });
  if (others.length > 0) reasons.push({ code: 'undo.allocated', message: {
    fr: `Des personnes ont lettré des pièces de cet import avec d'autres règlements (${namesOf(others)}) : annulez d'abord ces lettrages.`,
    en: `People have allocated items of this import to other money (${namesOf(others)}): take those allocations back first.`,
  } });
  if (lettered.length > 0) reasons.push({ code: 'undo.receiptLettered', message: {
    fr: `Un grand livre importé depuis a lettré des règlements qui viennent de cet import (${namesOf(lettered)}) : annulez d'abord l'import de ce grand livre.`,
    en: `A ledger imported since has lettered receipts that come from this import (${namesOf(lettered)}): undo the import of that ledger first.`,
  } });
  return reasons;
}

async function findBlocking(t: Tenant, importId: ImportId, source: string): Promise<Reason[]> {
  const reasons: Reason[] = [];
  const check = async (query: SqlPiece, say: (list: string) => Reason): Promise<void> => {
    const rows = await t.rows<{ name: string }>(query);
    if (rows.length > 0) reasons.push(say(rows.map((row) => row.name).join(', ')));
  };
  await check(t.sql`
    select i.import_id::text as name from ${t.from('import')} i
    where i.status = 'applied' and i.import_id > ${importId}::bigint and (i.source = ${source}
      or exists (select from ${t.from('item')} x join ${allocationsByItem(t)} a on a.touched_item_id = x.item_id
        where a.import_id = i.import_id and x.import_id = ${importId}::bigint)
      or exists (select from ${t.from('import_change')} h join ${t.from('item')} x on x.item_id = h.row_id
        where h.import_id = i.import_id and h.relation = 'item' and x.import_id = ${importId}::bigint))
    order by i.import_id limit 20`, (list) => ({ code: 'undo.laterImport', message: {
    fr: `Des imports plus récents s'appuient sur celui-ci (n° ${list}) : annulez-les d'abord, du plus récent au plus ancien.`,
    en: `Later imports rest on this one (no. ${list}): undo them first, the latest first.`,
  } }));
  const own = t.sql`select i.item_id from ${t.from('item')} i where i.import_id = ${importId}::bigint and i.voided_at is null`;
  await check(t.sql`
    select distinct coalesce(i.document, i.item_id::text) as name from ${t.from('item')} i join ${t.from('action_item')} x on x.item_id = i.item_id
    join ${t.from('action')} a on a.action_id = x.action_id
    where i.item_id in (${own}) and a.state not in ('cancelled', 'failed', 'expired') limit 20`, (list) => ({ code: 'undo.dunned', message: {
    fr: `Des relances citent des pièces de cet import (${list}) : annulez celles qui ne sont pas parties ; ce qui est parti ne peut plus être repris.`,
    en: `Reminders cite items of this import (${list}): cancel those that have not left; what has left cannot be taken back.`,
  } }));
  await check(t.sql`
    select distinct coalesce(i.document, i.item_id::text) as name from ${t.from('item')} i join ${t.from('hold')} h on h.item_id = i.item_id
    where i.item_id in (${own}) and h.ended_on is null and h.import_id is distinct from ${importId}::bigint limit 20`, (list) => ({ code: 'undo.held', message: {
    fr: `Des suspensions portent sur des pièces de cet import (${list}) : terminez-les d'abord.`,
    en: `Holds are on items of this import (${list}): end them first.`,
  } }));
  await check(t.sql`
    select distinct coalesce(nullif(l.label, ''), l.source_line::text) as name from ${t.from('bank_line')} l
    where l.import_id = ${importId}::bigint and l.voided_at is null
      and exists (select from ${t.from('bank_line')} r where r.takes_back = l.bank_line_id and r.voided_at is null and r.import_id <> ${importId}::bigint) limit 20`,
  (list) => ({ code: 'undo.bankLineUsed', message: {
    fr: `Des lignes de ce relevé sont reprises par un rejet d'un autre relevé (${list}) : annulez d'abord l'import de celui-ci.`,
    en: `Lines of this statement were taken back by a return of another statement (${list}): undo the import of that one first.`,
  } }));
  return reasons;
}

async function takeBack(t: Tenant, options: UndoOptions, gestures: readonly string[]): Promise<void> {
  const { importId, clock, actor } = options;
  const now = clock.now();
  const matches = await takeBackGestures(t, gestures, { now, actor, reason: IMPORT_UNDONE });
  await reverseAllocations(t, t.sql`select a.allocation_id from ${t.from('allocation')} a where a.import_id = ${importId}::bigint`,
    { origin: 'import', importId: null, now, actor });
  await t.run(t.sql`
    ${t.update('item', 'i')} set voided_at = ${now}::timestamptz where ${t.own('i')} and i.import_id = ${importId}::bigint and i.voided_at is null`);
  await restoreChanged(t, importId);
  await restoreOverruled(t, importId);
  await redoReversed(t, importId, { now, actor });
  await t.run(t.sql`
    ${t.update('contact', 'k')} set removed_at = ${now}::timestamptz where ${t.own('k')} and k.import_id = ${importId}::bigint and k.removed_at is null`);
  await t.run(t.sql`
    ${t.update('customer', 'c')} set voided_at = ${now}::timestamptz
    where ${t.own('c')} and c.import_id = ${importId}::bigint and c.voided_at is null
      and not exists (select from ${t.from('item')} i where i.customer_id = c.customer_id and i.voided_at is null)`);
  await takeBackIntake(t, importId, { now, actor });
  await clearEstimates(t);
  await t.run(t.sql`
    ${t.update('import', 'p')} set status = 'undone', undone_at = ${now}::timestamptz where ${t.own('p')} and p.import_id = ${importId}::bigint`);
  await record(t, { at: now, actor, kind: 'import.undone', subject: `import:${importId}`, facts: { matches: matches.map((one) => one.match_id) } });
}

/** Bank lines, documents, statuses and the holds they opened go; bank lines that the import had replaced come back. */
async function takeBackIntake(t: Tenant, importId: ImportId, { now, actor }: { now: Instant; actor: string }): Promise<void> {
  await t.run(t.sql`
    ${t.update('bank_line', 'l')} set voided_at = ${now}::timestamptz, item_id = null, takes_back = null
    where ${t.own('l')} and l.import_id = ${importId}::bigint and l.voided_at is null`);
  await t.run(t.sql`
    ${t.update('bank_statement', 's')} set voided_at = ${now}::timestamptz where ${t.own('s')} and s.import_id = ${importId}::bigint and s.voided_at is null`);
  await t.run(t.sql`
    ${t.update('bank_line', 'l')} set voided_at = null from ${t.from('import_change')} h
    where ${t.own('l')} and h.import_id = ${importId}::bigint and h.relation = 'bankLine' and h.row_id = l.bank_line_id`);
  await t.run(t.sql`
    ${t.update('document', 'd')} set voided_at = ${now}::timestamptz where ${t.own('d')} and d.import_id = ${importId}::bigint and d.voided_at is null`);
  await t.run(t.sql`
    ${t.update('document_status', 's')} set voided_at = ${now}::timestamptz where ${t.own('s')} and s.import_id = ${importId}::bigint and s.voided_at is null`);
  const ended = await t.rows<{ hold_id: string; customer_id: string; kind: string; from_on: Day }>(t.sql`
    ${t.update('hold', 'h')} set ended_on = h.from_on, ended_reason = ${IMPORT_UNDONE} where ${t.own('h')} and h.import_id = ${importId}::bigint and h.ended_on is null
    returning h.hold_id, h.customer_id, h.kind, h.from_on`);
  await recordEach(t, ended.map((hold) => ({
    at: now, actor, kind: 'hold.ended', subject: `customer:${hold.customer_id}`, facts: { hold: hold.hold_id, kind: hold.kind, on: hold.from_on, because: IMPORT_UNDONE, import: importId },
  })));
}

/** Puts back the values that the import replaced in rows older than itself. */
async function restoreChanged(t: Tenant, importId: ImportId): Promise<void> {
  await t.run(t.sql`
    ${t.update('customer', 'c')} set code = n.code, name = n.name, address = n.address, postal_code = n.postal_code, city = n.city, country = n.country, siren = n.siren,
      vat_number = n.vat_number, language = n.language, terms = n.terms
    from ${t.from('import_change')} h, ${t.from('customer')} o, lateral jsonb_populate_record(row(o.*)::customer, h.before) n
    where ${t.own('c')} and h.import_id = ${importId}::bigint and h.relation = 'customer' and h.row_id = c.customer_id and o.customer_id = c.customer_id`);
  await t.run(t.sql`
    ${t.update('item', 'i')} set voided_at = n.voided_at, due_on = n.due_on, due_source = n.due_source
    from ${t.from('import_change')} h, ${t.from('item')} o, lateral jsonb_populate_record(row(o.*)::item, h.before) n
    where ${t.own('i')} and h.import_id = ${importId}::bigint and h.relation = 'item' and h.row_id = i.item_id and o.item_id = i.item_id
      and h.before <> '{}'::jsonb`);
}

/** Matches that gave way to this ledger hold again, and with them the receipts of their lines that nobody placed meanwhile. */
async function restoreOverruled(t: Tenant, importId: ImportId): Promise<void> {
  await t.run(t.sql`
    ${t.update('bank_line', 'l')} set item_id = m.credit_item_id from ${t.from('match')} m
    where ${t.own('l')} and m.overruled_by = ${importId}::bigint and m.gesture_id is null and m.bank_line_id = l.bank_line_id and l.item_id is null and l.dismissed_at is null and m.undone_at is null`);
  await t.run(t.sql`${t.update('match', 'm')} set overruled_by = null where ${t.own('m')} and m.overruled_by = ${importId}::bigint`);
}

/** Allocations of earlier imports that this one had reversed hold again: the same amounts from the day of the reversal on, as new rows. */
async function redoReversed(t: Tenant, importId: ImportId, by: { now: string; actor: string }): Promise<void> {
  await t.run(t.sql`
    ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, origin, import_id, match_id, recorded_at, actor')}
    select ${t.org}, b.debit_item_id, b.credit_item_id, b.amount, r.effective_on, b.origin, b.import_id, b.match_id, ${by.now}::timestamptz, ${by.actor}
    from ${t.from('allocation')} r join ${t.from('allocation')} b on b.allocation_id = r.reverses
    where r.import_id = ${importId}::bigint and not exists (select from ${t.from('match')} m where m.match_id = b.match_id and m.undone_at is not null)
    order by b.allocation_id`);
}
