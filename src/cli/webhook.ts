import type { CallOutcome, OffBecause } from '#core/channels/webhook-retry.ts';
import { WEBHOOK_EVENTS } from '#core/channels/webhook-events.ts';
import type { WebhookView } from '#core/channels/webhook-view.ts';
import { parseId } from '#core/kernel/id.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { tryWebhook } from '#server/channels/webhooks/loop.ts';
import { webhookClient } from '#server/channels/webhooks/post.ts';
import { secretText } from '#server/channels/webhooks/signature.ts';
import { readPrivateHosts } from '#server/channels/webhooks/target.ts';
import { addWebhook, changeEvents, listWebhooks, removeWebhook, rotateSecret, switchOffByPerson, switchOn } from '#server/channels/webhooks/webhooks.ts';
import { openGuard } from '#server/instance.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { table } from './shapes.ts';

const DOES = ['list', 'add', 'events', 'rotate', 'test', 'on', 'off', 'remove'];

/** `acquit webhook`: other software that is told what happened. */
export const webhookCommand: Command = {
  about: { fr: 'les logiciels prévenus de ce qui se passe (webhooks) : liste, ajout, secret, essai, marche et arrêt', en: 'software that is told what happened (webhooks): list, add, secret, test, on and off' },
  usage: 'webhook list | add URL --events A,B|all | events ID --events A,B|all | rotate ID | test ID | on ID [--from here|now] | off ID | remove ID',
  options: { events: { type: 'string' }, from: { type: 'string' } },
  words: [1, 2],
  run: async (context) => {
    const [does = '', what = ''] = context.words;
    if (does === 'list') return list(context);
    if (!DOES.includes(does) || what === '') throw usage(`Usage : acquit ${webhookCommand.usage}`, `Usage: acquit ${webhookCommand.usage}`);
    if (does === 'add') return add(context, what);
    const id = parseId<'webhook'>(what);
    if (id === null) throw usage(`${what} : pas un numéro de webhook (acquit webhook list).`, `${what}: not the number of a webhook (acquit webhook list).`);
    return does === 'test' ? tryOne(context, id) : change(context, does, id);
  },
};

const inTenant = <T>(context: Context, work: (t: Tenant) => Promise<T>): Promise<T> => context.store.database.inTenant(context.organisation, work);

function eventsOf(context: Context): string[] {
  const given = context.options['events'];
  if (given === 'all') return [...WEBHOOK_EVENTS];
  const events = typeof given === 'string' ? given.split(',').map((one) => one.trim()) : [];
  const wrong = events.filter((one) => !WEBHOOK_EVENTS.some((event) => event === one));
  const list = WEBHOOK_EVENTS.join(', ');
  if (events.length === 0 || wrong.length > 0) throw usage(`--events : ${wrong.length > 0 ? `inconnu : ${wrong.join(', ')}. ` : ''}all, ou parmi ${list}.`, `--events: ${wrong.length > 0 ? `unknown: ${wrong.join(', ')}. ` : ''}all, or of ${list}.`);
  return events;
}

const unknown = (id: string): Stop => new Stop(EXIT.refused, { fr: `Aucun webhook ${id}, ou il y est déjà : acquit webhook list.`, en: `No webhook ${id}, or it is so already: acquit webhook list.` });

const OFF: { readonly [B in OffBecause]: Bilingual } = {
  person: { fr: 'arrêté par une personne', en: 'switched off by a person' }, gone: { fr: 'arrêté : le destinataire n’en veut plus (410)', en: 'off: the receiver wants no more (410)' },
  failing: { fr: 'arrêté après trois jours d’échecs', en: 'off after three days of failure' }, unsure: { fr: 'arrêté : un appel resté sans réponse est trop ancien pour être répété sans vous', en: 'off: a call without an answer is too old to be repeated without you' },
  restored: { fr: 'arrêté : la base a été restaurée ou copiée', en: 'off: the database was restored or copied' },
};

const SAID: { readonly [O in CallOutcome]: Bilingual } = {
  taken: { fr: 'reçu', en: 'taken' }, refused: { fr: 'refusé', en: 'refused' }, timeout: { fr: 'pas de réponse à temps', en: 'no answer in time' }, broken: { fr: 'coupé avant la réponse', en: 'cut before the answer' },
  lost: { fr: 'interrompu de notre côté', en: 'broken off on our side' }, connection: { fr: 'injoignable', en: 'cannot be reached' }, tls: { fr: 'certificat ou chiffrement refusé', en: 'certificate or encryption refused' },
  dns: { fr: 'nom introuvable', en: 'name not found' }, address: { fr: 'adresse non permise (interne, ou plus permise par l’administrateur)', en: 'address not allowed (internal, or no longer allowed by the administrator)' },
};

const outcomeText = (last: { outcome: CallOutcome; status: number | null }, language: keyof Bilingual): string => `${SAID[last.outcome][language]}${last.status === null ? '' : ` (${last.status})`}`;

