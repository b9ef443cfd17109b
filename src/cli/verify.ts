import { verify } from '#server/audit/verify.ts';
import { headFile, readHeadFile } from '#server/audit/heads.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import { EXIT, Stop } from './context.ts';
import type { Command } from './context.ts';

/** `acquit verify`: walks the event chain and recomputes every stored projection. */
export const verifyCommand: Command = {
  about: { fr: 'recalcule tout et vérifie la chaîne des événements, avec ses empreintes exportées', en: 'recomputes everything and verifies the event chain, with its exported heads' },
  usage: 'verify [--heads F.jsonl]',
  options: { heads: { type: 'string' } },
  words: [0, 0],
  run: async (context) => {
    const code = (await listOrganisations(context.store.database)).find((one) => one.id === context.organisation)?.code ?? '';
    const asked = context.options['heads'];
    const path = typeof asked === 'string' ? asked : headFile(context.dataDir, code);
    const exported = await readHeadFile(path);
    if (exported === null && typeof asked === 'string') throw new Stop(EXIT.refused, { fr: `Aucun fichier ${asked}.`, en: `No file ${asked}.` });
    const checks = await context.store.database.inTenant(context.organisation, (t) => verify(t, exported), { isolation: 'repeatable read', readOnly: true });
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
