import { parseId } from '#core/kernel/id.ts';
import { acceptStatement, decideDocument, listReviews } from '#server/intake/review.ts';
import type { Review, Reviewer } from '#server/intake/review.ts';
import { EXIT, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { amount, table } from './shapes.ts';

/** `acquit review`: what imports set aside for a person, and the decision about it. */
export const reviewCommand: Command = {
  about: { fr: 'relevés et factures gardés de côté : liste, accepter, écarter', en: 'statements and invoices set aside: list, accept, discard' },
  usage: 'review [accept ID…|discard ID…]',
  words: [0, 1000],
  run: async (context) => {
    const [verb, ...ids] = context.words;
    if (verb === undefined) return list(context);
    if ((verb !== 'accept' && verb !== 'discard') || ids.length === 0) throw usage('review [accept ID…|discard ID…]', 'review [accept ID…|discard ID…]');
    return decide(context, verb, ids);
  },
};

/** Statements are S1, S2…, documents D1, D2…: one list, two kinds of number. */
const idOf = (one: Review): string => `${one.kind === 'statement' ? 'S' : 'D'}${one.id}`;

async function list(context: Context): Promise<number> {
  const reviews = await context.store.database.inTenant(context.organisation, listReviews, { readOnly: true });
  const shown = reviews.map((one) => (one.kind === 'statement'
    ? {
      id: idOf(one), kind: one.kind, import: one.importId, file: one.fileName, codes: one.codes, account: one.account, name: one.name, from: one.from, until: one.until, currency: one.currency,
      opening: one.opening === null ? null : amount(one.opening, one.currency), movement: amount(one.movement, one.currency), closing: one.closing === null ? null : amount(one.closing, one.currency),
    }
    : {
      id: idOf(one), kind: one.kind, import: one.importId, file: one.fileName, codes: one.codes, document: one.number, buyer: one.buyer, issuedOn: one.issuedOn, dueOn: one.dueOn,
      currency: one.currency, due: amount(one.due, one.currency), gross: one.gross === null ? null : amount(one.gross, one.currency),
    }));
  context.print({ reviews: shown }, () => (reviews.length === 0
    ? { fr: 'rien à vérifier\n', en: 'nothing to check\n' }[context.language]
    : table([['id', 'fichier', 'motif', ''], ...reviews.map((one) => [idOf(one), one.fileName, one.codes.join(' '),
      one.kind === 'statement' ? `${one.account} ${one.name ?? ''}` : `${one.number} ${one.buyer} ${amount(one.due, one.currency)} ${one.currency}`])])));
  return EXIT.done;
}

async function decide(context: Context, verb: 'accept' | 'discard', ids: readonly string[]): Promise<number> {
  const by: Reviewer = { now: context.clock.now(), today: context.today, actor: context.actor };
  const done: string[] = [];
  const unknown: string[] = [];
  for (const id of ids) ((await decideOne(context, { verb, id, by })) ? done : unknown).push(id);
  context.print({ [verb === 'accept' ? 'accepted' : 'discarded']: done, unknown }, () => [...done.map((id) => `${id} ✓\n`), ...unknown.map((id) => `${id} ?\n`)].join(''));
  return unknown.length === 0 ? EXIT.done : EXIT.refused;
}

async function decideOne(context: Context, of: { verb: 'accept' | 'discard'; id: string; by: Reviewer }): Promise<boolean> {
  const { verb, id, by } = of;
  const { database } = context.store;
  if (/^D\d+$/iu.test(id)) {
    const document = parseId<'document'>(id.slice(1));
    return document !== null && database.inTenant(context.organisation, (t) => decideDocument(t, document, { decision: verb === 'accept' ? 'accepted' : 'discarded', by }));
  }
  const statement = /^S\d+$/iu.test(id) ? parseId<'bankStatement'>(id.slice(1)) : null;
  if (statement !== null && verb === 'discard') {
    throw usage(`${id} : un relevé ne s'écarte pas, annulez son import (acquit undo).`, `${id}: a statement is not discarded, undo its import (acquit undo).`);
  }
  return statement !== null && database.inTenant(context.organisation, (t) => acceptStatement(t, statement, by));
}
