import type { JournalPlace, JournalledSend, ServerIdentity } from './journal-lines.ts';
import type { JournalTail } from './send-journal.ts';

/** Why nothing is sent until somebody reconciles. */
export const FREEZE_REASONS = ['restored', 'copied', 'failedOver', 'journalAhead', 'journalMissing', 'journalCopied', 'person'] as const;
/** One of them. */
export type FreezeReason = (typeof FREEZE_REASONS)[number];

/** Reasons for which the journal here does not prove what left: somebody must answer for it. */
export const UNPROVEN: ReadonlySet<FreezeReason> = new Set(['copied', 'journalMissing', 'journalCopied']);

/** What a database says of itself. */
export type DatabaseStanding = {
  readonly installation: string;
  readonly epoch: string;
  readonly server: ServerIdentity;
  /** The server its journal was opened on, as the database remembers it; null: it never sent with a journal. */
  readonly opened: ServerIdentity | null;
};

/** What the database says of a send of the journal: it is not there, stands open, or ended so. `released`: it never left. */
export type KnownSend = { readonly ref: string; readonly outcome: 'accepted' | 'refused' | 'unknown' | 'released' | null };

/** `first`: nothing was ever sent with a journal, and there is none. Of a freeze, the sends that the database does not know whole. */
export type JournalVerdict = { readonly verdict: 'first' | 'agree' } | { readonly verdict: 'freeze'; readonly because: Exclude<FreezeReason, 'person'>; readonly unknown: readonly JournalledSend[] };

/**
 * Whether the journal and the database tell the same story. The journal of a healthy database is never ahead of it: the start is committed before its line is
 * written, the end before its own. Each send is looked for by itself: a database that was restored and went on has as many rows, of other messages.
 */
export function compareJournal(tail: Pick<JournalTail, 'head' | 'place' | 'epochs' | 'sends'>, database: DatabaseStanding, known: readonly KnownSend[]): JournalVerdict {
  const { head, place } = tail;
  const unknown = unknownSends(tail.sends, known);
  if (head === null || place === null) return database.opened === null ? { verdict: 'first' } : { verdict: 'freeze', because: 'journalMissing', unknown };
  const freeze = (because: Exclude<FreezeReason, 'person'>): JournalVerdict => ({ verdict: 'freeze', because, unknown });
  if (head.installation !== database.installation) return freeze('copied');
  if (isElsewhere(head.place, place)) return freeze('journalCopied');
  if (head.epoch !== database.epoch) return freeze(tail.epochs.has(database.epoch) ? 'restored' : 'copied');
  for (const before of [head.server, database.opened]) {
    const changed = before === null ? null : serverChange(before, database.server);
    if (changed !== null) return freeze(changed);
  }
  return unknown.length > 0 ? freeze('journalAhead') : { verdict: 'agree' };
}

/** The sends of which the database does not know the start, or the end that the journal proves. */
export function unknownSends(sends: readonly JournalledSend[], known: readonly KnownSend[]): JournalledSend[] {
  const outcomes = new Map(known.map(({ ref, outcome }) => [ref, outcome]));
  return sends.filter(({ ref, end }) => {
    const outcome = outcomes.get(ref);
    if (outcome === undefined) return true;
    return end !== null && (outcome === null || outcome === 'released');
  });
}

/** Whether a file stands somewhere else than where it was made: on another machine, or as another file. After a restart the device may be called otherwise. */
export function isElsewhere(made: JournalPlace, now: JournalPlace): boolean {
  if (made.machine !== null && now.machine !== null && made.machine !== now.machine) return true;
  if (made.inode !== now.inode) return true;
  return made.device !== now.device && made.boot !== null && made.boot === now.boot;
}

const differs = (one: string, other: string): boolean => one !== 'unknown' && other !== 'unknown' && one !== other;

/** Another database of the same server, under the epoch of this journal, was made from a dump or a template. */
function serverChange(before: ServerIdentity, now: ServerIdentity): 'failedOver' | 'restored' | null {
  if (differs(before.system, now.system) || differs(before.timeline, now.timeline)) return 'failedOver';
  return differs(before.database, now.database) ? 'restored' : null;
}

/** One message of the journal, its tries taken together: what became of it in the end. */
export type MissingSend = JournalledSend & { readonly tries: number };

/**
 * Unknown sends, one for each message: one that was accepted at any try arrived; one with a try whose end nobody knows may have; the others were
 * refused and reached nobody.
 */
export function missingSends(unknown: readonly JournalledSend[]): MissingSend[] {
  const rank = ({ end }: JournalledSend): number => (end === 'accepted' ? 2 : end === 'refused' ? 0 : 1);
  const found = new Map<string, MissingSend>();
  for (const one of unknown) {
    const key = `${one.epoch}/${one.organisation}/${one.action}`;
    const before = found.get(key);
    const best = before === undefined || rank(one) >= rank(before) ? one : before;
    found.set(key, { ...best, tries: (before?.tries ?? 0) + 1 });
  }
  return [...found.values()];
}

/** Whether a journal that is read again tells the same: no hand-off began since, and none ended. A count is the same for other messages, and for one that ended. */
export function tellsTheSame(before: readonly JournalledSend[], after: readonly JournalledSend[]): boolean {
  const ends = new Map(before.map(({ ref, end }) => [ref, end]));
  return before.length === after.length && after.every(({ ref, end }) => ends.get(ref) === end);
}
