import { plainName } from './attachment.ts';

/** Folders shown beside a name; deeper ones say nothing more. */
const FOLDERS_MAX = 4;

/** What a file is called when its sender gave it no name. */
const NAMELESS = 'import';

/** The name a dropped file is shown and kept under; never a path. */
export function fileNameOf(given: string): string {
  const name = plainName(given);
  return name === '' ? NAMELESS : name;
}

/** Folders of a dropped file ("2026/releves/mars.xml") as one line of text: "2026 / releves"; empty when it lay in none. */
export function folderOf(path: string): string {
  return path.split(/[\\/]/).slice(0, -1).map(plainName).filter((part) => part !== '').slice(-FOLDERS_MAX).join(' / ');
}
