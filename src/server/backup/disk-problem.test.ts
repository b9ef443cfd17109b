import { expect, test } from 'vitest';
import { diskProblem, spaceProblem } from './disk-problem.ts';

const MIB = 1024 * 1024;

test('a ledger that does not fit the disk is refused with both figures, one that does is not', () => {
  expect(spaceProblem('/srv', { freeBytes: 599 * MIB, rowBytes: 100 * MIB })).toEqual({
    fr: 'Pas assez de place dans /srv : 599 Mio libres, il en faut environ 600. Libérez de l\'espace ou choisissez un autre dossier (--data).',
    en: 'Not enough space in /srv: 599 MiB free, about 600 needed. Free some or choose another folder (--data).',
  });
  expect(spaceProblem('/srv', { freeBytes: 600 * MIB, rowBytes: 100 * MIB })).toBeNull();
});

test('what a disk refuses is a sentence that names the file; anything else is no matter of the disk', () => {
  for (const code of ['ENOSPC', 'EDQUOT', 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'EISDIR', 'EIO']) {
    const said = diskProblem(Object.assign(new Error(code), { code }), 'a.acquit');
    expect([code, said?.fr.includes('a.acquit'), said?.en.includes('a.acquit')]).toEqual([code, true, true]);
  }
  expect(diskProblem(Object.assign(new Error('ECONNRESET'), { code: 'ECONNRESET' }), 'a.acquit')).toBeNull();
  expect(diskProblem('ENOSPC', 'a.acquit')).toBeNull();
});
