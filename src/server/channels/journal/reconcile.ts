import { compareJournal, missingSends, tellsTheSame, UNPROVEN } from '#core/channels/compare-journal.ts';
import type { FreezeReason, MissingSend } from '#core/channels/compare-journal.ts';
import type { JournalFailure, JournalTail, SendJournal } from '#core/channels/send-journal.ts';
import { numbersFrom, sortMissing } from '#core/channels/sort-missing.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { SendGuard } from './guard.ts';
import type { Installation } from './installation.ts';
import type { Doing, InstallationStore, ThawLedger, ThawTransaction } from './installation-store.ts';
import { postgresInstallation } from './postgres-installation.ts';

/** How journal and database stand to each other, looked at without changing anything. */
export type Standing = {
  readonly installation: Installation;
  /** Why nothing may leave; null: it may. */
  readonly because: FreezeReason | null;
  /** As the two stand now, the journal here does not prove what left, whatever it was that froze. A backup from before the first message knows of no journal, and may miss one all the same. */
  readonly unproven: boolean;
  /** Messages that left and that the database does not know, or not the end of, one each. */
  readonly missing: readonly MissingSend[];
  /** Codes of organisations among them that this database does not have. */
  readonly strangers: readonly string[];
  readonly where: string;
  readonly torn: number;
  /** Null: there is no journal. */
  readonly tail: JournalTail;
};

/** Compares the journal with the database from the mark on that the database holds, and changes nothing. */
export const compareNow = (database: Database, guard: SendGuard): Promise<Result<Standing, JournalFailure>> => compareOn(postgresInstallation(database, guard.identify), guard.journal);

/** The same on any store. */
export async function compareOn(store: InstallationStore, journal: SendJournal): Promise<Result<Standing, JournalFailure>> {
  const installation = await store.read();
  const tail = await journal.tail({ mark: installation.mark, news: false });
  if (!tail.ok) return tail;
  const verdict = compareJournal(tail.value, installation, await store.known(tail.value.sends));
  const missing = verdict.verdict === 'freeze' ? missingSends(verdict.unknown) : [];
  const here = await store.organisations();
  return ok({
    installation, because: installation.frozen?.because ?? (verdict.verdict === 'freeze' ? verdict.because : null), missing,
    unproven: verdict.verdict === 'freeze' ? UNPROVEN.has(verdict.because) : verdict.verdict === 'first' && installation.frozen !== null,
    strangers: [...new Set(missing.map(({ organisation }) => organisation))].filter((code) => !here.has(code)), where: journal.where, torn: tail.value.torn, tail: tail.value,
  });
}

/** How the freeze is to end, why, and who answers for it. */
export type Reconciling = {
  /** `applied`: the journal is the proof, what it knows is written here. `adopted`: a person answers for what no journal here proves; nothing approved leaves by itself. */
  readonly how: 'applied' | 'adopted';
  readonly reason: string;
  readonly by: Doing;
};

/** What a reconciliation wrote, by organisation. `dropped`: waiting reminders that were proposed without what the journal knew; the next run proposes what is still due. */
export type Reconciled = { readonly code: string; readonly sent: number; readonly parked: number; readonly waiting: number; readonly refused: number; readonly tests: number; readonly dropped: number; readonly backToProposed: number; readonly webhooksOff: number };

/** What a reconciliation ends, or why it cannot be done so. */
export function reconcilable({ because, strangers, unproven }: Pick<Standing, 'because' | 'strangers' | 'unproven'>, how: Reconciling['how']): Result<FreezeReason, Bilingual> {
  if (because === null) return err({ fr: 'Le journal d’envoi et la base sont d’accord et rien n’est gelé : il n’y a rien à rapprocher.', en: 'The send journal and the database agree and nothing is frozen: there is nothing to reconcile.' });
  if (how === 'adopted') return ok(because);
  if (unproven) {
    return err({
      fr: 'Le journal qui est ici ne prouve pas tout ce qui est parti. Remettez en place le journal de cette base, ou reprenez-la en votre nom (--adopt).',
      en: 'The journal that is here does not prove all that left. Put the journal of this database back in its place, or take the database over in your name (--adopt).',
    });
  }
  if (strangers.length === 0) return ok(because);
  return err({
    fr: `Des envois sont d’organisations que cette base n’a pas (${strangers.join(', ')}) : recréez-les (acquit import … --org CODE), puis recommencez ; ou reprenez la base en votre nom (--adopt).`,
    en: `Some sends are of organisations that this database does not have (${strangers.join(', ')}): create them again (acquit import … --org CODE), then try again; or take the database over in your name (--adopt).`,
  });
}

/**
 * Writes what the journal knows into the ledger, begins a new epoch in both and lets sending go on, all in one transaction; the journal's part comes last before the
 * commit, so that a crash between leaves everything frozen as it was.
 */
