import { CHANNEL_NAMES } from '#core/dunning/explain.ts';
import type { Beside, ReplayResult } from '#core/dunning/replay-tally.ts';
import { REPLAY_CHANNELS } from '#core/dunning/replay-tally.ts';
import type { Language } from '#core/kernel/text.ts';
import { REPLAY_MONTHS, REPLAY_MONTHS_MAX, runReplay } from '#server/dunning/replays.ts';
import type { KeptReplay } from '#server/dunning/replays.ts';
import { latestScenarios } from '#server/dunning/scenario-store.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { table } from './shapes.ts';

/** `acquit replay`: what a scenario would have done in the last months, beside what was done. */
export const replayCommand: Command = {
  about: { fr: 'rejoue un scénario sur les derniers mois : ce qu’il aurait envoyé, à côté de ce qui l’a été', en: 'replays a scenario over the last months: what it would have sent, beside what was' },
  usage: `replay --scenario CODE [--draft | --version N] [--months ${REPLAY_MONTHS}] [--by-dates] [--everybody]`,
  options: { scenario: { type: 'string' }, draft: { type: 'boolean' }, version: { type: 'string' }, months: { type: 'string' }, 'by-dates': { type: 'boolean' }, everybody: { type: 'boolean' } },
  words: [0, 0],
  run: async (context) => {
    const { options } = context;
    const code = options['scenario'];
    if (typeof code !== 'string') throw usage('--scenario CODE : quel scénario rejouer.', '--scenario CODE: which scenario to replay.');
    const months = wholeNumber(context, 'months', REPLAY_MONTHS_MAX) ?? REPLAY_MONTHS;
    const source = options['draft'] === true ? 'draft' as const : { version: wholeNumber(context, 'version', 1_000_000) ?? (await latestVersion(context, code)) };
    const done = await runReplay(context.store.database, { code, source, months, basis: options['by-dates'] === true ? 'dated' : 'known', population: options['everybody'] === true ? 'everybody' : 'assigned' }, {
      organisation: context.organisation, today: context.today, clock: context.clock, actor: context.actor, advance: progressOf(context),
    });
    if (!done.ok) throw new Stop(EXIT.refused, done.error);
    const { id, source: tried, basis, population, result } = done.value;
    context.print({ replay: id, scenario: code, version: tried === 'draft' ? null : tried.version, draft: tried === 'draft', monthsAsked: months, basis, population, ...result }, () => textOf(done.value, context.language));
    return EXIT.done;
  },
};

function wholeNumber({ options }: Context, name: string, max: number): number | null {
  const text = options[name];
  if (typeof text !== 'string') return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) throw usage(`--${name} ${text} : nombre entier de 1 à ${max} attendu.`, `--${name} ${text}: a whole number from 1 to ${max} is wanted.`);
  return value;
}

async function latestVersion({ store, organisation }: Context, code: string): Promise<number> {
  const known = await store.database.inTenant(organisation, latestScenarios, { readOnly: true });
  const found = known.get(code);
  if (found !== undefined) return found.scenario.version;
  const list = [...known.keys()].join(', ');
  throw new Stop(EXIT.refused, { fr: `Aucun scénario « ${code} » (connus : ${list}) ; un brouillon jamais publié se rejoue avec --draft.`, en: `No scenario "${code}" (known: ${list}); a draft that was never published is replayed with --draft.` });
}

/** On a terminal one line that counts the accounts; elsewhere nothing. */
function progressOf({ json }: Context): (done: number, total: number) => void {
  if (json || !process.stderr.isTTY) return () => undefined;
  return (done, total) => void process.stderr.write(`\r${done} / ${total}${done === total ? '\n' : ''}`);
}

const WORDS = {
  fr: { done: 'fait', replayed: 'rejoué', month: 'mois', week: 'semaine du', messages: 'messages', approvals: 'accords', letters: 'courriers', tasks: 'tâches', customers: 'clients concernés', chased: 'clients relancés', formal: 'mises en demeure', unreachable: 'clients injoignables pour une étape due' },
  en: { done: 'done', replayed: 'replayed', month: 'month', week: 'week of', messages: 'messages', approvals: 'approvals', letters: 'letters', tasks: 'tasks', customers: 'customers concerned', chased: 'customers chased', formal: 'formal notices', unreachable: 'customers nobody could be reached at for a step that was due' },
} as const;

function textOf({ result }: KeptReplay, language: Language): string {
  const words = WORDS[language];
  const both = ({ replayed, done }: Beside<number>): string => `${replayed} (${words.done} : ${done})`;
  const self = language === 'fr'
    ? `Relancés juste avant de payer d’eux-mêmes (dans les ${result.selfPaying.days} jours ouvrés, sans qu’Acquit leur ait rien envoyé entre-temps) : ${result.selfPaying.customers} client(s), ${result.selfPaying.messages} message(s).`
    : `Chased just before they paid by themselves (within ${result.selfPaying.days} working days, Acquit having sent them nothing meanwhile): ${result.selfPaying.customers} customer(s), ${result.selfPaying.messages} message(s).`;
  return [
    `${result.from} – ${result.until}\n${words.customers} : ${result.customers}\n${words.chased} : ${both(result.chased)}\n${words.formal} : ${both(result.formalNotices)}\n${self}\n${result.unreachable === 0 ? '' : `${words.unreachable} : ${result.unreachable}\n`}`,
    monthsTable(result, language), weeksTable(result, language), LIMITS[language],
  ].join('\n');
}

function monthsTable({ months }: ReplayResult, language: Language): string {
  const words = WORDS[language];
  const used = REPLAY_CHANNELS.filter((channel) => months.some(({ replayed, done }) => (replayed[channel] ?? 0) + (done[channel] ?? 0) > 0));
  return table([[words.month, ...used.flatMap((channel) => [CHANNEL_NAMES[channel][language], words.done])],
    ...months.map(({ month, replayed, done }) => [month, ...used.flatMap((channel) => [String(replayed[channel] ?? 0), String(done[channel] ?? 0)])])]);
}

function weeksTable({ weeks }: ReplayResult, language: Language): string {
  const words = WORDS[language];
  const kinds = ['messages', 'approvals', 'letters', 'tasks'] as const;
  return table([[words.week, ...kinds.flatMap((kind) => [words[kind], words.done])], ...weeks.map(({ week, replayed, done }) => [week, ...kinds.flatMap((kind) => [String(replayed[kind]), String(done[kind])])])]);
}

const LIMITS = {
  fr: 'Les paiements, litiges et promesses sont ceux qui ont eu lieu : un autre scénario en aurait peut-être changé. Chaque message est supposé parti le jour même.\n',
  en: 'Payments, disputes and promises are those that happened: another scenario might have changed them. Each message is taken to have left the same day.\n',
} as const;
