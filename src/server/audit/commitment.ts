import { createHash } from 'node:crypto';

/**
 * What stands for a value in an event: sha256(salt ‖ name ‖ 0 ‖ value) as hexadecimal. Whoever has the value and its salt can check it; once both
 * are erased nobody can find the value again, not even by trying every address, and the event stays as it is. A file is committed to by the
 * hexadecimal of its own SHA-256.
 */
export function commitment(salt: Buffer, name: string, value: string): string {
  return createHash('sha256').update(salt).update(`${name}\0${value}`, 'utf8').digest('hex');
}
