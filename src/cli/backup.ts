import { existsSync } from 'node:fs';
import { readFile, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { verify } from '#server/audit/verify.ts';
import { checkArchive } from '#server/backup/archive-reader.ts';
import type { Checked } from '#server/backup/archive-reader.ts';
import { BackupFault } from '#server/backup/backup-fault.ts';
import { diskProblem, spaceProblem } from '#server/backup/disk-problem.ts';
import { restoreBackup } from '#server/backup/restore-backup.ts';
import { freezeRestored } from '#server/channels/journal/installation.ts';
import { takeBackup } from '#server/backup/take-backup.ts';
import type { Progress } from '#server/backup/take-backup.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import { openDatabase, openOwner } from '#server/plumbing/open-database.ts';
import type { OpenOwner } from '#server/plumbing/open-database.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command, Context } from './context.ts';

/** How often a person is told how far it is. */
const PROGRESS_EVERY_MS = 2000;
const MIB = 1024 * 1024;
/** A passphrase is a line; a longer file is another one, named by mistake. */
const PASSPHRASE_FILE_BYTES_MAX = 4096;
const PASSPHRASE_CHARS_MIN = 12;
const text = (value: string | boolean | undefined): string | null => (typeof value === 'string' ? value : null);

/** The passphrase of --passphrase-file, else of the setting, else none; never of the command line, which every user of the machine can read. */
async function passphraseOf(context: Context): Promise<string | null> {
  const path = text(context.options['passphrase-file']);
  if (path === null) return context.settings.ACQUIT_BACKUP_PASSPHRASE ?? null;
  const found = await stat(path).catch((error: unknown) => refuseDisk(error, path));
  if (!found.isFile() || found.size > PASSPHRASE_FILE_BYTES_MAX) throw usage(`${path} n'est pas un fichier de phrase secrète.`, `${path} is no passphrase file.`);
  const passphrase = (await readFile(path, 'utf8').catch((error: unknown) => refuseDisk(error, path))).replace(/\r?\n$/, '');
  if ([...passphrase].length < PASSPHRASE_CHARS_MIN) throw usage(`${path} : une phrase secrète a au moins ${PASSPHRASE_CHARS_MIN} caractères.`, `${path}: a passphrase has at least ${PASSPHRASE_CHARS_MIN} characters.`);
  return passphrase;
}

function refuseDisk(error: unknown, path: string): never {
  const problem = diskProblem(error, path);
  if (problem === null) throw error;
  throw new Stop(EXIT.refused, problem);
}

/** Gives what was made, or ends with its sentence. */
function given<T>(result: Result<T, Bilingual>): T {
  if (!result.ok) throw new Stop(EXIT.refused, result.error);
  return result.value;
}

/** Lines on stderr, a few seconds apart; stdout belongs to the result. */
function teller(context: Context, doing: Bilingual): (at: Progress) => void {
  let next = performance.now() + PROGRESS_EVERY_MS;
  return ({ table, rows, bytes }) => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS_EVERY_MS;
    process.stderr.write(`${doing[context.language]} ${table} · ${rows} · ${Math.round(bytes / MIB)} ${context.language === 'fr' ? 'Mio' : 'MiB'}\n`);
  };
}

