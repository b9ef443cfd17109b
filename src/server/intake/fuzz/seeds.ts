import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');

/** A larger collection, read where it stands beside the checkout. */
const SAMPLES = join(ROOT, '../shared/samples');

/** Seeds above this size cost more time than they show: what matters in them is in the small ones too. */
const SEED_BYTES_MAX = 8_000;

/** Which files are seeds: folders of fixtures, folders of the larger collection, and what their names end with. */
export type SeedPlaces = { readonly fixtures: readonly string[]; readonly samples?: readonly string[]; readonly ends: RegExp; readonly bytesMax?: number };

/** The seed files of a format, smallest first; throws when there is none, since a run without seeds proves nothing. */
export function seedFiles({ fixtures, samples = [], ends, bytesMax = SEED_BYTES_MAX }: SeedPlaces): Buffer[] {
  const folders = [...fixtures.map((name) => join(ROOT, 'fixtures', name)), ...samples.map((name) => join(SAMPLES, name))];
  const paths = folders.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder).filter((name) => ends.test(name) && name !== 'README.md' && name !== 'SOURCES.md').map((name) => join(folder, name)));
  const seeds = paths.filter((path) => statSync(path).isFile() && statSync(path).size <= bytesMax).map((path) => readFileSync(path));
  if (seeds.length === 0) throw new Error(`no seed below ${bytesMax} bytes in ${folders.join(', ')}`);
  return seeds.toSorted((a, b) => a.length - b.length || a.compare(b));
}
