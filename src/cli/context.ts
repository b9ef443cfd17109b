import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import type { Clock } from '#core/kernel/clock.ts';
import { parseDay } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Bilingual, Language } from '#core/kernel/text.ts';
import { createOrganisation } from '#server/identity/create-organisation.ts';
import { addFirstUser } from '#server/identity/users.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import { clockOn, systemClock } from '#server/plumbing/clock.ts';
import { createLog } from '#server/plumbing/log.ts';
import type { Log } from '#server/plumbing/log.ts';
import { openDatabase } from '#server/plumbing/open-database.ts';
import type { OpenDatabase } from '#server/plumbing/open-database.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import type { Settings } from '#server/plumbing/settings.ts';

/** Exit statuses of every command. */
export const EXIT = { done: 0, refused: 1, usage: 2, noDatabase: 3 } as const;

/** Ends a command early with its exit status and a sentence. */
export class Stop extends Error {
  readonly status: number;
  readonly said: Bilingual;
  /** The command printed its one JSON document before it failed: nothing more may follow on stdout. */
  readonly printed: boolean;
  constructor(status: number, said: Bilingual, printed = false) {
    super(said.en);
    this.status = status;
    this.said = said;
    this.printed = printed;
  }
}

/** Says that the command was called wrongly. */
export const usage = (fr: string, en: string): Stop => new Stop(EXIT.usage, { fr, en });

const COMMON = {
  data: { type: 'string' }, org: { type: 'string' }, today: { type: 'string' }, json: { type: 'boolean' }, lang: { type: 'string' }, help: { type: 'boolean' },
} as const;

/** What a command declares: its own options, how many words it takes, one line of help. */
export type Command = {
  readonly about: Bilingual;
  readonly usage: string;
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  /** Fewest and most words after the command. */
  readonly words: readonly [number, number];
  /** False: works without the database. */
  readonly database?: false;
  /** The organisation may be created by this command when there is none. */
  readonly creates?: true;
  /** Needs no organisation. */
  readonly anyOrganisation?: true;
  /** Looks at the words before the database is opened; throws a `Stop` when the command cannot be meant. */
  check?(words: readonly string[]): Promise<void>;
  run(context: Context): Promise<number>;
};

/** Everything a command works with. */
export type Context = {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly json: boolean;
  readonly language: Language;
  readonly dataDir: string;
  readonly settings: Settings;
  readonly log: Log;
  readonly clock: Clock;
  readonly today: Day;
  readonly store: OpenDatabase;
  readonly organisation: OrganisationId;
  readonly actor: string;
  /** Prints the one JSON document, or the text for a person. */
  print(document: object, text: () => string): void;
};

/** Default time zone of the business day before an organisation says its own. */
const TIME_ZONE = 'Europe/Paris';

type Parsed = { values: Record<string, string | boolean | undefined>; positionals: string[] };

function parse(command: Command, words: readonly string[]): Parsed {
  try {
    const parsed = parseArgs({ args: [...words], options: { ...COMMON, ...command.options }, allowPositionals: true, strict: true });
    return { values: parsed.values, positionals: parsed.positionals };
  } catch (error) {
    throw usage(`${error instanceof Error ? error.message : ''}\nUsage : acquit ${command.usage}`, `${error instanceof Error ? error.message : ''}\nUsage: acquit ${command.usage}`);
  }
}

