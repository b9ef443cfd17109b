import type { Candidate, Incoming } from '#core/matching/matching.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { parseId } from '#core/kernel/id.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import { decimal, money, parseDecimal } from '#core/kernel/money.ts';
import type { By } from '#server/matching/apply.ts';
import { MatchingFault } from '#server/matching/faults.ts';
import { inTurn } from '#server/matching/in-turn.ts';
import { matchLines } from '#server/matching/match-lines.ts';
import type { Matched } from '#server/matching/match-lines.ts';
import { loadWaiting, placeByPerson } from '#server/matching/place.ts';
import type { AskedPart } from '#server/matching/place.ts';
import { undoMatch } from '#server/matching/undo-match.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { amount, sentences, table } from './shapes.ts';

/** `acquit match`: proposals for bank lines and loose credits; `--auto` carries the certain ones out. */
export const matchCommand: Command = {
  about: { fr: 'propose le lettrage des lignes bancaires et des crédits libres ; --auto applique ce qui est certain', en: 'proposes what bank lines and loose credits pay; --auto applies what is certain' },
  usage: 'match [--auto]',
  options: { auto: { type: 'boolean' } },
  words: [0, 0],
  run: async (context) => {
    const matched = await matchLines(context.store.database, {
      organisation: context.organisation, today: context.today, clock: context.clock, actor: context.actor, auto: context.options['auto'] === true,
    });
    const names = await context.store.database.inTenant(context.organisation, (t) => namesOf(t, matched), { readOnly: true });
    const proposals = matched.map((one) => proposalJson(one, names));
    context.print({ proposals }, () => table([
      ['ligne', 'montant', 'client', 'pièces', 'confiance', ''],
      ...proposals.map((one) => [one.bankLine ?? `(${one.credit ?? ''})`, one.amount, one.customer ?? '', one.items.map((item) => item.document).join(' '), String(one.confidence ?? ''), one.applied ? '✓' : '']),
    ]));
    return EXIT.done;
  },
};

type Names = {
  readonly customers: ReadonlyMap<string, string>; readonly documents: ReadonlyMap<string, string>;
  /** What receipts of the ledger pay, by receipt. */
  readonly paid: ReadonlyMap<string, readonly { document: string; amount: string }[]>;
};

async function namesOf(t: Tenant, matched: readonly Matched[]): Promise<Names> {
  const all = matched.flatMap(({ offers }) => offers.offers.map(({ candidate }) => candidate));
  const linked = matched.flatMap((one) => (one.linked === null ? [] : [one.linked]));
  const customers = await t.rows<{ id: string; code: string }>(t.sql`
    select c.customer_id::text as id, c.code from ${t.from('customer')} c where c.customer_id = any(${[...all.map((one) => one.customer), ...linked.map((one) => one.customer)]}::bigint[])`);
  const items = await t.rows<{ id: string; document: string }>(t.sql`
    select i.item_id::text as id, coalesce(i.document, i.label, i.kind) as document from ${t.from('item')} i
    where i.item_id = any(${all.flatMap((one) => [...one.parts, ...one.credits].map(({ item }) => item))}::bigint[])`);
  const paid = await t.rows<{ receipt: string; document: string; amount: string; currency: Currency }>(t.sql`
    select a.credit_item_id::text as receipt, coalesce(d.document, d.label, d.kind) as document, sum(a.amount)::text as amount, d.currency
    from ${t.from('allocation')} a join ${t.from('item')} d on d.item_id = a.debit_item_id
    where a.credit_item_id = any(${linked.map((one) => one.receipt)}::bigint[]) group by a.credit_item_id, d.item_id, d.document, d.label, d.kind, d.currency having sum(a.amount) <> 0 order by d.item_id`);
  const byReceipt = Map.groupBy(paid.map((row) => ({ receipt: row.receipt, document: row.document, amount: amount(row.amount, row.currency) })), ({ receipt }) => receipt);
  return { paid: new Map([...byReceipt].map(([receipt, rows]) => [receipt, rows.map(({ document, amount: sum }) => ({ document, amount: sum }))])), customers: new Map(customers.map((row) => [row.id, row.code])), documents: new Map(items.map((row) => [row.id, row.document])) };
}

