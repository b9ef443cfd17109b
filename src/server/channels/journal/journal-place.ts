import type { Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { JournalPlace } from '#core/channels/journal-lines.ts';

type Machine = Pick<JournalPlace, 'machine' | 'boot'>;

let machine: Promise<Machine> | null = null;

/** This machine and its present start; null what it does not say. */
export function machineOf(): Promise<Machine> {
  machine ??= (async () => ({ machine: await textOf('/etc/machine-id'), boot: await textOf('/proc/sys/kernel/random/boot_id') }))();
  return machine;
}

async function textOf(path: string): Promise<string | null> {
  try {
    const text = (await readFile(path, 'latin1')).trim();
    return text === '' ? null : text;
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Where a file stands, by what the system says of it. */
export const placeOf = (stats: Stats, { machine: id, boot }: Machine): JournalPlace => ({ machine: id, boot, device: String(stats.dev), inode: String(stats.ino) });
