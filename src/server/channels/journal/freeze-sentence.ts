import type { FreezeReason } from '#core/channels/compare-journal.ts';
import type { Bilingual } from '#core/kernel/text.ts';

const BECAUSE: Readonly<Record<FreezeReason, Bilingual>> = {
  restored: { fr: 'la base n’est plus celle que suivait le journal d’envoi : elle a été restaurée ou copiée', en: 'the database is no longer the one that the send journal followed: it was restored or copied' },
  copied: { fr: 'la base a une histoire que le journal d’envoi ne connaît pas : c’est une copie, ou le journal est celui d’une autre', en: 'the database has a history that the send journal does not know: it is a copy, or the journal is that of another one' },
  failedOver: { fr: 'un autre serveur PostgreSQL répond, ou le même après une bascule ou une restauration', en: 'another PostgreSQL server answers, or the same one after a fail-over or a restore' },
  journalAhead: { fr: 'le journal d’envoi connaît des envois que la base ne connaît pas : elle a été restaurée', en: 'the send journal knows of sends that the database does not: it was restored' },
  journalMissing: { fr: 'la base a déjà envoyé et son journal d’envoi n’est pas ici', en: 'the database has sent before and its send journal is not here' },
  journalCopied: { fr: 'le journal d’envoi est une copie : l’original sert peut-être encore ailleurs', en: 'the send journal is a copy: the original may still be in use elsewhere' },
  person: { fr: 'une personne l’a demandé', en: 'a person asked for it' },
};

/** Says that nothing leaves, why, and what to do. */
export function frozenSentence(because: FreezeReason): Bilingual {
  const { fr, en } = BECAUSE[because];
  return { fr: `Les envois sont gelés : ${fr}. Rien ne part avant « acquit reconcile ».`, en: `Sending is frozen: ${en}. Nothing leaves before "acquit reconcile".` };
}