type Shown = { bankLine: string | null; credit: string | null; amount: string; currency: Currency; customer: string | null; items: readonly { document: string; amount: string }[]; confidence: number | null; applied: boolean };

function proposalJson({ incoming, offers, match, linked }: Matched, names: Names): Shown & Record<string, unknown> {
  const candidateJson = (one: Candidate) => ({
    customer: names.customers.get(one.customer) ?? null,
    items: one.parts.map(({ item, minor }) => ({ document: names.documents.get(item) ?? '', amount: amount(minor, incoming.currency) })),
    credits: one.credits.map(({ item, minor }) => ({ document: names.documents.get(item) ?? '', amount: amount(minor, incoming.currency) })),
    left: amount(one.left, incoming.currency), writeOff: one.writeOff === null ? null : { amount: amount(one.writeOff.minor, incoming.currency), reason: one.writeOff.reason },
    confidence: one.confidence, because: one.evidence,
  });
  const [first, ...others] = offers.offers.map(({ candidate }) => candidateJson(candidate));
  const onAccount = incoming.source === 'credit' && linked === null;
  return {
    source: onAccount ? 'credit' : 'bankLine', bankLine: onAccount ? null : incoming.id, credit: incoming.item, amount: amount(incoming.minor, incoming.currency), currency: incoming.currency, bookedOn: incoming.bookedOn, payer: incoming.payer.name, text: incoming.text,
    customer: linked === null ? (first?.customer ?? null) : (names.customers.get(linked.customer) ?? null),
    // What the ledger's receipt pays by now, this match included; else what is proposed.
    items: (linked === null ? undefined : names.paid.get(linked.receipt)) ?? first?.items ?? [], credits: first?.credits ?? [], left: first?.left ?? null, writeOff: first?.writeOff ?? null,
    confidence: first?.confidence ?? null, because: linked?.evidence ?? first?.because ?? [], ledgerReceipt: linked !== null, applied: match !== null, match, complete: offers.complete, why: offers.why, others,
  };
}

const byOf = (context: Context): By => ({ now: context.clock.now(), today: context.today, actor: context.actor });

/** `acquit allocate`: a person says whose money a bank line is, and what it pays. */
export const allocateCommand: Command = {
  about: { fr: 'affecte une ligne bancaire à un client et à ses pièces', en: 'sets a bank line against a customer’s documents' },
  usage: 'allocate BANKLINE --customer CODE [DOCUMENT[=AMOUNT]…]',
  options: { customer: { type: 'string' } },
  words: [1, 1000],
  run: async (context) => {
    const [line = '', ...words] = context.words;
    const code = context.options['customer'];
    const id = parseId<'bankLine'>(line);
    if (typeof code !== 'string' || id === null) throw usage('allocate BANKLINE --customer CODE [DOCUMENT[=AMOUNT]…]', 'allocate BANKLINE --customer CODE [DOCUMENT[=AMOUNT]…]');
    const asked = await context.store.database.inTenant(context.organisation, async (t) => {
      const waiting = await loadWaiting(t, { kind: 'bankLine', line: id });
      if (waiting === null) throw refused(`la ligne ${line} n'existe pas, n'est pas à placer ou l'est déjà`, `line ${line} does not exist, is not to be placed, or is placed already`);
      const customer = await t.one<{ id: CustomerId }>(t.sql`select c.customer_id as id from ${t.from('customer')} c where c.code = ${code} and c.voided_at is null`);
      if (customer === null) throw refused(`aucun client ${code}`, `no customer ${code}`);
      return { customer: customer.id, parts: await partsOf(t, { customer: customer.id, incoming: waiting.incoming, words }), credits: [], writeOff: null };
    }, { readOnly: true });
    const match = await orStop(placeByPerson(context.store.database, context.organisation, { key: { kind: 'bankLine', line: id }, uses: [asked], by: byOf(context) }));
    context.print({ match, bankLine: line, customer: code }, () => `${line} → ${code} (${match ?? ''})\n`);
    return EXIT.done;
  },
};