async function list(context: Context): Promise<number> {
  const webhooks = await context.store.database.inTenant(context.organisation, (t) => listWebhooks(t, { whole: true, now: context.clock.now() }), { readOnly: true });
  const { language } = context;
  const state = ({ on, offBecause }: WebhookView): string => (on || offBecause === null ? (language === 'fr' ? 'en marche' : 'on') : OFF[offBecause][language]);
  const head = language === 'fr' ? ['n°', 'adresse', 'état', 'dernier appel', 'en attente', 'prochain essai', 'événements'] : ['no', 'address', 'state', 'last call', 'waiting', 'next try', 'events'];
  context.print({ webhooks }, () => (webhooks.length === 0
    ? (language === 'fr' ? 'Aucun webhook : acquit webhook add URL --events all.\n' : 'No webhook: acquit webhook add URL --events all.\n')
    : table([head, ...webhooks.map((one) => [
      one.id, one.address, state(one), one.last === null ? '' : `${one.last.at} ${outcomeText(one.last, language)}`, `${one.waiting}${one.more ? '+' : ''}`, one.nextAt ?? '',
      one.events.length === WEBHOOK_EVENTS.length ? 'all' : one.events.join(','),
    ])])));
  return EXIT.done;
}

async function add(context: Context, url: string): Promise<number> {
  const events = eventsOf(context);
  const hosts = readPrivateHosts(context.settings.ACQUIT_WEBHOOK_PRIVATE_HOSTS);
  const made = await inTenant(context, (t) => addWebhook(t, { url, events, hosts }, context));
  if (!made.ok) throw new Stop(EXIT.refused, made.error.message);
  printSecret(context, made.value);
  return EXIT.done;
}

function printSecret(context: Context, { id, secret }: { id: string; secret: Uint8Array }): void {
  const text = secretText(secret);
  context.print({ webhook: id, secret: text }, () => (context.language === 'fr'
    ? `Webhook ${id}. Son secret, montré cette seule fois :\n  ${text}\n` : `Webhook ${id}. Its secret, shown this once:\n  ${text}\n`));
}

async function change(context: Context, does: string, id: string): Promise<number> {
  if (does === 'rotate') {
    const secret = await inTenant(context, (t) => rotateSecret(t, id, context));
    if (secret === null) throw unknown(id);
    printSecret(context, { id, secret });
    return EXIT.done;
  }
  const done = await inTenant(context, (t) => changed(t, context, { does, id }));
  if (!done) throw unknown(id);
  const again = does !== 'on' || context.options['from'] === 'now' ? ['', ''] : [
    ' Ce qui attendait part maintenant ; l’appel qui avait échoué d’abord, sous le même identifiant : s’il était arrivé, le destinataire l’a peut-être oublié.',
    ' What waited goes now; first the call that had failed, under the same id: if it had arrived, the receiver may have forgotten it.',
  ];
  context.print({ webhook: id, done: does }, () => (context.language === 'fr' ? `Webhook ${id} : fait.${again[0]}\n` : `Webhook ${id}: done.${again[1]}\n`));
  return EXIT.done;
}

async function changed(t: Tenant, context: Context, { does, id }: { does: string; id: string }): Promise<boolean> {
  if (does === 'off') return switchOffByPerson(t, id, context);
  if (does === 'remove') return removeWebhook(t, id, context);
  if (does === 'events') {
    const result = await changeEvents(t, { id, events: eventsOf(context) }, context);
    return result.ok && result.value;
  }
  const from = context.options['from'] ?? 'here';
  if (from !== 'here' && from !== 'now') throw usage('--from here (depuis l’arrêt) ou now (depuis maintenant).', '--from here (since it stopped) or now.');
  return switchOn(t, { id, from }, context);
}

async function tryOne(context: Context, id: string): Promise<number> {
  const { database } = context.store;
  const guard = await openGuard(database, context);
  try {
    const post = webhookClient({ hosts: readPrivateHosts(context.settings.ACQUIT_WEBHOOK_PRIVATE_HOSTS) });
    const tried = await tryWebhook({ database, clock: context.clock, guard, post }, { organisation: context.organisation, webhook: id });
    if (tried === null) throw unknown(id);
    if (tried === 'sample') throw new Stop(EXIT.refused, { fr: 'C’est une société d’exemple : rien n’en part.', en: 'This is a sample company: nothing leaves it.' });
    if (tried === 'frozen') throw new Stop(EXIT.refused, { fr: 'Les envois sont gelés : rien ne part (acquit reconcile).', en: 'Sending is frozen: nothing leaves (acquit reconcile).' });
    context.print({ webhook: id, ...tried }, () => `${outcomeText(tried, context.language)}\n`);
    return tried.outcome === 'taken' ? EXIT.done : EXIT.refused;
  } finally {
    await guard.journal.close();
  }
}
