import { mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Problem } from '#core/kernel/problem.ts';
import { ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { FileJournal } from '#server/channels/journal/file-journal.ts';
import { SendGuard } from '#server/channels/journal/guard.ts';
import type { Carriers } from '#server/channels/send.ts';
import { createSmtpChannel } from '#server/channels/smtp.ts';
import type { SmtpChannel } from '#server/channels/smtp.ts';
import type { StillOurs } from '#server/channels/smtp-outcome.ts';
import type { SmtpSettings } from '#server/channels/smtp-settings.ts';
import type { Sender } from '#server/channels/prepare.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Log } from '#server/plumbing/log.ts';
import type { Settings } from '#server/plumbing/settings.ts';

/** The channels of this installation as its settings say, and how to close them. */
export type OpenCarriers = { readonly carriers: Carriers; close(): Promise<void> };

/** Opens the mail channel of ACQUIT_SMTP_URL, if there is one, and the print folder of the data folder. */
export function openCarriers(settings: Settings, dataDir: string): Result<OpenCarriers, readonly Problem[]> {
  const letter = (one: { name: string; pdf: Buffer }, stillOurs: StillOurs): Promise<string | null> => depositLetter(join(dataDir, 'letters'), one, stillOurs);
  // A folder that cannot be asked is one where nobody knows.
  const findLetter = (name: string): Promise<string | null> => stat(join(dataDir, 'letters', name)).then(() => `letters/${name}`, () => null);
  if (settings.ACQUIT_SMTP_URL === undefined) return ok({ carriers: { mail: null, letter, findLetter }, close: async () => undefined });
  const channel = createSmtpChannel(smtpSettings(settings.ACQUIT_SMTP_URL, settings.ACQUIT_SMTP_PLAIN === 'true'));
  if (!channel.ok) return channel;
  const mail: SmtpChannel = channel.value;
  return ok({ carriers: { mail, letter, findLetter }, close: () => mail.close() });
}

const SUBMISSION_PORT = 587;
const SMTPS_PORT = 465;

function smtpSettings(address: string, allowClearText: boolean): SmtpSettings {
  const url = new URL(address);
  const secure = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? SMTPS_PORT : SUBMISSION_PORT) : Number(url.port),
    ...(secure ? { security: 'tls' as const } : allowClearText ? { security: 'none' as const, allowClearText: true } : {}),
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }),
  };
}

/** Writes a letter whole to the print folder (a half-written one would be printed) and says where it is; null when it may not go there any more, and does not. */
async function depositLetter(folder: string, letter: { name: string; pdf: Buffer }, stillOurs: StillOurs): Promise<string | null> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = join(folder, `.${letter.name}.part`);
  const file = await open(part, 'w', 0o600);
  try {
    await file.writeFile(letter.pdf);
    await file.sync();
  } finally {
    await file.close();
  }
  if (!stillOurs('end')) {
    await unlink(part);
    return null;
  }
  await rename(part, join(folder, letter.name));
  return `letters/${letter.name}`;
}

/** What a guard is opened with. */
export type GuardSettings = { readonly settings: Settings; readonly dataDir: string; readonly log: Log };

/** The guard of this process over the journal of this installation: a folder of its own, since several installations may share the place. */
export async function openGuard(database: Database, { settings, dataDir, log }: GuardSettings): Promise<SendGuard> {
  const { instance } = await senderOf(database, settings);
  return new SendGuard({ journal: new FileJournal(join(resolve(dataDir, settings.ACQUIT_JOURNAL_DIR), instance)), log });
}

/** Who messages of this installation come from. */
export async function senderOf(database: Database, settings: Settings): Promise<Sender> {
  const found = await database.pool.query<{ installation_id: string }>('select installation_id from installation');
  const [row] = found.rows;
  if (row === undefined) throw new Error('the database has no installation row');
  return { from: settings.ACQUIT_SMTP_FROM ?? null, instance: row.installation_id };
}