/** Aborted by the first SIGINT or SIGTERM, so that nothing half-done is left; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

async function programVersion(): Promise<string> {
  const found: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  return found !== null && typeof found === 'object' && 'version' in found && typeof found.version === 'string' ? found.version : '';
}

async function withOwner<T>(context: Context, work: (owner: OpenOwner) => Promise<T>): Promise<T> {
  const owner = await openOwner(context.settings, context.dataDir, context.log);
  if (!owner.ok) throw new Stop(EXIT.noDatabase, owner.error.message);
  try {
    return await work(owner.value);
  } finally {
    await owner.value.close();
  }
}

const factsOf = (file: string, checked: Pick<Checked, 'size' | 'sha256' | 'index' | 'manifest'>): object => ({
  file, bytes: checked.size, sha256: checked.sha256, tables: checked.manifest.tables.length, rows: checked.index.rows,
});

/** `acquit backup`: everything of the database in one file, while others work in it. */
export const backupCommand: Command = {
  about: { fr: 'sauvegarde tout dans un fichier, sans rien arrêter', en: 'backs everything up into one file, stopping nothing' },
  usage: 'backup FILE [--encrypt] [--passphrase-file F] [--force]',
  options: { encrypt: { type: 'boolean' }, 'passphrase-file': { type: 'string' }, force: { type: 'boolean' } },
  words: [1, 1],
  database: false,
  run: async (context) => {
    const file = context.words[0] ?? '';
    const passphrase = await passphraseOf(context);
    if (context.options['encrypt'] === true && passphrase === null) {
      throw usage('--encrypt demande une phrase secrète : ACQUIT_BACKUP_PASSPHRASE ou --passphrase-file FICHIER.', '--encrypt needs a passphrase: ACQUIT_BACKUP_PASSPHRASE or --passphrase-file FILE.');
    }
    // Opening an embedded database creates it; there would be nothing in it.
    if (context.settings.DATABASE_URL === undefined && !existsSync(join(context.dataDir, 'postgres'))) {
      throw new Stop(EXIT.noDatabase, { fr: `Aucune base dans ${context.dataDir} : indiquez le dossier par --data.`, en: `No database in ${context.dataDir}: name the folder by --data.` });
    }
    const checked = given(await withOwner(context, async ({ config }) => takeBackup(config, {
      file, passphrase, force: context.options['force'] === true, clock: context.clock, program: await programVersion(), progress: teller(context, { fr: 'sauvegarde', en: 'backing up' }), signal: stopSignal(),
    })));
    const said: Bilingual = {
      fr: `${file} : ${checked.index.rows} lignes de ${checked.manifest.tables.length} tables, ${(checked.size / MIB).toFixed(1)} Mio, ${checked.encrypted ? 'chiffré' : 'non chiffré'}, relu et vérifié\nsha256 ${checked.sha256}\n`,
      en: `${file}: ${checked.index.rows} rows of ${checked.manifest.tables.length} tables, ${(checked.size / MIB).toFixed(1)} MiB, ${checked.encrypted ? 'encrypted' : 'not encrypted'}, read back and verified\nsha256 ${checked.sha256}\n`,
    };
    context.print({ ...factsOf(file, checked), encrypted: checked.encrypted, verified: true }, () => said[context.language]);
    return EXIT.done;
  },
};

/** `acquit restore`: the database of a backup, into an empty one; frozen until a person says what was sent since. */
export const restoreCommand: Command = {
  about: { fr: 'restaure une sauvegarde dans une base vide ; --check la vérifie seulement', en: 'restores a backup into an empty database; --check only verifies it' },
  usage: 'restore FILE [--check] [--passphrase-file F]',
  options: { check: { type: 'boolean' }, 'passphrase-file': { type: 'string' } },
  words: [1, 1],
  database: false,
  run: async (context) => {
    const file = context.words[0] ?? '';
    const passphrase = await passphraseOf(context);
    // The whole file is read before a database is opened, let alone made.
    const checked = await checkArchive(file, passphrase).catch((error: unknown) => {
      if (error instanceof BackupFault) throw new Stop(EXIT.refused, error.said);
      return refuseDisk(error, file);
    });
    if (context.options['check'] === true) return sayChecked(context, file, checked);
    await refuseWithoutSpace(context, checked);
    const restored = given(await withOwner(context, ({ config }) => restoreBackup(config, {
      file, passphrase, clock: context.clock, actor: context.actor, freeze: freezeRestored, progress: teller(context, { fr: 'restauration', en: 'restoring' }), signal: stopSignal(),
    })));
    const failed = await failedChecks(context);
    context.print(
      { ...factsOf(file, restored), encrypted: checked.encrypted, verified: true, madeAt: restored.manifest.madeAt, organisations: restored.manifest.organisations.map(({ code }) => code), frozen: true, ok: failed.length === 0, failed },
      () => closingWords(restored, failed)[context.language],
    );
    return failed.length === 0 ? EXIT.done : EXIT.refused;
  },
};

