import type { BooksCopy } from './memory-books.ts';
import { MemoryBooks } from './memory-books.ts';
import type { BooksOf } from './memory-books.ts';
import { MemoryInstallation } from './memory-installation.ts';
import type { InstallationRow, JournalFolder } from './memory-installation.ts';
import type { LedgerOf, TrueTenant } from './oracle.ts';
import type { SimProcess } from './processes.ts';

/** A database with the processes that work on it: that of all companies of a seed, or a copy beside it. */
export type Site = { readonly installation: MemoryInstallation; readonly ledgers: LedgerOf[]; workers: SimProcess[] };

/** Whether the others see that a process of this site lives. */
export const isSeen = ({ workers }: Site, worker: string, now: number): boolean => workers.some(({ id, alive, unseenUntil }) => id === worker && alive && unseenUntil <= now);

/** A backup of a site: its installation's row and the books of each company at one instant. */
export type SiteCopy = { readonly at: number; readonly row: InstallationRow; readonly books: readonly { readonly name: string; readonly tenant: TrueTenant; readonly copy: BooksCopy }[] };

/** Copies the database of a site; null when its books cannot be copied (those on PostgreSQL). */
export function copyOf({ installation, ledgers }: Site, at: number): SiteCopy | null {
  const books: { name: string; tenant: TrueTenant; copy: BooksCopy }[] = [];
  for (const { name, tenant, books: one } of ledgers) {
    if (!(one instanceof MemoryBooks)) return null;
    books.push({ name, tenant, copy: one.copy() });
  }
  return { at, row: { ...installation.row }, books };
}

/** What a site made of a copy is given: the name that tells its ledgers from others, its journal, the database that it is in. */
export type SiteOf = { readonly mark: string; readonly journal: JournalFolder; readonly database: string; readonly names: () => string; readonly books: Pick<BooksOf, 'time' | 'scope'> };

/** A site of a backup, as it stands before any process of it has started. */
export function siteOf(copy: SiteCopy, { mark, journal, database, names, books }: SiteOf): Site {
  const installation = new MemoryInstallation({ ...copy.row, server: { ...copy.row.server, database } }, { journal, names });
  const site: Site = { installation, ledgers: [], workers: [] };
  const isAlive = (worker: string): boolean => isSeen(site, worker, books.time.ms);
  for (const { tenant, copy: one } of copy.books) {
    site.ledgers.push({ name: `${tenant.code}${mark}`, tenant, books: new MemoryBooks({ ...books, organisation: tenant.code, installation, isAlive }, one) });
  }
  return site;
}
