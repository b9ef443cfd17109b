import { parseCurrency } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { parseId } from '#core/kernel/id.ts';
import { undoImport } from '#server/intake/undo-import.ts';
import { ageing, BUCKETS, currenciesInUse, listItems } from '#server/ledger/store.ts';
import type { AgeingBy, AgeingRow, ItemRow } from '#server/ledger/store.ts';
import { listHolds } from '#server/holds/holds.ts';
import { EXIT, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { amount, sentences, table } from './shapes.ts';

/** `acquit undo`: takes an import back, or lists what stands in the way. */
export const undoCommand: Command = {
  about: { fr: 'annule un import', en: 'takes an import back' },
  usage: 'undo IMPORT',
  words: [1, 1],
  run: async (context) => {
    const importId = parseId<'import'>(context.words[0] ?? '');
    if (importId === null) throw usage(`${context.words[0] ?? ''} : numéro d'import attendu.`, `${context.words[0] ?? ''}: an import number is wanted.`);
    const result = await undoImport(context.store.database, { organisation: context.organisation, importId, clock: context.clock, actor: context.actor });
    const blocking = result.blocking.map(({ code, message }) => ({ code, ...sentences(message, context.language) }));
    context.print({ status: result.status, blocking }, () => (result.status === 'undone' ? 'annulé\n' : result.blocking.map((one) => `${one.message[context.language]}\n`).join('')));
    return result.status === 'undone' ? EXIT.done : EXIT.refused;
  },
};

/** `acquit items`: open items as of today. */
export const itemsCommand: Command = {
  about: { fr: 'postes ouverts à ce jour', en: 'open items as of today' },
  usage: 'items [--customer CODE] [--all]',
  options: { customer: { type: 'string' }, all: { type: 'boolean' } },
  words: [0, 0],
  run: async (context) => {
    const { customer } = context.options;
    const filter = { ...(typeof customer === 'string' ? { customer } : {}), all: context.options['all'] === true };
    const { items, holds } = await context.store.database.inTenant(context.organisation, async (t) => ({
      items: await listItems(t, context.today, filter), holds: await listHolds(t),
    }), { readOnly: true });
    const byItem = Map.groupBy(holds.filter((hold) => hold.item_id !== null), (hold) => hold.item_id);
    const byCustomer = Map.groupBy(holds.filter((hold) => hold.item_id === null), (hold) => hold.customer_id);
    const holdsOf = (row: ItemRow): string[] =>
      row.side === 'credit' ? [] : [...(byCustomer.get(row.customer_id) ?? []), ...(byItem.get(row.item_id) ?? [])].map((hold) => hold.kind);
    context.print({ asOf: context.today, items: items.map((row) => ({ ...itemJson(row), holds: holdsOf(row) })) }, () => table([
      ['client', 'pièce', 'type', 'échéance', 'retard', 'ouvert', ''],
      ...items.map((row) => [row.customer, row.document ?? row.label ?? '', row.kind, row.due_on ?? '', String(row.days_late ?? ''),
        `${row.side === 'credit' ? '-' : ''}${amount(row.open, row.currency)}`, row.currency]),
    ]));
    return EXIT.done;
  },
};

function itemJson(row: ItemRow): object {
  return {
    customer: row.customer, customerName: row.customer_name, document: row.document, kind: row.kind, side: row.side, currency: row.currency,
    issuedOn: row.issued_on, dueOn: row.due_on, daysLate: row.days_late, amount: amount(row.amount, row.currency), open: amount(row.open, row.currency),
    estimated: row.estimated, label: row.label, source: row.import_id === null ? null : { import: row.import_id, line: row.source_line },
  };
}

const GROUPINGS: readonly AgeingBy[] = ['customer', 'entity', 'segment', 'collector'];

/** `acquit ageing`: the aged balance as of today, or any past day with --today. */
export const ageingCommand: Command = {
  about: { fr: 'balance âgée', en: 'aged balance' },
  usage: 'ageing [--by customer|entity|segment|collector] [--currency EUR]',
  options: { by: { type: 'string' }, currency: { type: 'string' } },
  words: [0, 0],
  run: async (context) => {
    const asked = context.options['by'] ?? 'customer';
    const by = GROUPINGS.find((known) => known === asked);
    if (by === undefined) throw usage(`--by ${String(asked)} : ${GROUPINGS.join(', ')}.`, `--by ${String(asked)}: ${GROUPINGS.join(', ')}.`);
    const { rows, currency, others } = await read(context, by);
    const total = sumOf(rows);
    const json = (row: Omit<AgeingRow, 'key' | 'name'>): object => ({
      amounts: Object.fromEntries(BUCKETS.map(({ key }) => [key, amount(row.amounts[key], currency)])), credits: amount(row.credits, currency),
      balance: amount(row.balance, currency),
    });
    context.print({
      asOf: context.today, currency, otherCurrencies: others, buckets: BUCKETS.map(({ key }) => key),
      rows: rows.map((row) => ({ key: row.key, name: row.name, ...json(row) })), total: json(total),
    }, () => table([
      ['client', 'nom', 'non échu', ...BUCKETS.slice(1).map(({ key }) => key), 'avoirs', 'solde'],
      ...[...rows, { ...total, key: '', name: 'TOTAL' }].map((row) => [
        row.key, row.name.slice(0, 30), ...BUCKETS.map(({ key }) => amount(row.amounts[key], currency)), amount(row.credits, currency), amount(row.balance, currency),
      ]),
    ]));
    return EXIT.done;
  },
};

async function read(context: Context, by: AgeingBy): Promise<{ rows: AgeingRow[]; currency: Currency; others: Currency[] }> {
  const asked = context.options['currency'];
  const named = typeof asked === 'string' ? parseCurrency(asked) : null;
  if (typeof asked === 'string' && named === null) throw usage(`--currency ${asked} : code ISO attendu.`, `--currency ${asked}: an ISO code is wanted.`);
  return context.store.database.inTenant(context.organisation, async (t) => {
    const used = await currenciesInUse(t);
    const currency = named ?? used[0] ?? 'EUR';
    return { rows: await ageing(t, context.today, { currency, by }), currency, others: used.filter((one) => one !== currency) };
  }, { readOnly: true });
}

function sumOf(rows: readonly AgeingRow[]): Omit<AgeingRow, 'key' | 'name'> {
  const amounts = { notDue: 0n, '1-30': 0n, '31-60': 0n, '61-90': 0n, '91-120': 0n, '121+': 0n };
  let credits = 0n;
  let balance = 0n;
  for (const row of rows) {
    for (const { key } of BUCKETS) amounts[key] += row.amounts[key];
    credits += row.credits;
    balance += row.balance;
  }
  return { amounts, credits, balance };
}
