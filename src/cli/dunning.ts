import { mkdir, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseId } from '#core/kernel/id.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { Language } from '#core/kernel/text.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { closeHalt } from '#server/channels/halts.ts';
import { sendApproved } from '#server/channels/send.ts';
import type { SendResult } from '#server/channels/send.ts';
import { ACTION_STATES, listActions } from '#server/dunning/actions.ts';
import { approvalSentence, approveActions } from '#server/dunning/approvals.ts';
import { atLeast, findUserByEmail, membershipsOf } from '#server/identity/users.ts';
import { runDunning } from '#server/dunning/run.ts';
import type { ActionLine } from '#server/dunning/run.ts';
import { openCarriers, openGuard, senderOf } from '#server/instance.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import { showAction } from '#server/show-action.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { actionJson, amount, decisionJson, proposedJson, sentences, table } from './shapes.ts';

/** Characters of a reason at least: enough to say something. */
const REASON_MIN = 5;

/** Writes one JSON document piece by piece: a run over a million items must not be held as one text. */
class JsonLines {
  #started = false;
  /** Whether anything stands on stdout already. */
  get started(): boolean {
    return this.#started;
  }

  async add(values: readonly object[]): Promise<void> {
    if (values.length === 0) return;
    const text = values.map((value) => JSON.stringify(value)).join(',\n');
    const written = process.stdout.write(this.#started ? `,\n${text}` : `{"decisions":[${text}`);
    this.#started = true;
    // A reader that left never drains.
    if (!written && !process.stdout.destroyed) await Promise.race(['drain', 'close'].map((event) => new Promise((resolve) => process.stdout.once(event, resolve))));
  }

  /** Ends the document with its other keys. */
  end(rest: object): void {
    process.stdout.write(`${this.#started ? '' : '{"decisions":['}],${JSON.stringify(rest).slice(1)}\n`);
    this.#started = true;
  }
}

/** Closes the document of a run that failed on its way, so that stdout still holds one; nothing of that run was kept. */
function closeFailed(out: JsonLines, error: unknown, language: Language): never {
  if (!out.started) throw error;
  const detail = error instanceof Error ? error.message : String(error);
  const said = { fr: `Le passage a échoué, rien n'en est gardé : ${detail}`, en: `The run failed, nothing of it was kept: ${detail}` };
  out.end({ actions: [], run: null, status: 'refused', ...sentences(said, language) });
  throw new Stop(EXIT.refused, said, true);
}

/** `acquit run`: one dunning run for today. */
export const runCommandOf: Command = {
  about: { fr: 'passage de relance du jour : décide pour chaque poste, propose les actions', en: 'dunning run of the day: decides for every item, proposes actions' },
  usage: 'run [--dry-run]',
  options: { 'dry-run': { type: 'boolean' } },
  words: [0, 0],
  run: async (context) => {
    const actions: ActionLine[] = [];
    const reasons = new Map<string, number>();
    const out = new JsonLines();
    const result = await runDunning(context.store.database, {
      organisation: context.organisation, today: context.today, clock: context.clock, actor: context.actor, dryRun: context.options['dry-run'] === true,
      sink: {
        decisions: async (batch) => {
          for (const { decision } of batch) reasons.set(decision.reason, (reasons.get(decision.reason) ?? 0) + 1);
          if (context.json) await out.add(batch.map(decisionJson));
        },
        actions: (batch) => {
          for (const action of batch) actions.push(action);
        },
      },
    }).catch((error: unknown) => closeFailed(out, error, context.language));
    if (context.json) {
      const { runId, today, stopped } = result;
      out.end({ actions: actions.map(proposedJson), run: runId, today, stopped });
    } else {
      process.stdout.write(table([['motif', 'postes'], ...[...reasons].map(([reason, count]) => [reason, String(count)])]));
      process.stdout.write(`\n${table([['action', 'client', 'canal', 'étape', 'total', '', 'à'], ...actions.map(({ id, customer, proposed, to }) => [
        id ?? '-', customer, proposed.channel, String(proposed.step), amount(proposed.total, proposed.currency), proposed.currency, to ?? '',
      ])])}`);
      if (result.stopped !== null) process.stdout.write(`\nArrêté : ${result.stopped}\n`);
    }
    return EXIT.done;
  },
};

/** `acquit actions`: the list. */
export const actionsCommand: Command = {
  about: { fr: 'actions, par état', en: 'actions, by state' },
  usage: 'actions [--state S]',
  options: { state: { type: 'string' } },
  words: [0, 0],
  run: async (context) => {
    const asked = context.options['state'];
    const state = ACTION_STATES.find((known) => known === asked);
    if (asked !== undefined && state === undefined) throw usage(`--state ${String(asked)} : ${ACTION_STATES.join(', ')}.`, `--state ${String(asked)}: ${ACTION_STATES.join(', ')}.`);
    const rows = await context.store.database.inTenant(context.organisation, (t) => listActions(t, state === undefined ? {} : { state }), { readOnly: true });
    context.print({ actions: rows.map(actionJson) }, () => table([
      ['action', 'client', 'canal', 'étape', 'total', '', 'état', 'motif', 'à'],
      ...rows.map((row) => [row.action_id, row.customer, row.channel, String(row.step), amount(row.total, row.currency), row.currency, row.state, row.state_reason ?? '', row.recipient ?? '']),
    ]));
    return EXIT.done;
  },
};

/** `acquit approve`: lets proposed actions leave. */
export const approveCommand: Command = {
  about: { fr: 'approuve des actions proposées ; --as dit qui, là où deux personnes doivent approuver', en: 'approves proposed actions; --as says who, where two persons must approve' },
  usage: 'approve ID…|--all [--as E-MAIL]',
  options: { all: { type: 'boolean' }, as: { type: 'string' } },
  words: [0, 10_000],
  run: async (context) => {
    const all = context.options['all'] === true;
    if (all === context.words.length > 0) throw usage('approve ID… ou --all.', 'approve ID… or --all.');
    const ids = context.words.map((word) => actionId(word));
    const by = { clock: context.clock, actor: await personOf(context) };
    const done = await context.store.database.inTenant(context.organisation, (t) => approveActions(t, all ? 'all' : ids, by));
    const { approved, once, samePerson, nobody } = done;
    const known = new Set([...approved, ...once, ...samePerson, ...nobody]);
    const left = ids.filter((id) => !known.has(id));
    const said = approvalSentence(done);
    context.print({
      approved: approved.length, actions: approved, notProposed: left, approvedOnce: once, refused: [...samePerson, ...nobody], ...(said === null ? {} : sentences(said, context.language)),
    }, () => `${approved.length} approuvée(s)${left.length > 0 ? ` ; pas en attente : ${left.join(', ')}` : ''}\n${said === null ? '' : `${said[context.language]}\n`}`);
    return left.length + samePerson.length + nobody.length > 0 ? EXIT.refused : EXIT.done;
  },
};

/** Who approves: the member of the organisation named by --as, as the app would know them, or whoever is at the machine. */
async function personOf(context: Context): Promise<string> {
  const email = context.options['as'];
  if (typeof email !== 'string') return context.actor;
  const { database } = context.store;
  const user = await findUserByEmail(database, email);
  const member = user !== null && (await membershipsOf(database, user.id)).some((one) => one.id === context.organisation && atLeast(one.role, 'collector'));
  if (user !== null && member) return `user:${user.id}`;
  throw new Stop(EXIT.refused, {
    fr: `--as ${email} : personne de cette adresse ne peut approuver dans cette organisation.`, en: `--as ${email}: nobody of this address may approve in this organisation.`,
  });
}

function actionId(word: string): ActionId {
  const id = parseId<'action'>(word);
  if (id === null) throw usage(`${word} : numéro d'action attendu.`, `${word}: an action number is wanted.`);
  return id;
}

/** Opens what sending needs, or says in a sentence why it cannot be. */
async function withSending<T>(context: Context, work: (parts: { letters: Parameters<typeof sendApproved>[1]['letters']; carriers: Parameters<typeof sendApproved>[1]['carriers'] }) => Promise<T>): Promise<T> {
  const letters = await openLetterMaker();
  if (!letters.ok) throw new Stop(EXIT.refused, letters.error.message);
  const opened = openCarriers(context.settings, context.dataDir);
  if (!opened.ok) throw usage(opened.error.map((one) => one.message.fr).join('\n'), opened.error.map((one) => one.message.en).join('\n'));
  try {
    return await work({ letters: letters.value, carriers: opened.value.carriers });
  } finally {
    await opened.value.close();
  }
}

/** `acquit send`: hands approved actions over once and returns. */
export const sendCommand: Command = {
  about: { fr: 'remet les actions approuvées (e-mails au serveur SMTP, courriers au dossier d\'impression)', en: 'hands approved actions over (e-mails to SMTP, letters to the print folder)' },
  usage: 'send [--max N]',
  options: { max: { type: 'string' } },
  words: [0, 0],
  run: async (context) => {
    const asked = context.options['max'];
    const max = typeof asked === 'string' ? Number(asked) : undefined;
    if (max !== undefined && (!Number.isInteger(max) || max < 1)) throw usage(`--max ${String(asked)} : nombre attendu.`, `--max ${String(asked)}: a number is wanted.`);
    const { database } = context.store;
    const result = await withSending(context, async ({ letters, carriers }) => {
      const worker = await joinWorkers(database);
      const guard = await openGuard(database, context);
      try {
        const sender = await senderOf(database, context.settings);
        return await sendApproved(database, {
          organisation: context.organisation, today: context.today, clock: context.clock, actor: context.actor, worker, carriers, sender, letters, guard,
          ...(max === undefined ? {} : { max }),
        });
      } finally {
        await worker.leave();
        await guard.journal.close();
      }
    });
    const { said, ...counts } = result;
    context.print({ ...counts, ...(said === null ? {} : sentences(said, context.language)) }, () => `envoyées ${result.sent} · échecs ${result.failed} · incertaines ${result.unknown} · en attente ${result.waiting} · annulées ${result.cancelled.length}${result.expired.length > 0 ? ` · périmées ${result.expired.length}` : ''}${result.tested > 0 ? ` · essais ${result.tested}` : ''}\n${stoppedText(result, context.language)}`);
    return result.stopped === 'frozen' || result.stopped === 'journal' ? EXIT.refused : EXIT.done;
  },
};

const stoppedText = ({ stopped, said }: SendResult, language: Language): string => {
  if (said !== null) return `${said[language]}\n`;
  if (stopped === null) return '';
  if (stopped === 'frozen' || stopped === 'journal') return 'Les envois sont gelés : voir « acquit reconcile ».\n';
  return stopped === 'globalStop' ? 'Tout envoi est arrêté par une personne.\n' : 'Les e-mails sont arrêtés : trop de retours ou de plaintes. Une personne les relance, avec un motif (acquit resume).\n';
};

/** `acquit resume`: lets e-mail go again after the breaker stopped it. */
export const resumeCommand: Command = {
  about: { fr: 'relance les e-mails arrêtés pour trop de retours ou de plaintes, avec le motif', en: 'lets e-mail go again after too many bounces or complaints, with the reason' },
  usage: 'resume --reason MOTIF',
  options: { reason: { type: 'string' } },
  words: [0, 0],
  run: async (context) => {
    const reason = String(context.options['reason'] ?? '').trim();
    if (reason.length < REASON_MIN) throw usage('--reason : dites pourquoi les e-mails peuvent repartir.', '--reason: say why e-mail may go again.');
    const closed = await context.store.database.inTenant(context.organisation, (t) => closeHalt(t, { reason, by: context }));
    if (!closed) throw new Stop(EXIT.refused, { fr: 'L’envoi des e-mails n’est pas arrêté.', en: 'E-mail is not stopped.' });
    context.print({ resumed: true }, () => 'Les e-mails repartent.\n');
    return EXIT.done;
  },
};

/** `acquit show`: the exact message of an action as files. */
export const showCommand: Command = {
  about: { fr: 'le message exact d\'une action (.eml, .pdf)', en: 'the exact message of an action (.eml, .pdf)' },
  usage: 'show ACTION [--out DIR]',
  options: { out: { type: 'string' } },
  words: [1, 1],
  run: async (context) => {
    const id = actionId(context.words[0] ?? '');
    const letters = await openLetterMaker();
    if (!letters.ok) throw new Stop(EXIT.refused, letters.error.message);
    const sender = await senderOf(context.store.database, context.settings);
    const shown = await context.store.database.inTenant(context.organisation, (t) =>
      showAction(t, id, { today: context.today, clock: context.clock, letters: letters.value, sender }), { readOnly: true });
    if (!shown.ok) throw new Stop(EXIT.refused, { fr: shown.error.map((one) => one.message.fr).join('\n'), en: shown.error.map((one) => one.message.en).join('\n') });
    const { mime, pdf, stored, subject, text } = shown.value;
    const folder = typeof context.options['out'] === 'string' ? context.options['out'] : '.';
    await mkdir(folder, { recursive: true });
    const files: { path: string; kind: string; sha256: string }[] = [];
    for (const [kind, bytes] of [['eml', mime], ['pdf', pdf]] as const) {
      if (bytes === null) continue;
      const path = join(folder, `action-${id}.${kind}`);
      await writeFile(path, bytes);
      files.push({ path, kind, sha256: createHash('sha256').update(bytes).digest('hex') });
    }
    const paths = Object.fromEntries(files.map(({ kind, path }) => [kind, path]));
    context.print({ action: id, stored, subject, ...paths, files }, () => `${subject}\n\n${text}\n\n${files.map((file) => `${file.path}  ${file.sha256}`).join('\n')}\n`);
    return EXIT.done;
  },
};
