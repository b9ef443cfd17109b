// Which hostile inputs have a test that names them: `node tools/hostile.ts [S1 S2 …]`. Exit code 1 when some have none.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');

/** The list of hostile inputs; it stands beside the checkout and is not part of it. */
export const LIST = path.join(root, '..', 'shared', 'hostile_inputs.jsonl');

/** Surfaces whose inputs reach the import of files. */
export const INTAKE_SURFACES: readonly string[] = ['S1', 'S2', 'S3'];

/** One hostile input of the list. */
export type HostileInput = { readonly id: string; readonly family: string; readonly input: string };

/** Whether the list is there. */
export const hasList = (): boolean => existsSync(LIST);

/** The inputs of some surfaces, in the order of the list. */
export function hostileInputs(surfaces: readonly string[]): HostileInput[] {
  return readFileSync(LIST, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as HostileInput).filter(({ id }) => surfaces.some((surface) => id.startsWith(`${surface}-`)));
}

const TEST_FILE = /\.(?:test|e2e)\.tsx?$/;

/** Files of tests below a folder. */
function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile() && TEST_FILE.test(entry.name)).map((entry) => path.join(entry.parentPath, entry.name));
}

/** Comments do not test anything. */
const withoutComments = (text: string): string => text.replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');

/** Which tests name an input, by id: in a title, or in the table its titles are made of. */
export function testsByInput(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of ['src', 'e2e'].flatMap((folder) => testFiles(path.join(root, folder)))) {
    const ids = new Set(withoutComments(readFileSync(file, 'utf8')).match(/\bS\d{1,2}-\d{3}\b/g));
    for (const id of ids) found.set(id, [...(found.get(id) ?? []), path.relative(root, file)]);
  }
  return found;
}

/** Inputs of some surfaces that no test names. */
export function untested(surfaces: readonly string[]): HostileInput[] {
  const tests = testsByInput();
  return hostileInputs(surfaces).filter(({ id }) => !tests.has(id));
}

function main(): number {
  if (!hasList()) {
    process.stdout.write('hostile: the list of hostile inputs is not beside this checkout\n');
    return 2;
  }
  const named = process.argv.slice(2);
  const surfaces = named.length === 0 ? INTAKE_SURFACES : named;
  const missing = untested(surfaces);
  for (const { id, family, input } of missing) process.stdout.write(`${id} ${family}: ${input}\n`);
  process.stdout.write(`hostile: ${hostileInputs(surfaces).length - missing.length} of ${hostileInputs(surfaces).length} inputs of ${surfaces.join(', ')} have a test\n`);
  return missing.length === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = main();
