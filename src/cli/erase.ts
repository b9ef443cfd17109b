import { parseId } from '#core/kernel/id.ts';
import type { ContactId, CustomerId } from '#core/kernel/id.ts';
import { eraseContact } from '#server/evidence/erase-contact.ts';
import type { Erased } from '#server/evidence/erase-contact.ts';
import { eraseDue } from '#server/evidence/erase-messages.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { sentences } from './shapes.ts';

/** Shortest reason that says something, and the longest the database keeps. */
const REASON_MIN = 3;
const REASON_MAX = 200;

/** `acquit erase`: a contact's personal data, and later the messages that were kept as evidence. */
export const eraseCommand: Command = {
  about: {
    fr: 'efface les données personnelles d’un contact (tout de suite, ou à leur date pour les preuves) ; --due : ce dont la date est venue',
    en: 'erases a contact’s personal data (at once, or at its date where it is evidence); --due: what has come to its date',
  },
  usage: 'erase CUSTOMER --contact N|E-MAIL|all --reason MOTIF | erase --due',
  options: { contact: { type: 'string' }, reason: { type: 'string' }, due: { type: 'boolean' } },
  words: [0, 1],
  run: (context) => (context.options['due'] === true ? dueNow(context) : eraseAsked(context)),
};

async function dueNow(context: Context): Promise<number> {
  const erased = await context.store.database.inTenant(context.organisation, (t) => eraseDue(t, { today: context.today, by: context }));
  context.print({ erased }, () => `${erased} message(s) effacé(s), leur durée de conservation est passée.\n`);
  return EXIT.done;
}

async function eraseAsked(context: Context): Promise<number> {
  const { words: [code], options: { contact: asked, reason: given } } = context;
  const reason = typeof given === 'string' ? given.trim() : '';
  if (code === undefined) throw usage('Donnez le client : acquit erase CLIENT --contact N --reason MOTIF (ou --due).', 'Give the customer: acquit erase CUSTOMER --contact N --reason REASON (or --due).');
  const done = await context.store.database.inTenant(context.organisation, async (t) => {
    const { customer, contacts } = await readContacts(t, code);
    const chosen = choose(contacts, typeof asked === 'string' ? asked : null, code);
    if (reason.length < REASON_MIN || reason.length > REASON_MAX) throw usage('--reason : dites pourquoi (3 à 200 caractères), par exemple « demande du 3 mars ».', '--reason: say why (3 to 200 characters), for example "request of 3 March".');
    const all: Erased[] = [];
    for (const contact of chosen) {
      const erased = await eraseContact(t, { customer, contact, reason, today: context.today, by: context });
      if (!erased.ok) throw new Stop(EXIT.refused, erased.error.message);
      all.push(erased.value);
    }
    return all;
  });
  context.print({ erased: done.map((one) => erasedJson(one, context)) }, () => done.map(erasedText).join(''));
  return EXIT.done;
}

async function readContacts(t: Tenant, code: string): Promise<{ customer: CustomerId; contacts: { id: ContactId; email: string | null; said: string }[] }> {
  const found = await t.one<{ id: CustomerId }>(t.sql`select c.customer_id as id from ${t.from('customer')} c where c.code = ${code} and c.voided_at is null`);
  if (found === null) throw new Stop(EXIT.refused, { fr: `Aucun client « ${code} ».`, en: `No customer "${code}".` });
  const contacts = await t.rows<{ id: ContactId; email: string | null; said: string }>(t.sql`
    select k.contact_id as id, k.email, concat_ws(' ', k.name, k.email, k.phone) as said from ${t.from('contact')} k
    where k.customer_id = ${found.id}::bigint and k.erased_at is null order by k.contact_id`);
  return { customer: found.id, contacts };
}

function choose(contacts: readonly { id: ContactId; email: string | null; said: string }[], asked: string | null, code: string): ContactId[] {
  const list = contacts.map(({ id, said }) => `  ${id}  ${said}`).join('\n');
  if (contacts.length === 0) throw new Stop(EXIT.refused, { fr: `Le client ${code} n’a aucun contact à effacer.`, en: `Customer ${code} has no contact to erase.` });
  if (asked === null) throw usage(`Lequel ? --contact N, un e-mail, ou all :\n${list}`, `Which one? --contact N, an e-mail, or all:\n${list}`);
  const wanted = contacts.filter(({ id, email }) => asked === 'all' || id === parseId(asked) || (email !== null && email === asked.toLowerCase()));
  if (wanted.length === 0) throw new Stop(EXIT.refused, { fr: `Le client ${code} n’a pas de contact « ${asked} » :\n${list}`, en: `Customer ${code} has no contact "${asked}":\n${list}` });
  return wanted.map(({ id }) => id);
}

/** What stays although it may speak of the person: the program cannot tell, or must keep it. */
const STAYS = {
  fr: 'Reste, à votre charge : les factures et relevés importés (pièces comptables, 10 ans, C. com. L123-22), les fichiers joints aux litiges, les fichiers d’import sur le disque, les copies de preuves déjà remises.',
  en: 'What stays is yours to look at: imported invoices and statements (accounting records, 10 years, C. com. L123-22), files attached to disputes, import files on the disk, copies of proofs already handed out.',
};

const erasedJson = ({ contact, cancelled, texts, erased, kept }: Erased, { language }: Context): object => ({
  contact, cancelled, texts, messagesErased: erased, kept: kept.map(({ because, ...one }) => ({ ...one, ...(because === null ? {} : sentences(because, language)) })), stays: STAYS[language],
});

function erasedText({ contact, cancelled, texts, erased, kept }: Erased): string {
  const lines = kept.map(({ action, until, article, because }) => `  gardé : message de l’action ${action}, ${because !== null ? because.fr : until === null ? `tant que la créance n’est pas réglée (${article ?? ''})` : `jusqu’au ${until} (${article ?? ''})`}\n`);
  return `contact ${contact} effacé : ${cancelled.length} relance(s) annulée(s), ${erased.length} message(s) effacé(s), ${texts} texte(s) nettoyé(s)\n${lines.join('')}${STAYS.fr}\n`;
}
