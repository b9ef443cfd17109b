import type { Finding } from './source.ts';

/** The one registry a lock file may name; a mirror's address would tie everybody to one machine. */
const REGISTRY_HOST = 'registry.npmjs.org';

/** Folders of somebody's machine; the classes of one letter keep this line from finding itself. */
const MACHINE_PATH = /(?<![\w.~-])\/(?:wor[k]|hom[e]|User[s]|mn[t]|roo[t])\/(?=[\w.])|[A-Z]:\\User[s]\\/;

const REGISTRY_ADDRESS = /https?:\/\/[^\s"'`)/]*(?:registry|artifactory|nexus|verdaccio)[^\s"'`)/]*/gi;

const LOCK_ADDRESS = /"resolved": "https?:\/\/([^/"]+)/g;

function lineProblem(path: string, line: string): { rule: string; message: string } | null {
  const folder = MACHINE_PATH.exec(line);
  if (folder !== null) return { rule: 'machine-path', message: `${folder[0].trim()}… is a folder of one machine: the repository speaks of the product alone` };
  const isLock = path.endsWith('package-lock.json');
  const hosts = isLock ? [...line.matchAll(LOCK_ADDRESS)].map((match) => match[1] ?? '') : [...line.matchAll(REGISTRY_ADDRESS)].map((match) => new URL(match[0]).host);
  const foreign = hosts.find((host) => host !== REGISTRY_HOST);
  return foreign === undefined ? null : { rule: 'registry', message: `${foreign}: only ${REGISTRY_HOST} may be named` };
}

/** Rule 18, for every text of the repository: no machine paths, no private registries. */
export function checkPlaces(path: string, text: string): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const found = lineProblem(path, line);
    return found === null ? [] : [{ path, line: index + 1, ...found }];
  });
}