const refused = (fr: string, en: string): Stop => new Stop(EXIT.refused, { fr: `${fr} : rien n'a changé.`, en: `${en}: nothing has changed.` });

/** What a fault says, as the command's last word. */
async function orStop<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof MatchingFault ? new Stop(EXIT.refused, error.said) : error;
  }
}

/** Documents with the amounts named, else as much of each as is open and left of the money, in the order given. */
async function partsOf(t: Tenant, of: { customer: CustomerId; incoming: Incoming; words: readonly string[] }): Promise<AskedPart[]> {
  let left = of.incoming.minor;
  const parts: AskedPart[] = [];
  for (const word of of.words) {
    const cut = word.lastIndexOf('=');
    const document = cut < 0 ? word : word.slice(0, cut);
    const items = await t.rows<{ item: ItemId; open: string }>(t.sql`
      select i.item_id as item, (i.amount - i.allocated)::text as open from ${t.from('item')} i
      where i.customer_id = ${of.customer}::bigint and i.document = ${document} and i.side = 'debit' and i.allocated < i.amount and i.currency = ${of.incoming.currency} and i.voided_at is null
      order by i.due_on, i.item_id`);
    if (items.length === 0) throw refused(`aucune pièce ouverte ${document} de ce client dans cette devise`, `no open document ${document} of this customer in this currency`);
    const asked = cut < 0 ? null : parseDecimal(word.slice(cut + 1).replace(',', '.'), of.incoming.currency);
    if (cut >= 0 && (asked === null || asked.minor <= 0n)) throw refused(`${word} : montant illisible`, `${word}: the amount cannot be read`);
    let wanted = asked?.minor ?? items.reduce((sum, item) => sum + BigInt(item.open), 0n);
    if (asked === null && wanted > left) wanted = left;
    for (const { item, open } of items) {
      const minor = wanted < BigInt(open) ? wanted : BigInt(open);
      if (minor > 0n) parts.push({ item, amount: decimal(money(minor, of.incoming.currency)) });
      wanted -= minor;
      left -= minor;
    }
    if (wanted > 0n || left < 0n) throw refused(`${word} dépasse ce qui est ouvert ou ce qui a été reçu`, `${word} is more than is open or was received`);
  }
  return parts;
}

/** `acquit unallocate`: takes matches back whole. */
export const unallocateCommand: Command = {
  about: { fr: 'défait un lettrage', en: 'takes a match back' },
  usage: 'unallocate MATCH… [--reason TEXT]',
  options: { reason: { type: 'string' } },
  words: [1, 1000],
  run: async (context) => {
    const { reason } = context.options;
    const by = { ...byOf(context), reason: typeof reason === 'string' ? reason : 'corrected' };
    const undone: string[] = [];
    const unknown: string[] = [];
    const reasons: Bilingual[] = [];
    for (const word of context.words) {
      const match = parseId<'match'>(word);
      try {
        if (match === null) throw new MatchingFault('unknown', { fr: `« ${word} » n'est pas un numéro de lettrage.`, en: `"${word}" is not the number of a match.` });
        await inTurn(context.store.database, context.organisation, (t) => undoMatch(t, match, by));
        undone.push(word);
      } catch (error) {
        if (!(error instanceof MatchingFault)) throw error;
        unknown.push(word);
        reasons.push(error.said);
      }
    }
    context.print({ undone, unknown, reasons: reasons.map((one) => sentences(one, context.language)) },
      () => [...undone.map((one) => `${one} ✓\n`), ...unknown.map((one, at) => `${one} ? ${reasons[at]?.[context.language] ?? ''}\n`)].join(''));
    return unknown.length === 0 ? EXIT.done : EXIT.refused;
  },
};
