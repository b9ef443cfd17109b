import type { Page } from 'playwright-core';
import { fileOf, signInByLink } from './stage.ts';
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
export async function goTo(page: Page, place: 'Vue d’ensemble' | 'Clients' | 'Lettrage' | 'Actions du jour' | 'Scénarios' | 'Import' | 'À vérifier' | 'Réglages'): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: place }).click();
  await page.getByRole('heading', { level: 1, name: place === 'Scénarios' ? 'Scénarios de relance' : place }).waitFor();
}

/** A text as a person reads it: every kind of space is a space. */
export const readable = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');
