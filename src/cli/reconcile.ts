import type { MissingSend } from '#core/channels/compare-journal.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { frozenSentence } from '#server/channels/journal/freeze-sentence.ts';
import { writeFreeze } from '#server/channels/journal/installation.ts';
import { compareNow, reconcile } from '#server/channels/journal/reconcile.ts';
import type { Reconciled, Reconciling, Standing } from '#server/channels/journal/reconcile.ts';
import { atLeast, findUserByEmail, membershipsOf } from '#server/identity/users.ts';
import { openGuard } from '#server/instance.ts';
import type { SendGuard } from '#server/channels/journal/guard.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { amount, sentences, table } from './shapes.ts';

/** Characters of a reason: enough to say something, as many as its column takes. */
const REASON_MIN = 5;
const REASON_MAX = 500;

function reasonOf(context: Context): string {
  const reason = String(context.options['reason'] ?? '').trim();
  if (reason.length < REASON_MIN || reason.length > REASON_MAX) throw usage(`--reason : dites pourquoi, en ${REASON_MIN} à ${REASON_MAX} caractères.`, `--reason: say why, in ${REASON_MIN} to ${REASON_MAX} characters.`);
  return reason;
}

/** Who answers for it: an owner named by --as, or whoever is at the machine. */
async function personOf(context: Context): Promise<string> {
  const email = context.options['as'];
  if (typeof email !== 'string') return context.actor;
  const { database } = context.store;
  const user = await findUserByEmail(database, email);
  if (user !== null && (await membershipsOf(database, user.id)).some(({ role }) => atLeast(role, 'owner'))) return `user:${user.id}`;
  throw new Stop(EXIT.refused, { fr: `--as ${email} : aucun propriétaire n’a cette adresse.`, en: `--as ${email}: no owner has this address.` });
}

async function withGuard<T>(context: Context, work: (guard: SendGuard) => Promise<T>): Promise<T> {
  const guard = await openGuard(context.store.database, context);
  try {
    return await work(guard);
  } finally {
    await guard.journal.close();
  }
}

const BECOMES = { accepted: { fr: 'partie', en: 'sent' }, refused: { fr: 'refusée', en: 'refused' }, unknown: { fr: 'incertaine', en: 'uncertain' } } as const;

const lineOf = ({ organisation, action, end, send }: MissingSend): object => ({
  organisation, action, customer: send?.customer ?? null, channel: send?.channel ?? null, step: send?.step ?? null, scenario: send?.scenario ?? null,
  total: send === null ? null : amount(send.total, send.currency), currency: send?.currency ?? null, day: send?.day ?? null, outcome: end ?? 'unknown', test: send?.test ?? false,
  items: send?.items.map(({ naturalKey }) => naturalKey) ?? [], sha256: send?.sha256 ?? null, messageId: send?.messageId ?? null,
});

