import type { CustomerId } from '#core/kernel/id.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { record } from '#server/audit/record.ts';
import { fixedGestures, gestureOf, IMPORT_UNDONE, takeBackGestures } from '#server/ledger/gestures.ts';
import type { Fixed } from '#server/ledger/gestures.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By, MatchId } from './apply.ts';
import { invalid, MatchingFault, unknown } from './faults.ts';
import { learnRefusal, unlearn } from './learn.ts';
import { saidByBank, wordsOf } from './waiting.ts';
import type { BankRow } from './waiting.ts';

/** Why a gesture cannot be taken back any more. */
export function fixedWords({ returned }: Pick<Fixed, 'returned'>): Bilingual {
  return returned
    ? { fr: 'L’argent est reparti depuis (rejet ou remboursement) : ce lettrage ne peut plus être défait.', en: 'The money went back since (a return): this match cannot be undone any more.' }
    : { fr: 'Ce qui en restait a servi depuis à un autre lettrage : défaites d’abord celui-là.', en: 'What was left of it was used by another match since: undo that one first.' };
}

/**
 * Takes a match and all of its gesture back whole: allocations are reversed, receipts and what was let go are void, the bank line is nobody's
 * again. A payer whose money went to a customer by itself counts as refused for that customer for a while; a person's own placing is only
 * forgotten. Throws `unknown` or `fixed`.
 */
export async function undoMatch(t: Tenant, match: MatchId, by: By & { readonly reason: string }): Promise<void> {
  if (by.reason === IMPORT_UNDONE) throw invalid('reason', 'Dites pourquoi avec d’autres mots.', 'Say why in other words.');
  const found = await t.one<{ gesture: string; undone: boolean }>(t.sql`
    select ${gestureOf(t)}::text as gesture, m.undone_at is not null as undone from ${t.from('match')} m where m.match_id = ${match}::bigint for update`);
  if (found === null) throw unknown('Ce lettrage n’existe pas.', 'There is no such match.');
  if (found.undone) throw new MatchingFault('fixed', { fr: 'Ce lettrage est déjà défait.', en: 'This match is undone already.' });
  const [fixed] = await fixedGestures(t, [found.gesture]);
  if (fixed !== undefined) throw new MatchingFault('fixed', fixedWords(fixed));
  const undone = await takeBackGestures(t, [found.gesture], by);
  for (const one of undone) {
    if (one.bank_line_id === null) continue;
    const customer = one.customer_id as CustomerId;
    const paid = await readPaid(t, one.bank_line_id);
    if (paid === null) continue;
    if (one.automatic) await learnRefusal(t, paid, { customer, today: by.today });
    else await unlearn(t, paid, { customer, today: by.today });
  }
  const [first] = undone;
  if (first !== undefined && first.bank_line_id !== null) {
    await t.run(t.sql`
      ${t.update('bank_line', 'l')} set likely_customer_id = ${first.customer_id}::bigint
      where ${t.own('l')} and l.bank_line_id = ${first.bank_line_id}::bigint and not ${first.customer_id}::bigint = any(l.refused_customers)`);
  }
  await record(t, {
    at: by.now, actor: by.actor, kind: 'match.undone', subject: `match:${found.gesture}`,
    facts: { matches: undone.map((one) => one.match_id), bankLine: first?.bank_line_id ?? null, customers: undone.map((one) => one.customer_id), byImport: by.reason === IMPORT_UNDONE },
  });
}

/** Who paid a bank line, and what is written on it. */
export async function readPaid(t: Tenant, line: string): Promise<ReturnType<typeof wordsOf> | null> {
  const row = await t.one<BankRow>(t.sql`select ${saidByBank(t)} from ${t.from('bank_line')} l where l.bank_line_id = ${line}::bigint`);
  return row === null ? null : wordsOf(row);
}
