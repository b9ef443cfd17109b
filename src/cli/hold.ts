import { parseDay } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseId } from '#core/kernel/id.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { parseDecimal } from '#core/kernel/money.ts';
import { HOLD_KINDS } from '#core/holds/hold-state.ts';
import type { HoldKind } from '#core/holds/hold-state.ts';
import { DISPUTE_OUTCOMES } from '#core/holds/dispute.ts';
import type { PlanPeriod } from '#core/holds/plan-builder.ts';
import { PROMISE_CHANNELS } from '#core/holds/promise.ts';
import type { HoldId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { decideDispute } from '#server/holds/disputes.ts';
import { addHold, endHold, listHolds } from '#server/holds/holds.ts';
import type { HoldRow, NewHold } from '#server/holds/holds.ts';
import { addPlan, previewPlan } from '#server/holds/plans.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { amount, table } from './shapes.ts';

const text = (context: Context, name: string): string | null => {
  const value = context.options[name];
  return typeof value === 'string' ? value : null;
};

function dayOption(context: Context, name: string): Day | null {
  const value = text(context, name);
  if (value === null) return null;
  const day = parseDay(value);
  if (day === null) throw usage(`--${name} ${value} : pas un jour AAAA-MM-JJ.`, `--${name} ${value}: not a day YYYY-MM-DD.`);
  return day;
}

/** `acquit hold`: reasons not to chase, entered, ended and listed. */
export const holdCommand: Command = {
  about: { fr: 'suspensions : litige, promesse, échéancier, pause, procédure collective', en: 'holds: dispute, promise, plan, pause, insolvency' },
  usage: 'hold add KIND (--document N | --customer CODE) [--amount A] [--by D] [--reason R] [--note T] [--promised-by NAME] [--how phone|email|letter|portal|inPerson] [--owner NAME] [--owner-email E] [--deadline D] [--published D] [--instalments N --first D [--every month|week|DAYS] [--accepted-by NAME]] | hold end ID [--reason R] [--outcome accepted|partly|rejected [--amount A]] | hold list [--customer CODE]',
  options: {
    document: { type: 'string' }, customer: { type: 'string' }, amount: { type: 'string' }, by: { type: 'string' }, until: { type: 'string' }, from: { type: 'string' },
    reason: { type: 'string' }, note: { type: 'string' }, all: { type: 'boolean' }, 'promised-by': { type: 'string' }, how: { type: 'string' }, owner: { type: 'string' }, 'owner-email': { type: 'string' },
    deadline: { type: 'string' }, published: { type: 'string' }, instalments: { type: 'string' }, first: { type: 'string' }, every: { type: 'string' }, 'accepted-by': { type: 'string' }, outcome: { type: 'string' },
  },
  words: [1, 2],
  run: async (context) => {
    switch (context.words[0]) {
      case 'add': return add(context);
      case 'end': return end(context);
      case 'list': return list(context);
      case undefined:
      default: throw usage('hold add | end | list.', 'hold add | end | list.');
    }
  },
};

/** Whom a hold is on: the whole account (no portion), or the open portions of a document, oldest due day first. */
type Target = { customerId: CustomerId; portions: readonly { itemId: ItemId; open: bigint }[]; currency: Currency };

async function findTarget(t: Tenant, context: Context): Promise<Target> {
  const document = text(context, 'document');
  const customer = text(context, 'customer');
  if (document === null && customer === null) throw usage('--document N ou --customer CODE.', '--document N or --customer CODE.');
  if (document === null) {
    const row = await t.one<{ customer_id: CustomerId }>(t.sql`select c.customer_id from ${t.from('customer')} c where c.code = ${customer} and c.voided_at is null`);
    if (row === null) throw new Stop(EXIT.refused, { fr: `Aucun client ${customer ?? ''}.`, en: `No customer ${customer ?? ''}.` });
    return { customerId: row.customer_id, portions: [], currency: 'EUR' };
  }
  const rows = await t.rows<{ customer_id: CustomerId; item_id: ItemId; currency: Currency; open: string }>(t.sql`
    select i.customer_id, i.item_id, i.currency, (i.amount - i.allocated)::text as open from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id
    where i.document = ${document} and i.side = 'debit' and i.voided_at is null and (${customer}::text is null or c.code = ${customer})
    order by i.allocated < i.amount desc, i.due_on`);
  const [row] = rows;
  if (row === undefined) throw new Stop(EXIT.refused, { fr: `Aucune pièce ${document}.`, en: `No document ${document}.` });
  if (new Set(rows.map((one) => one.customer_id)).size > 1) {
    throw new Stop(EXIT.refused, { fr: `Plusieurs clients ont une pièce ${document} : précisez --customer CODE.`, en: `Several customers have a document ${document}: say --customer CODE.` });
  }
  const open = rows.filter((one) => one.open !== '0');
  return {
    customerId: row.customer_id, currency: row.currency,
    portions: (open.length > 0 ? open : [row]).map((one) => ({ itemId: one.item_id, open: BigInt(one.open) })),
  };
}

/** The amount a hold puts on each portion: a disputed part fills the oldest first, everything else is said of each. */
function shared(portions: Target['portions'], kind: HoldKind, amount: bigint | null): { itemId: ItemId; amount: bigint | null }[] {
  if (kind !== 'dispute' || amount === null || portions.length === 1) return portions.map(({ itemId }) => ({ itemId, amount }));
  let left = amount;
  const parts = portions.map(({ itemId, open }) => {
    const part = left < open ? left : open;
    left -= part;
    return { itemId, amount: part };
  });
  return parts.filter((part) => part.amount > 0n);
}

/** What is said of a hold beside its amount and days. */
function saidOf(context: Context): Pick<NewHold, 'promisedBy' | 'channel' | 'owner' | 'deadlineOn' | 'publishedOn'> {
  const how = text(context, 'how');
  const channel = PROMISE_CHANNELS.find((known) => known === how);
  if (how !== null && channel === undefined) throw usage(`--how ${PROMISE_CHANNELS.join('|')}.`, `--how ${PROMISE_CHANNELS.join('|')}.`);
  const owner = { name: text(context, 'owner'), email: text(context, 'owner-email') };
  return {
    ...(text(context, 'promised-by') === null ? {} : { promisedBy: text(context, 'promised-by') }), ...(channel === undefined ? {} : { channel }),
    ...(owner.name === null && owner.email === null ? {} : { owner }), ...(text(context, 'deadline') === null ? {} : { deadlineOn: dayOption(context, 'deadline') }),
    ...(text(context, 'published') === null ? {} : { publishedOn: dayOption(context, 'published') }),
  };
}

function periodOf(context: Context): PlanPeriod {
  const every = text(context, 'every') ?? 'month';
  if (every === 'month' || every === 'week') return { every };
  if (!/^[1-9][0-9]{0,2}$/.test(every)) throw usage('--every month|week|JOURS.', '--every month|week|DAYS.');
  return { every: 'days', days: Number(every) };
}

const refused = (problem: Problem): Stop => new Stop(EXIT.refused, problem.message);

/** A plan with its instalments over the open items of a document or of a customer, agreed from now. */
async function addInstalments(context: Context, count: string): Promise<number> {
  const firstOn = dayOption(context, 'first');
  if (firstOn === null || !/^[1-9][0-9]?$/.test(count)) throw usage('--instalments N --first AAAA-MM-JJ [--every month|week|JOURS].', '--instalments N --first YYYY-MM-DD [--every month|week|DAYS].');
  const plan = await context.store.database.inTenant(context.organisation, async (t) => {
    const target = await findTarget(t, context);
    const open = target.portions.length > 0 ? target.portions : await openItems(t, target);
    const items = open.map(({ itemId }) => itemId);
    const preview = await previewPlan(t, { customerId: target.customerId, items, count: Number(count), firstOn, period: periodOf(context) });
    if (!preview.ok) throw refused(preview.error);
    const { instalments, currency } = preview.value;
    const added = await addPlan(t, {
      customerId: target.customerId, items, instalments, from: dayOption(context, 'from') ?? context.today, acceptedBy: text(context, 'accepted-by') ?? context.actor, note: text(context, 'note'),
    }, context);
    if (!added.ok) throw refused(added.error);
    const [row] = (await listHolds(t, { customerId: target.customerId })).filter((one) => one.hold_id === added.value);
    if (row === undefined) throw new Error('the plan was not kept');
    return { ...holdJson(row), instalments: instalments.map(({ dueOn, minor }) => ({ dueOn, amount: amount(String(minor), currency) })) };
  });
  context.print(plan, () => `échéancier ${plan.id} enregistré\n`);
  return EXIT.done;
}

async function openItems(t: Tenant, target: Target): Promise<{ itemId: ItemId }[]> {
  const rows = await t.rows<{ item_id: ItemId }>(t.sql`
    select i.item_id from ${t.from('item')} i where i.customer_id = ${target.customerId}::bigint and i.side = 'debit' and i.voided_at is null and i.allocated < i.amount`);
  if (rows.length === 0) throw new Stop(EXIT.refused, { fr: 'Ce client ne doit rien : il n’y a rien à échelonner.', en: 'This customer owes nothing: there is nothing to spread.' });
  return rows.map((row) => ({ itemId: row.item_id }));
}

async function add(context: Context): Promise<number> {
  const kind = HOLD_KINDS.find((known) => known === context.words[1]);
  if (kind === undefined) throw usage(`hold add ${HOLD_KINDS.join('|')}.`, `hold add ${HOLD_KINDS.join('|')}.`);
  const count = text(context, 'instalments');
  if (kind === 'plan' && count !== null) return addInstalments(context, count);
  const said = saidOf(context);
  const until = dayOption(context, 'by') ?? dayOption(context, 'until');
  if (kind === 'pause' && text(context, 'reason') === null) throw usage('Une pause a un motif : --reason TEXTE.', 'A pause has a reason: --reason TEXT.');
  if (kind === 'promise' && until === null) throw usage('Une promesse a un jour : --by AAAA-MM-JJ.', 'A promise has a day: --by YYYY-MM-DD.');
  const from = dayOption(context, 'from') ?? context.today;
  if (until !== null && until < from) throw usage(`--by ${until} est avant le début ${from}.`, `--by ${until} is before the start ${from}.`);
  const hold = await context.store.database.inTenant(context.organisation, async (t) => {
    const target = await findTarget(t, context);
    const given = text(context, 'amount');
    const money = given === null ? null : parseDecimal(given, target.currency);
    if (given !== null && (money === null || money.minor <= 0n)) throw usage(`--amount ${given} : montant positif attendu.`, `--amount ${given}: a positive amount is wanted.`);
    const amount = money?.minor ?? null;
    const parts = target.portions.length === 0 ? [{ itemId: null, amount }] : shared(target.portions, kind, amount);
    const ids: string[] = [];
    for (const part of parts) {
      ids.push(await addHold(t, { customerId: target.customerId, ...part, kind, reason: text(context, 'reason'), from, until, note: text(context, 'note'), ...said }, context));
    }
    const rows = (await listHolds(t, { customerId: target.customerId })).filter((one) => ids.includes(one.hold_id)).toReversed();
    const [row] = rows;
    if (row === undefined) throw new Error('the hold was not kept');
    // One hold for each portion of a document in instalments: the first one, and all of them.
    return { ...holdJson(row), ...(rows.length > 1 ? { holds: rows.map(holdJson) } : {}) };
  });
  context.print(hold, () => `suspension ${hold.id} enregistrée\n`);
  return EXIT.done;
}

function holdJson(row: HoldRow): { id: string } & Record<string, unknown> {
  return {
    id: row.hold_id, kind: row.kind, customer: row.customer, document: row.document, amount: row.amount === null ? null : amount(row.amount, row.currency ?? 'EUR'), from: row.from_on,
    until: row.until_on, graceDays: row.grace_days, reason: row.reason, note: row.note, by: row.actor, endedOn: row.ended_on, endedReason: row.ended_reason,
    state: row.state, currency: row.currency, promisedBy: row.promised_by, how: row.channel, acceptedOn: row.accepted_on, owner: row.owner_name, ownerEmail: row.owner_email, deadline: row.deadline_on,
  };
}

async function end(context: Context): Promise<number> {
  const id = parseId<'hold'>(context.words[1] ?? '');
  if (id === null) throw usage('hold end NUMÉRO.', 'hold end NUMBER.');
  const outcome = text(context, 'outcome');
  if (outcome !== null) return decide(context, id, outcome);
  const done = await context.store.database.inTenant(context.organisation, (t) =>
    endHold(t, id, { on: context.today, reason: text(context, 'reason') ?? 'person', by: context }));
  if (!done) throw new Stop(EXIT.refused, { fr: `Aucune suspension ${id} en cours.`, en: `No hold ${id} in force.` });
  context.print({ id, endedOn: context.today }, () => `suspension ${id} terminée\n`);
  return EXIT.done;
}

/** A dispute accepted or accepted in part goes on until its credit note comes; rejected, it ends. */
async function decide(context: Context, id: HoldId, said: string): Promise<number> {
  const outcome = DISPUTE_OUTCOMES.find((known) => known === said);
  if (outcome === undefined) throw usage(`--outcome ${DISPUTE_OUTCOMES.join('|')}.`, `--outcome ${DISPUTE_OUTCOMES.join('|')}.`);
  await context.store.database.inTenant(context.organisation, async (t) => {
    const row = await t.one<{ currency: Currency | null }>(t.sql`
      select i.currency from ${t.from('hold')} h left join ${t.from('item')} i on i.item_id = h.item_id where h.hold_id = ${id}::bigint`);
    const given = text(context, 'amount');
    const granted = given === null ? null : parseDecimal(given, row?.currency ?? 'EUR');
    if (given !== null && granted === null) throw usage(`--amount ${given} : montant positif attendu.`, `--amount ${given}: a positive amount is wanted.`);
    const decided = await decideDispute(t, id, { decision: { outcome, amount: granted?.minor ?? null, note: text(context, 'note'), on: context.today }, by: context });
    if (!decided.ok) throw refused(decided.error);
  });
  context.print({ id, outcome, endedOn: outcome === 'rejected' ? context.today : null }, () => `litige ${id} : ${outcome}\n`);
  return EXIT.done;
}

async function list(context: Context): Promise<number> {
  const customer = text(context, 'customer');
  const rows = await context.store.database.inTenant(context.organisation, (t) => listHolds(t, { all: context.options['all'] === true }), { readOnly: true });
  const shown = rows.filter((row) => customer === null || row.customer === customer);
  context.print({ holds: shown.map(holdJson) }, () => table([
    ['n°', 'type', 'client', 'pièce', 'jusqu\'au', 'motif'], ...shown.map((row) => [row.hold_id, row.kind, row.customer, row.document ?? '', row.until_on ?? '', row.reason ?? '']),
  ]));
  return EXIT.done;
}