function sayChecked(context: Context, file: string, checked: Checked): number {
  const { manifest } = checked;
  const codes = manifest.organisations.map(({ code }) => code);
  const said: Bilingual = {
    fr: `${file} est entier : ${checked.index.rows} lignes de ${manifest.tables.length} tables, sauvegarde du ${manifest.madeAt} par Acquit ${manifest.program} (version de base ${manifest.schemaVersion}), organisations : ${codes.join(', ') || 'aucune'}\nsha256 ${checked.sha256}\n`,
    en: `${file} is whole: ${checked.index.rows} rows of ${manifest.tables.length} tables, backed up at ${manifest.madeAt} by Acquit ${manifest.program} (database version ${manifest.schemaVersion}), organisations: ${codes.join(', ') || 'none'}\nsha256 ${checked.sha256}\n`,
  };
  context.print({ ...factsOf(file, checked), encrypted: checked.encrypted, verified: true, madeAt: manifest.madeAt, schemaVersion: manifest.schemaVersion, program: manifest.program, organisations: codes }, () => said[context.language]);
  return EXIT.done;
}

/** Of the disk of a data folder the free space is known, of a server's it is not. */
async function refuseWithoutSpace(context: Context, checked: Checked): Promise<void> {
  if (context.settings.DATABASE_URL !== undefined) return;
  let folder = resolve(context.dataDir);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const disk = await statfs(folder);
  const problem = spaceProblem(folder, { freeBytes: disk.bavail * disk.bsize, rowBytes: checked.index.bytes });
  if (problem !== null) throw new Stop(EXIT.refused, problem);
}

/** What does not hold in what was restored, organisation by organisation, as `acquit verify` finds it. */
async function failedChecks(context: Context): Promise<{ organisation: string; name: string; detail: string }[]> {
  const store = await openDatabase(context.settings, context.dataDir, context.log);
  if (!store.ok) throw new Stop(EXIT.noDatabase, store.error.message);
  try {
    const failed: { organisation: string; name: string; detail: string }[] = [];
    for (const { id, code } of await listOrganisations(store.value.database)) {
      const checks = await store.value.database.inTenant(id, verify, { isolation: 'repeatable read', readOnly: true });
      failed.push(...checks.filter((one) => !one.ok).map(({ name, detail }) => ({ organisation: code, name, detail })));
    }
    return failed;
  } finally {
    await store.value.close();
  }
}

function closingWords(restored: Pick<Checked, 'manifest' | 'index'>, failed: readonly { organisation: string; name: string; detail: string }[]): Bilingual {
  const { manifest, index } = restored;
  const list = failed.map((one) => `  ${one.organisation}: ${one.name} (${one.detail})\n`).join('');
  return {
    fr: `Restauré : ${index.rows} lignes, ${manifest.organisations.length} organisation(s), état du ${manifest.madeAt}, relu ligne à ligne.\n${
      list === '' ? 'acquit verify : tout tient.\n' : `Restauré tel qu'il était sauvegardé, mais ceci ne tient pas :\n${list}`
    }Les envois sont gelés : ce qui est parti après la sauvegarde n'est pas dans cette base. Avant d'envoyer quoi que ce soit :
  1. arrêtez l'ancienne installation, si elle tourne encore ;
  2. réimportez le grand livre et la banque jusqu'à aujourd'hui ;
  3. « acquit reconcile » compare avec le journal des envois et lève le gel.
Chacun doit se reconnecter (acquit sign-in-link).\n`,
    en: `Restored: ${index.rows} rows, ${manifest.organisations.length} organisation(s), as of ${manifest.madeAt}, read back row by row.\n${
      list === '' ? 'acquit verify: all holds.\n' : `Restored as it was backed up, but this does not hold:\n${list}`
    }Sending is frozen: what left after the backup is not in this database. Before anything is sent:
  1. stop the former installation, if it still runs;
  2. import ledger and bank again up to today;
  3. "acquit reconcile" compares with the send journal and ends the freeze.
Everybody signs in anew (acquit sign-in-link).\n`,
  };
}
