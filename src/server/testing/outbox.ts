import { day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { sendApproved } from '#server/channels/send.ts';
import type { Carriers, SendOptions, SendResult } from '#server/channels/send.ts';
import type { StoredMail } from '#server/channels/mime.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { approve, listActions } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { sendingSettingsSchema } from '#server/dunning/sending-settings.ts';
import type { SendingSettings } from '#server/dunning/sending-settings.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import type { Database } from '#server/plumbing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from './given.ts';
import { testGuard } from './guard.ts';
import type { ShortLine } from './given.ts';

/** A customer of a test: its overdue invoices, its mailbox. */
export type ShortCustomer = { readonly code: string; readonly email: string | null; readonly invoices?: readonly { piece: string; on: string; debit: string }[] };

const lines = ({ code, invoices }: ShortCustomer): ShortLine[] => (invoices ?? [{ piece: `FA-${code}`, on: '2026-01-05', debit: '120,00' }]).map((one) => ({ code, ...one }));

/** An organisation whose customers are overdue on 2 March 2026, imported that day. */
export async function givenDebtors(database: Database, customers: readonly ShortCustomer[], today = '2026-03-02'): Promise<OrganisationId> {
  const organisation = await givenOrganisation(database);
  await importText(database, organisation, { today, text: fecOf(customers.flatMap(lines)) });
  const rows = customers.map(({ code, email }) => `${code};Client ${code};${email ?? ''};3 rue des Essais;44000;Nantes`);
  await importText(database, organisation, { today, name: 'clients.csv', text: ['Code client;Nom du client;E-mail;Adresse;Code postal;Ville', ...rows, ''].join('\n') });
  return organisation;
}

/** As many customers as asked for, each with a mailbox of its own domain. */
export const debtors = (count: number, domain = (index: number): string => `d${index}.example`): ShortCustomer[] =>
  Array.from({ length: count }, (_, index) => ({ code: `C${String(index).padStart(4, '0')}`, email: `compta${index}@${domain(index)}` }));

/** Sets how the organisation sends, the rest as it is by default. */
export async function setSending(database: Database, organisation: OrganisationId, change: Partial<SendingSettings>): Promise<void> {
  const settings = { ...sendingSettingsSchema.parse({}), ...change };
  await database.inTenant(organisation, (t) => t.run(t.sql`${t.update('profile', 'p')} set sending = ${JSON.stringify(settings)}::jsonb where ${t.own('p')}`));
}

/** Sets how the organisation chases, by what differs from the defaults. */
export async function setDunning(database: Database, organisation: OrganisationId, change: object): Promise<void> {
  await database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.update('profile', 'p')} set dunning = p.dunning || ${JSON.stringify(change)}::jsonb where ${t.own('p')}`));
}

/** Each invoice is chased by a message of its own from now on. */
export async function chaseItemByItem(database: Database, organisation: OrganisationId): Promise<void> {
  await database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.into('scenario', 'code, version, definition, created_at')}
    select ${t.org}, s.code, s.version + 1, s.definition || '{"scope":"item"}', now() from ${t.from('scenario')} s`));
}

/** The run of a day; gives the actions that stand as proposed. */
export async function runOn(database: Database, organisation: OrganisationId, today: string): Promise<ActionId[]> {
  await runDunning(database, { organisation, today: day(today), clock: clockAt(today), actor: 'test' });
  return (await database.inTenant(organisation, (t) => listActions(t, { state: 'proposed' }))).map((row) => row.action_id);
}

/** Approves everything that is proposed. */
export const approveOn = (database: Database, organisation: OrganisationId, today: string): Promise<ActionId[]> =>
  database.inTenant(organisation, (t) => approve(t, 'all', { clock: clockAt(today), actor: 'test' }));

/** A mail server that takes everything, or answers as told, and remembers what it was given. */
export function postOffice(answer: (mail: StoredMail) => Awaited<ReturnType<NonNullable<Carriers['mail']>['send']>> = () => ({ kind: 'accepted', response: '250 ok' })): {
  readonly taken: StoredMail[]; readonly carrier: NonNullable<Carriers['mail']>;
} {
  const taken: StoredMail[] = [];
  return {
    taken,
    carrier: {
      send: async (mail) => {
        taken.push(mail);
        return answer(mail);
      },
    },
  };
}

/** Hands over what is approved, at an instant ("2026-03-02T08:00:00.000Z") or at nine o'clock of a day. */
export async function sendAt(database: Database, organisation: OrganisationId, { at, ...given }: { at: string } & Partial<SendOptions>): Promise<SendResult> {
  const clock = clockAt(at.slice(0, 10));
  if (at.length > 10) clock.set(at);
  const worker = await joinWorkers(database);
  try {
    return await sendApproved(database, {
      organisation, today: day(at.slice(0, 10)), clock, actor: 'test', worker, letters: must(await openLetterMaker()), carriers: { mail: null, letter: null },
      sender: { from: 'relances@duval.example', instance: 'test' }, guard: testGuard(database), ...given,
    });
  } finally {
    await worker.leave();
  }
}

/** How many actions of an organisation stand in each state, with the reason where there is one. */
export async function statesOf(database: Database, organisation: OrganisationId): Promise<string[]> {
  const rows = await database.inTenant(organisation, (t) => listActions(t));
  return rows.map((row) => `${row.customer} ${row.state}${row.state_reason === null ? '' : ` ${row.state_reason}`}`).toSorted();
}

/** A letter maker for tests in which nothing may be drawn. */
export const NO_LETTERS: LetterMaker = {
  make: () => { throw new Error('no letters in this test'); },
  draw: () => { throw new Error('no letters in this test'); },
};
