import type { Page } from 'playwright-core';
import type { OrganisationId } from '#core/kernel/id.ts';
import { openSession } from '#server/identity/sessions.ts';
import { addMember, createUser } from '#server/identity/users.ts';
import type { Role } from '#server/identity/users.ts';
import { clockAt } from '#server/testing/given.ts';
import { TODAY, fileOf, signInByLink } from './stage.ts';
import type { Stage } from './stage.ts';

/** Signs in, names the company and imports a file, up to what became of it. */
export async function startWithFile(stage: Stage, file: { name: string; content: string | Uint8Array }): Promise<void> {
  const { page } = stage;
  await signInByLink(stage);
  await page.getByLabel('Nom de votre société').fill('Ateliers Duval');
  await page.getByRole('button', { name: 'Importer mon grand livre' }).click();
  await dropFile(page, file);
}

/** Gives the import screen a file, as the file chooser would. */
export async function dropFile(page: Page, file: { name: string; content: string | Uint8Array }): Promise<void> {
  await page.getByText('Déposez vos fichiers ici').waitFor();
  await page.locator('input[type=file]').setInputFiles(await fileOf(file.name, file.content));
}

/** Follows the menu to a screen and waits for its title. */
export async function goTo(page: Page, place: 'Vue d’ensemble' | 'Clients' | 'Lettrage' | 'Actions du jour' | 'Scénarios' | 'Litiges' | 'Promesses' | 'Import' | 'À vérifier' | 'Réglages'): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: place }).click();
  await page.getByRole('heading', { level: 1, name: place === 'Promesses' ? 'Promesses et échéanciers' : place === 'Scénarios' ? 'Scénarios de relance' : place }).waitFor();
}

/** A text as a person reads it: every kind of space is a space. */
export const readable = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

/** Gives every customer a mailbox, so that each can be written to. */
export async function giveMailboxes(stage: Stage): Promise<void> {
  const owner = await stage.test.owner();
  await owner.query(`insert into contact (organisation_id, customer_id, email, roles) select organisation_id, customer_id, lower(code) || '@client.test', '{accountsPayable}' from customer`);
  await owner.end();
}

/** Signs somebody else in, a new member of the organisation that there is; gives the way back to who was there before. */
export async function signInAs(stage: Stage, who: { name: string; role: Role }): Promise<() => Promise<void>> {
  const { page, context, test, address } = stage;
  const clock = clockAt(TODAY);
  const owner = await test.owner();
  const [row] = (await owner.query<{ organisation_id: OrganisationId }>('select organisation_id from profile order by organisation_id limit 1')).rows;
  await owner.end();
  if (row === undefined) throw new Error('no organisation to be a member of');
  const user = await test.database.inTransaction(async (client) => {
    const id = await createUser(client, { email: `${who.name.toLowerCase().replaceAll(/[^a-z]/g, '')}@duval.test`, name: who.name, language: 'fr' }, clock.now());
    await addMember(client, { organisation: row.organisation_id, user: id, role: who.role });
    return id;
  });
  const { token } = await openSession(test.database, { user, organisation: row.organisation_id }, clock);
  const before = await context.cookies();
  await context.clearCookies();
  await context.addCookies([{ name: 'acquit-session', value: token, url: address }]);
  await page.reload();
  return async () => {
    await context.clearCookies();
    await context.addCookies(before);
    await page.reload();
  };
}