const text = (value: string | boolean | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** Reads the words, opens the database, finds the organisation, runs the command, and closes what it opened. */
export async function runCommand(command: Command, words: readonly string[]): Promise<number> {
  const { values, positionals } = parse(command, words);
  const language: Language = text(values['lang']) === 'en' ? 'en' : 'fr';
  if (values['help'] === true) {
    process.stdout.write(`acquit ${command.usage}\n  ${command.about[language]}\n`);
    return EXIT.done;
  }
  if (positionals.length < command.words[0] || positionals.length > command.words[1]) {
    throw usage(`Usage : acquit ${command.usage}`, `Usage: acquit ${command.usage}`);
  }
  const settings = readSettings(process.env);
  if (!settings.ok) throw usage(`Réglages refusés :\n${settings.error.join('\n')}`, `Settings refused:\n${settings.error.join('\n')}`);
  const given = text(values['today']);
  const day = given === undefined ? null : parseDay(given);
  if (given !== undefined && day === null) throw usage(`--today ${given} : pas un jour AAAA-MM-JJ.`, `--today ${given}: not a day YYYY-MM-DD.`);
  const clock = day === null ? systemClock : clockOn(day);
  const base = {
    words: positionals, options: values, json: values['json'] === true, language, dataDir: text(values['data']) ?? './data', settings: settings.value,
    log: createLog(settings.value.ACQUIT_LOG_LEVEL === 'info' && values['json'] !== true ? 'warn' : settings.value.ACQUIT_LOG_LEVEL),
    clock, today: clock.today(TIME_ZONE), actor: `cli:${process.env['USER'] ?? 'local'}`,
    print: (document: object, said: () => string) => void process.stdout.write(values['json'] === true ? `${JSON.stringify(document, null, 1)}\n` : said()),
  };
  await command.check?.(positionals);
  if (command.database === false) return command.run(withoutDatabase(base));
  const store = await openDatabase(base.settings, base.dataDir, base.log);
  if (!store.ok) throw new Stop(EXIT.noDatabase, store.error.message);
  try {
    if (command.anyOrganisation === true) return await command.run({ ...base, store: store.value, organisation: '0' as OrganisationId });
    const organisation = await findOrganisation(store.value, command, { code: text(values['org']), clock });
    return await command.run({ ...base, store: store.value, organisation, today: clock.today(await timeZoneOf(store.value, organisation)) });
  } finally {
    await store.value.close();
  }
}

type Base = Omit<Context, 'store' | 'organisation'>;

/** The business day belongs to the organisation's time zone, not to that of the machine. */
async function timeZoneOf(store: OpenDatabase, organisation: OrganisationId): Promise<string> {
  const profile = await store.database.inTenant(organisation, (t) => t.one<{ time_zone: string }>(t.sql`select p.time_zone from ${t.from('profile')} p`), { readOnly: true });
  return profile?.time_zone ?? TIME_ZONE;
}

function withoutDatabase(base: Base): Context {
  const refuse = (): never => {
    throw new Error('this command has no database');
  };
  return Object.defineProperties({ ...base } as Context, { store: { get: refuse }, organisation: { get: refuse } });
}

async function findOrganisation(store: OpenDatabase, command: Command, asked: { code: string | undefined; clock: Clock }): Promise<OrganisationId> {
  const known = await listOrganisations(store.database);
  const { code } = asked;
  const found = code === undefined ? (known.length === 1 ? known[0] : undefined) : known.find((one) => one.code === code);
  if (found !== undefined) return found.id;
  if (command.creates === true && (code !== undefined || known.length === 0)) {
    return createNamed(store, code ?? 'main', asked.clock);
  }
  const list = known.map((one) => one.code).join(', ');
  if (code !== undefined) throw new Stop(EXIT.refused, { fr: `Aucune organisation « ${code} » (connues : ${list || 'aucune'}).`, en: `No organisation "${code}" (known: ${list || 'none'}).` });
  if (known.length === 0) {
    throw new Stop(EXIT.refused, {
      fr: 'Aucune organisation encore : importez un grand livre (acquit import FICHIER) ou une société d\'exemple (acquit demo).',
      en: 'No organisation yet: import a ledger (acquit import FILE) or a sample company (acquit demo).',
    });
  }
  throw usage(`Plusieurs organisations (${list}) : précisez --org CODE.`, `Several organisations (${list}): say --org CODE.`);
}

async function createNamed(store: OpenDatabase, code: string, clock: Clock): Promise<OrganisationId> {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(code)) throw usage(`--org ${code} : lettres minuscules, chiffres et tirets (40 au plus).`, `--org ${code}: lower-case letters, digits and hyphens (40 at most).`);
  return store.database.inTransaction(async (client) => {
    const organisation = await createOrganisation(client, { code, name: code === 'main' ? 'Ma société' : code }, { now: clock.now(), actor: 'cli' });
    await addFirstUser(client, organisation);
    return organisation;
  });
}
