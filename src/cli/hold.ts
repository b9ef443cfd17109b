import { parseDay } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseId } from '#core/kernel/id.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { parseDecimal } from '#core/kernel/money.ts';
import { addHold, endHold, HOLD_KINDS, listHolds } from '#server/holds/holds.ts';
import type { HoldKind, HoldRow } from '#server/holds/holds.ts';
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
  usage: 'hold add KIND (--document N | --customer CODE) [--amount A] [--by D] [--reason R] [--note T] | hold end ID [--reason R] | hold list [--customer CODE]',
  options: {
    document: { type: 'string' }, customer: { type: 'string' }, amount: { type: 'string' }, by: { type: 'string' }, until: { type: 'string' }, from: { type: 'string' },
    reason: { type: 'string' }, note: { type: 'string' }, all: { type: 'boolean' },
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

async function add(context: Context): Promise<number> {
  const kind = HOLD_KINDS.find((known) => known === context.words[1]);
  if (kind === undefined) throw usage(`hold add ${HOLD_KINDS.join('|')}.`, `hold add ${HOLD_KINDS.join('|')}.`);
  const until = dayOption(context, 'by') ?? dayOption(context, 'until');
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
      ids.push(await addHold(t, { customerId: target.customerId, ...part, kind, reason: text(context, 'reason'), from, until, note: text(context, 'note') }, context));
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
  };
}

async function end(context: Context): Promise<number> {
  const id = parseId<'hold'>(context.words[1] ?? '');
  if (id === null) throw usage('hold end NUMÉRO.', 'hold end NUMBER.');
  const done = await context.store.database.inTenant(context.organisation, (t) =>
    endHold(t, id, { on: context.today, reason: text(context, 'reason') ?? 'person', by: context }));
  if (!done) throw new Stop(EXIT.refused, { fr: `Aucune suspension ${id} en cours.`, en: `No hold ${id} in force.` });
  context.print({ id, endedOn: context.today }, () => `suspension ${id} terminée\n`);
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
