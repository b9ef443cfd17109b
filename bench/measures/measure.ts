import type pg from 'pg';
import type { Database } from '#server/plumbing/database.ts';
import type { Figure } from '../figure.ts';

/** What a figure is measured with: a fresh database, seen by the login role and by the owner of its tables. */
export type Bench = { readonly database: Database; readonly owner: pg.Client; readonly size: number };

/** A group of figures: measured together because they need the same data. `sizes`: how it takes the sizes asked for. */
export type Measure = {
  readonly about: string;
  /** Most rows it makes sense with; larger sizes are left out. */
  readonly sizeMax: number;
  /** Measured on a server, where any number of processes share a database: a Debian PostgreSQL of its own when DATABASE_URL names none. */
  readonly ownServer?: true;
  readonly measure: (bench: Bench) => Promise<Figure[]>;
};
