import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { MailParser } from 'mailparser';
import type { StreamedAttachment } from 'mailparser';
import type { Problem } from '#core/kernel/problem.ts';
import { inboxProblem } from './inbox-problems.ts';
import { storedName } from './stored-name.ts';

/** Attachments of one message: more come as an archive. */
export const ATTACHMENTS_MAX = 50;
/** To take a message of 50 MB apart takes two seconds; one built to take longer is not waited for. */
const READING_MS = 60_000;
/** Bytes handed to the reader at once, so that requests are served in between. */
const CHUNK_BYTES = 65_536;

/** A file of a message on disk; `path` null: a part that is no file to us, with the reason. */
export type MailFile = { readonly name: string; readonly path: string; readonly refused: null } | { readonly name: string; readonly path: null; readonly refused: Problem };

/** Parts that mail programs add by themselves: pictures of signatures, keys, cards, appointments, proof of reading. */
const DECORATION = /^(?:image\/|text\/(?:calendar|vcard|x-vcard|rfc822-headers)|message\/(?:delivery-status|disposition-notification)|application\/(?:pgp-|pkcs7-signature|x-pkcs7-signature|ms-tnef))/i;

/** Writes the files of a message into a folder, under names of ours. The problem says why none of it may be taken; embedded messages are not followed. */
export async function filesOfMessage(source: Buffer, folder: string): Promise<{ files: readonly MailFile[]; problem: Problem | null }> {
  const parser = new MailParser({ ignoreEmbedded: true, skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true });
  const files: MailFile[] = [];
  let count = 0;
  const take = async (part: StreamedAttachment): Promise<void> => {
    const name = storedName(part.filename ?? '');
    const isMessage = /^message\/(?:rfc822|global)/i.test(part.contentType);
    const skipped = isMessage || DECORATION.test(part.contentType);
    if (!skipped) count += 1;
    if (skipped || count > ATTACHMENTS_MAX) {
      part.content.resume();
      await finished(part.content);
      if (isMessage) files.push({ name, path: null, refused: inboxProblem('messageInside', {}) });
    } else {
      const path = join(folder, String(count));
      await pipeline(part.content, createWriteStream(path, { mode: 0o600 }));
      files.push({ name, path, refused: null });
    }
    part.release();
  };
  try {
    await readParts(parser, source, take);
  } catch (error) {
    // A full disk is no fault of the message.
    if (error instanceof Error && Reflect.get(error, 'syscall') !== undefined) throw error;
    return { files: [], problem: inboxProblem('messageBroken', {}) };
  }
  if (count > ATTACHMENTS_MAX) return { files: [], problem: inboxProblem('messageTooManyFiles', { limit: ATTACHMENTS_MAX }) };
  return { files, problem: files.length === 0 ? inboxProblem('messageWithoutFile', {}) : null };
}

/** Feeds the reader and hands over each attachment; fails with the first fault of either, or when it takes too long. */
function readParts(parser: InstanceType<typeof MailParser>, source: Buffer, take: (part: StreamedAttachment) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new Error('the message takes too long to read')), READING_MS);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      parser.destroy();
      reject(error);
    };
    parser.on('error', fail);
    parser.on('end', () => {
      clearTimeout(timer);
      resolve();
    });
    parser.on('data', (part: StreamedAttachment | { readonly type: 'text' }) => {
      if (part.type === 'attachment') take(part).catch(fail);
    });
    void feed(parser, source);
  });
}

async function feed(parser: InstanceType<typeof MailParser>, source: Buffer): Promise<void> {
  for (let at = 0; at < source.length && !parser.destroyed; at += CHUNK_BYTES) {
    await new Promise<void>((resolve) => {
      // Called when the chunk was read; a reader that failed meanwhile calls it with its error, which `error` has told already.
      parser.write(source.subarray(at, at + CHUNK_BYTES), () => resolve());
    });
  }
  if (!parser.destroyed) parser.end();
}
