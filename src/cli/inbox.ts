import { listOrganisations } from '#server/identity/organisations.ts';
import { inboxFolder, storeOf } from '#server/intake/inbox/folder-places.ts';
import { readInboxState } from '#server/intake/inbox/inbox-state.ts';
import type { InboxState } from '#server/intake/inbox/inbox-state.ts';
import { listKept } from '#server/intake/inbox/list-inbox.ts';
import type { KeptReport } from '#server/intake/inbox/list-inbox.ts';
import { checkMailboxSettings } from '#server/intake/inbox/mailbox-settings.ts';
import { EXIT, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { sentences } from './shapes.ts';

/** Reports shown when none is said: what came since the last look of a person. */
const SHOWN = 10;
const SHOWN_MAX = 1_000;

/** `acquit inbox`: what the watched folder and the mailbox took in lately, why something was refused, and whether both are well. */
export const inboxCommand: Command = {
  about: { fr: 'ce que le dossier surveillé et la boîte aux lettres ont pris, et pourquoi un fichier est refusé', en: 'what the watched folder and the mailbox took in, and why a file was refused' },
  usage: 'inbox [--max N]',
  options: { max: { type: 'string' } },
  words: [0, 0],
  run: async (context) => {
    const most = mostOf(context.options['max']);
    const folder = inboxFolder(context.settings, context.dataDir);
    const known = await listOrganisations(context.store.database);
    const organisation = known.find((one) => one.id === context.organisation);
    const store = organisation === undefined ? folder.root : storeOf(folder.root, organisation, known.length === 1);
    const reports = await listKept(store, most);
    const state = await readInboxState(context.dataDir);
    const mailbox = checkMailboxSettings(context.settings);
    const address = mailbox.ok && mailbox.value !== null ? `${mailbox.value.user}@${mailbox.value.host}/${mailbox.value.mailbox}` : null;
    const problems = mailbox.ok ? [] : mailbox.error.map((one) => one.message);
    context.print({
      folder: { path: folder.root, watched: folder.watched },
      mailbox: { address, problems: problems.map((one) => sentences(one, context.language)) },
      state: Object.fromEntries(Object.entries(state).map(([part, one]) => [part, { since: one.since, code: one.code, ...(one.reports === undefined ? {} : { reports: one.reports }), ...(one.message === null ? {} : sentences(one.message, context.language)) }])),
      reports,
    }, () => `${headText(context, { folder: folder.watched ? folder.root : null, address, problems: problems.map((one) => one[context.language]) })}${stateText(context, state)}${reports.map((one) => reportText(context, one)).join('')}`);
    return EXIT.done;
  },
};

function mostOf(given: string | boolean | undefined): number {
  if (given === undefined) return SHOWN;
  const most = Number(given);
  if (!Number.isInteger(most) || most < 1 || most > SHOWN_MAX) throw usage(`--max ${String(given)} : de 1 à ${SHOWN_MAX}.`, `--max ${String(given)}: from 1 to ${SHOWN_MAX}.`);
  return most;
}

function headText({ language }: Context, { folder, address, problems }: { folder: string | null; address: string | null; problems: readonly string[] }): string {
  const fr = language === 'fr';
  const none = fr ? 'aucun' : 'none';
  return `${fr ? 'Dossier surveillé' : 'Watched folder'}: ${folder ?? `${none} (ACQUIT_INBOX_DIR)`}\n${fr ? 'Boîte aux lettres' : 'Mailbox'}: ${address ?? `${none} (ACQUIT_IMAP_URL)`}\n${problems.map((one) => `  ✗ ${one}\n`).join('')}`;
}

function stateText({ language }: Context, state: InboxState): string {
  const counts = Object.values(state).flatMap(({ reports }) => (reports === undefined ? [] : [reportsText(language, reports)])).join('');
  return counts + Object.entries(state).filter(([, one]) => one.message !== null).map(([part, one]) => `  ✗ ${part} (${one.since}): ${one.message?.[language] ?? ''}\n`).join('');
}

function reportsText(language: Context['language'], { since, noted, bounces, left }: NonNullable<InboxState[string]['reports']>): string {
  const from = since.slice(0, 16).replace('T', ' ');
  return language === 'fr'
    ? `  Avis de non-remise et plaintes depuis ${from} : ${noted} notés (${bounces} adresses ou messages touchés), ${left} laissés dans la boîte, qui ne portent sur aucun message parti d'ici ou ne se lisent pas.\n`
    : `  Delivery reports and complaints since ${from}: ${noted} noted (${bounces} addresses or messages concerned), ${left} left in the mailbox, about no message that left from here or not readable.\n`;
}

/** The half of a report that is in the language asked for. */
function reportText({ language }: Context, { at, outcome, path, text }: KeptReport): string {
  const [, french, english] = /\nFrançais\n([^]*)\nEnglish\n([^]*)$/.exec(text) ?? [];
  const body = (language === 'fr' ? french : english) ?? '';
  return `\n${at.slice(0, 16).replace('T', ' ')} ${outcome === 'done' ? '✓' : '✗'} ${path}\n${body.trimEnd().split('\n').map((line) => `  ${line}\n`).join('')}`;
}
