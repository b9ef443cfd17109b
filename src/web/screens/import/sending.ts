import { useSyncExternalStore } from 'react';
import { DROP_FILES_MAX } from '#core/api/drops.ts';
import type { Fault } from '#core/api/faults.ts';
import { ApiFault, change, upload } from '../../api/client.ts';
import { queryClient, sessionQuery } from '../../api/queries.ts';

/** The server's own limit: a file beyond it is not even sent. */
const FILE_BYTES_MAX = 1_073_741_824;
/** Files on their way at once: two hide each other's waiting, more only share the line. */
const SENDERS = 2;
/** Between tries of a file when the server could not be reached; then sending stops until the person goes on. */
const RETRY_MS = [1000, 4000] as const;
/** Longest path of a file that the server is told. */
const PATH_MAX = 1000;

/** Files that systems put into folders without being asked. */
const NOT_MEANT = /^(?:\..*|Thumbs\.db|desktop\.ini)$/i;

/** A file on its way to the server. */
export type SentFile = {
  readonly key: number; readonly file: File; readonly path: string; readonly state: 'waiting' | 'sending' | 'sent' | 'failed' | 'cancelled'; readonly sent: number; readonly fault: Fault | null;
};

/** Files on their way; they go on while the person looks at other pages. `fault` says why sending stopped. */
export type Sending = { readonly drop: string | null; readonly state: 'idle' | 'sending' | 'paused'; readonly files: readonly SentFile[]; readonly fault: Fault | null };

const IDLE: Sending = { drop: null, state: 'idle', files: [], fault: null };

/** Between two showings of how far the files are: hundreds of them report many times a second. */
const SHOW_MS = 200;

let now: Sending = IDLE;
let shown: Sending = IDLE;
let showing: ReturnType<typeof setTimeout> | null = null;
const listeners = new Set<() => void>();

function show(): void {
  if (showing !== null) clearTimeout(showing);
  showing = null;
  shown = now;
  for (const listener of listeners) listener();
}

function set(change: Partial<Sending>): void {
  now = { ...now, ...change };
  if (change.state !== undefined) show();
  else showing ??= setTimeout(show, SHOW_MS);
}

const setFile = (key: number, change: Partial<SentFile>): void => set({ files: now.files.map((one) => (one.key === key ? { ...one, ...change } : one)) });

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is on its way, followed. */
export const useSending = (): Sending => useSyncExternalStore(subscribe, () => shown);

const fault = (code: string, fr: string, en: string): Fault => ({ code, message: { fr, en } });

const TOO_LARGE = fault('import.tooLarge', 'Ce fichier dépasse 1 Go et n’a pas été envoyé : coupez-le par exercice ou par trimestre.', 'This file is over 1 GB and was not sent: split it by year or quarter.');

/** The path a file lay in, as the browser tells it for a chosen folder or a dragged one. */
function pathOf(file: File): string {
  const dragged = 'path' in file && typeof file.path === 'string' ? file.path : '';
  const path = file.webkitRelativePath === '' ? dragged : file.webkitRelativePath;
  return path.replace(/^[./\\]+/, '').slice(-PATH_MAX);
}

/** What the browser keeps of a drop for the case that the server forgets it: its files' names and when it began. */
export type Remembered = { readonly drop: string; readonly at: string; readonly names: readonly string[] };

const STORAGE_KEY = 'acquit.drop';

/** The drop this browser began last and has not put away; null when there is none. */
export function remembered(): Remembered | null {
  const text = sessionStorage.getItem(STORAGE_KEY);
  return text === null ? null : JSON.parse(text) as Remembered;
}

/** Forgets it. */
export const forgetRemembered = (): void => sessionStorage.removeItem(STORAGE_KEY);