export const reconcile = (database: Database, guard: SendGuard, of: Reconciling): Promise<Result<readonly Reconciled[], Bilingual>> => reconcileOn(postgresInstallation(database, guard.identify), guard.journal, of);

/** The same on any store. */
export async function reconcileOn(store: InstallationStore, journal: SendJournal, of: Reconciling): Promise<Result<readonly Reconciled[], Bilingual>> {
  const found = await compareOn(store, journal);
  if (!found.ok) return err(found.error.message);
  const standing = found.value;
  const ending = reconcilable(standing, of.how);
  if (!ending.ok) return ending;
  if (standing.installation.frozen === null) await store.freeze({ because: ending.value, unknown: standing.missing, unproven: standing.unproven, reason: null }, of.by);
  return store.thaw((transaction) => thaw(transaction, { journal, standing, of })).catch((error: unknown) => {
    if (error instanceof NotThawed) return err(error.said);
    throw error;
  });
}

/** Rolls back what was written when the journal or somebody else is in the way. */
class NotThawed extends Error {
  readonly said: Bilingual;
  constructor(said: Bilingual) {
    super(said.en);
    this.said = said;
  }
}

function demand<Value>(given: Result<Value, JournalFailure>): Value {
  if (!given.ok) throw new NotThawed(given.error.message);
  return given.value;
}

type Thawing = { readonly journal: SendJournal; readonly standing: Standing; readonly of: Reconciling };

async function thaw(transaction: ThawTransaction, { journal, standing, of }: Thawing): Promise<Result<readonly Reconciled[], Bilingual>> {
  const { installation, tail, missing } = standing;
  if ((await transaction.frozenEpoch()) !== installation.epoch) {
    throw new NotThawed({ fr: 'Quelqu’un vient de rapprocher la base : rien n’est plus gelé.', en: 'Somebody has just reconciled the database: nothing is frozen any more.' });
  }
  // A person may have frozen for another reason.
  await transaction.skipActionNumbers(numbersFrom({ unproven: standing.unproven, unknown: missing, at: of.by.at }));
  // A copy, or a database that forgot what it had told and whom it should tell no more. Only a freeze of a person with nothing missing is none.
  const wentBack = of.how === 'adopted' || missing.length > 0 || standing.because !== 'person';
  const results: Reconciled[] = [];
  await transaction.each(async (ledger, code) => {
    results.push(await reconcileOne(ledger, { code, missing: missing.filter(({ organisation }) => organisation === code), of, wentBack }));
  });
  const [epoch, mark] = [await transaction.newName(), await transaction.newName()];
  await transaction.end({ epoch, mark, server: installation.server, ...of });
  const head = { epoch, installation: installation.installation, server: installation.server, at: of.by.at };
  demand(await journal.begin(head));
  // From here on nobody of an earlier epoch begins anything. What one wrote between the comparison and now is not in the ledger.
  const after = demand(await journal.tail({ mark: installation.mark, news: false }));
  if (!tellsTheSame(tail.sends, after.sends)) {
    throw new NotThawed({
      fr: 'Un autre programme a envoyé pendant le rapprochement : arrêtez-le, puis recommencez.', en: 'Another program sent while this was reconciled: stop it, then try again.',
    });
  }
  demand(await journal.mark({ mark, tail, head }));
  return ok(results);
}

type One = { readonly code: string; readonly missing: readonly MissingSend[]; readonly of: Reconciling; readonly wentBack: boolean };

async function reconcileOne(ledger: ThawLedger, { code, missing, of, wentBack }: One): Promise<Reconciled> {
  const by = { now: of.by.at, actor: of.by.actor };
  const begun = await ledger.begunHere(missing);
  const { ends, place, refused, tests } = sortMissing(missing, begun);
  const ended = await ledger.writeEnds(ends, by);
  const placed = await ledger.place(place, by);
  const dropped = missing.length > 0 ? await ledger.dropProposals(by) : 0;
  const back = of.how === 'adopted' ? await ledger.backToProposed(by) : 0;
  const webhooksOff = wentBack ? await ledger.switchWebhooksOff(by) : 0;
  await ledger.record({
    at: by.now, actor: by.actor, kind: `sending.${of.how}`,
    facts: { missing: missing.length, ended: ended.moved, endedSent: ended.sent, sent: placed.sent, parked: placed.parked, waiting: placed.waiting, refused, tests, dropped, backToProposed: back, webhooksOff },
  });
  return { code, sent: placed.sent.length + begun.filter(({ end }) => end === 'accepted').length, parked: placed.parked.length, waiting: placed.waiting, refused, tests, dropped, backToProposed: back, webhooksOff };
}
