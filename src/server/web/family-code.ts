/** Characters of a code made from a name. */
const CODE_LENGTH_MAX = 36;

/** A code for a name that none of the others has: its letters without accents, then a number when it is taken. */
export function familyCode(name: string, taken: ReadonlySet<string>): string {
  const plain = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^[^a-z]+|-+$/g, '').slice(0, CODE_LENGTH_MAX);
  const base = plain === '' ? 'modele' : plain;
  for (let number = 1; ; number += 1) {
    const code = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(code)) return code;
  }
}