/** Sends files to a new drop and has it worked once all have arrived. */
export async function sendFiles(given: readonly File[], terms: string): Promise<void> {
  const meant = given.filter((file) => !NOT_MEANT.test(file.name));
  if (meant.length === 0) {
    set({ ...IDLE, fault: fault('drop.nothing', 'Il n’y avait aucun fichier à importer dans ce que vous avez déposé.', 'There was no file to import in what you dropped.') });
    return;
  }
  if (meant.length > DROP_FILES_MAX) {
    set({ ...IDLE, fault: fault('drop.tooMany', `${DROP_FILES_MAX} fichiers au plus à la fois : vous en avez déposé ${meant.length}, rien n’a été envoyé. Faites plusieurs envois, ou une archive .zip.`,
      `At most ${DROP_FILES_MAX} files at a time: you dropped ${meant.length}, nothing was sent. Send them in several goes, or as one .zip archive.`) });
    return;
  }
  const files = meant.map((file, key): SentFile => (file.size > FILE_BYTES_MAX
    ? { key, file, path: pathOf(file), state: 'failed', sent: 0, fault: TOO_LARGE } : { key, file, path: pathOf(file), state: 'waiting', sent: 0, fault: null }));
  set({ drop: null, state: 'sending', files, fault: null });
  try {
    const { drop } = await change<{ drop: string }>('POST', '/api/drops', { files: files.length, terms: terms.trim() === '' ? null : terms.trim() });
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ drop, at: new Date().toISOString(), names: files.map(({ file }) => file.name) } satisfies Remembered));
    set({ drop });
  } catch (error) {
    set({ ...IDLE, fault: faultOf(error) });
    askWhoIsIn(error);
    return;
  }
  await sendAll();
}

/** Goes on where sending stopped. */
export async function resumeSending(): Promise<void> {
  if (now.state !== 'paused') return;
  set({ state: 'sending', fault: null });
  await sendAll();
}

/** What is not on its way yet stays here; what arrived is not imported. */
export function cancelSending(): void {
  const paused = now.state === 'paused';
  set({ files: now.files.map((one) => (one.state === 'waiting' ? { ...one, state: 'cancelled' } : one)) });
  if (!paused) return;
  set({ state: 'sending', fault: null });
  void finish();
}

/** Sends one file again that could not be sent. */
export async function sendAgain(key: number): Promise<void> {
  if (now.state !== 'idle') return;
  setFile(key, { state: 'waiting', sent: 0, fault: null });
  set({ state: 'sending' });
  await sendAll();
}

/** The person has seen the results: nothing of them is kept here. */
export function clearSending(): void {
  set(IDLE);
  forgetRemembered();
}

async function sendAll(): Promise<void> {
  await Promise.all(Array.from({ length: SENDERS }, sendInTurn));
  if (now.state === 'sending') await finish();
}

async function sendInTurn(): Promise<void> {
  for (let next = firstWaiting(); next !== undefined && now.state === 'sending'; next = firstWaiting()) await sendOne(next);
}

const firstWaiting = (): SentFile | undefined => now.files.find((one) => one.state === 'waiting');

async function sendOne(one: SentFile): Promise<void> {
  setFile(one.key, { state: 'sending' });
  for (const wait of [...RETRY_MS, null]) {
    try {
      await upload('/api/imports', { file: one.file, fields: { drop: now.drop ?? '', path: one.path } }, (done, total) => setFile(one.key, { sent: total === 0 ? 0 : Math.round((done / total) * one.file.size) }));
      setFile(one.key, { state: 'sent', sent: one.file.size });
      return;
    } catch (error) {
      const unreachable = error instanceof ApiFault && (error.status === 0 || error.status >= 500);
      if (unreachable && wait !== null) {
        await new Promise((resolve) => setTimeout(resolve, wait));
        continue;
      }
      const stops = unreachable || (error instanceof ApiFault && error.status === 401);
      setFile(one.key, stops ? { state: 'waiting', sent: 0 } : { state: 'failed', sent: 0, fault: faultOf(error) });
      if (stops) stop(error);
      return;
    }
  }
}

/** Nobody answers, or the session ended: the files stay where they are until the person goes on. */
function stop(error: unknown): void {
  set({ state: 'paused', fault: faultOf(error) });
  askWhoIsIn(error);
}

/** When the session has ended, the page asks the person to sign in again; the files wait meanwhile. */
function askWhoIsIn(error: unknown): void {
  if (error instanceof ApiFault && error.status === 401) void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
}

async function finish(): Promise<void> {
  const cancelled = now.files.some((one) => one.state === 'cancelled');
  try {
    await change('POST', `/api/drops/${now.drop ?? ''}/${cancelled ? 'cancel' : 'start'}`);
    set({ state: 'idle' });
  } catch (error) {
    stop(error);
  }
  await queryClient.invalidateQueries({ queryKey: ['drop'] });
}

function faultOf(error: unknown): Fault {
  if (error instanceof ApiFault) return error.fault;
  throw error;
}

// A tab that closes takes the files it has not sent with it.
globalThis.addEventListener('beforeunload', (event) => {
  if (now.state !== 'idle') event.preventDefault();
});
