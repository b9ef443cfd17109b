import { verify } from '#server/audit/verify.ts';
import { EXIT } from './context.ts';
import type { Command } from './context.ts';

/** `acquit verify`: walks the event chain and recomputes every stored projection. */
export const verifyCommand: Command = {
  about: { fr: 'recalcule tout et vérifie la chaîne des événements', en: 'recomputes everything and verifies the event chain' },
  usage: 'verify',
  words: [0, 0],
  run: async (context) => {
    const checks = await context.store.database.inTenant(context.organisation, verify, { isolation: 'repeatable read', readOnly: true });
    const good = checks.every((check) => check.ok);
    context.print({ ok: good, checks }, () => checks.map((check) => `${check.ok ? 'ok ' : 'NON'}  ${check.name}${check.detail === '' ? '' : ` (${check.detail})`}\n`).join(''));
    return good ? EXIT.done : EXIT.refused;
  },
};

/** `acquit migrate`: opening the database already migrated it. */
export const migrateCommand: Command = {
  about: { fr: 'met la base de données à la version du programme', en: 'brings the database to the version of the program' },
  usage: 'migrate',
  words: [0, 0],
  anyOrganisation: true,
  run: async (context) => {
    const done = await context.store.database.pool.query<{ version: number }>('select max(version) as version from schema_migration');
    const version = done.rows[0]?.version ?? 0;
    context.print({ version }, () => `version ${version}\n`);
    return EXIT.done;
  },
};