function listed({ because, missing, where, torn, strangers }: Standing, language: keyof Bilingual): string {
  const say = (fr: string, en: string): string => (language === 'fr' ? fr : en);
  const head = because === null ? say('Le journal d’envoi et la base sont d’accord ; rien n’est gelé.', 'The send journal and the database agree; nothing is frozen.') : frozenSentence(because)[language];
  const rows = missing.map(({ organisation, action, end, send }) => [
    organisation, send?.customer ?? '', send?.day ?? '', send?.channel ?? '', send === null ? '' : String(send.step), send === null ? '' : amount(send.total, send.currency), send?.currency ?? '',
    `${BECOMES[end ?? 'unknown'][language]}${send?.test === true ? say(' (essai)', ' (test)') : ''}`, action,
  ]);
  const title = language === 'fr' ? ['organisation', 'client', 'jour', 'canal', 'étape', 'total', '', 'issue', 'action'] : ['organisation', 'customer', 'day', 'channel', 'step', 'total', '', 'outcome', 'action'];
  const lines = [
    head, `${say('Journal', 'Journal')} : ${where}`,
    ...(torn > 0 ? [say(`${torn} ligne(s) interrompue(s), mise(s) de côté : rien n’en est parti.`, `${torn} line(s) broken off, set aside: nothing of them left.`)] : []),
    ...(missing.length === 0 ? [] : [say(`${missing.length} envoi(s) que la base ne connaît pas :`, `${missing.length} send(s) that the database does not know:`), '', table([title, ...rows])]),
    ...(strangers.length === 0 ? [] : [say(`Organisations absentes de la base : ${strangers.join(', ')}`, `Organisations that are not in the database: ${strangers.join(', ')}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

async function list(context: Context, guard: SendGuard): Promise<number> {
  const found = await compareNow(context.store.database, guard);
  if (!found.ok) throw new Stop(EXIT.refused, found.error.message);
  const { because, missing, strangers, where, torn, installation } = found.value;
  context.print({
    frozen: installation.frozen !== null, because, since: installation.frozen?.at ?? null, journal: where, torn, missing: missing.map(lineOf), strangers,
    ...(because === null ? {} : sentences(frozenSentence(because), context.language)),
  }, () => listed(found.value, context.language));
  return because === null ? EXIT.done : EXIT.refused;
}

function closing(done: readonly Reconciled[], language: 'fr' | 'en'): string {
  const dropped = done.reduce((sum, one) => sum + one.dropped, 0);
  const [goesOn, withdrawn] = language === 'fr'
    ? ['Les envois reprennent.', `${dropped} relance(s) en attente étai(en)t proposée(s) sans savoir ce qui était parti : retirées. Le prochain calcul (acquit run) propose ce qui reste dû.`]
    : ['Sending goes on.', `${dropped} waiting reminder(s) had been proposed without knowing what had left: withdrawn. The next run (acquit run) proposes what is still due.`];
  const off = done.reduce((sum, one) => sum + one.webhooksOff, 0);
  const told = language === 'fr' ? `${off} webhook(s) arrêté(s) : vérifiez qui il(s) prévien(nen)t et leur secret, puis, si cette base est la vraie, acquit webhook on.` : `${off} webhook(s) switched off: check whom they tell and their secret, then, if this database is the true one, acquit webhook on.`;
  return [goesOn, ...(dropped === 0 ? [] : [withdrawn]), ...(off === 0 ? [] : [told])].join(' ');
}

/** `acquit reconcile`: what the journal knows and the database does not; with a reason, lets sending go on. */
export const reconcileCommand: Command = {
  about: {
    fr: 'ce que le journal d’envoi sait et que la base ignore ; --apply l’y écrit et dégèle, --adopt reprend une base sans son journal',
    en: 'what the send journal knows and the database does not; --apply writes it there and thaws, --adopt takes over a database without its journal',
  },
  usage: 'reconcile [--apply|--adopt --reason MOTIF [--as E-MAIL]]',
  options: { apply: { type: 'boolean' }, adopt: { type: 'boolean' }, reason: { type: 'string' }, as: { type: 'string' } },
  words: [0, 0],
  anyOrganisation: true,
  run: (context) => withGuard(context, async (guard) => {
    const { apply, adopt } = context.options;
    if (apply !== true && adopt !== true) return list(context, guard);
    if (apply === true && adopt === true) throw usage('--apply ou --adopt, pas les deux.', '--apply or --adopt, not both.');
    const how: Reconciling['how'] = apply === true ? 'applied' : 'adopted';
    const reason = reasonOf(context);
    const done = await reconcile(context.store.database, guard, { how, reason, by: { at: context.clock.now(), actor: await personOf(context) } });
    if (!done.ok) throw new Stop(EXIT.refused, done.error);
    const title = context.language === 'fr' ? ['organisation', 'parties', 'incertaines', 'à placer', 'refusées', 'essais', 'retirées', 'à réapprouver'] : ['organisation', 'sent', 'uncertain', 'to place', 'refused', 'tests', 'withdrawn', 'to approve again'];
    context.print({ how, organisations: done.value }, () => `${table([title, ...done.value.map((one) => [
      one.code, String(one.sent), String(one.parked), String(one.waiting), String(one.refused), String(one.tests), String(one.dropped), String(one.backToProposed),
    ])])}${closing(done.value, context.language)}\n`);
    return EXIT.done;
  }),
};

/** `acquit freeze`: nothing leaves any more, of any organisation, until somebody reconciles. */
export const freezeCommand: Command = {
  about: { fr: 'gèle tout envoi de l’installation, avec le motif, avant une bascule ou une restauration', en: 'freezes all sending of the installation, with the reason, before a fail-over or a restore' },
  usage: 'freeze --reason MOTIF [--as E-MAIL]',
  options: { reason: { type: 'string' }, as: { type: 'string' } },
  words: [0, 0],
  anyOrganisation: true,
  run: async (context) => {
    const reason = reasonOf(context);
    const frozen = await writeFreeze(context.store.database, { because: 'person', unknown: [], unproven: true, reason }, { at: context.clock.now(), actor: await personOf(context) });
    if (!frozen) throw new Stop(EXIT.refused, { fr: 'Les envois sont déjà gelés : voyez « acquit reconcile ».', en: 'Sending is frozen already: see "acquit reconcile".' });
    context.print({ frozen: true }, () => (context.language === 'fr' ? 'Les envois sont gelés ; « acquit reconcile --apply » les fait reprendre.\n' : 'Sending is frozen; "acquit reconcile --apply" lets it go on.\n'));
    return EXIT.done;
  },
};
