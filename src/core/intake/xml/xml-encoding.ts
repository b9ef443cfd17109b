import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { TextEncoding } from '../encoding.ts';
import { problem, quoted } from '../problems.ts';

/** How to read the bytes of a document; `doubt` is to be said when a character beyond ASCII turns up. */
export type XmlEncoding = { readonly encoding: TextEncoding; readonly doubt: Problem | null };

type Family = 'utf-8' | 'ascii' | 'utf-16' | 'windows-1252' | 'iso-8859-15';

/**
 * Names of the encodings read (IANA, with the spellings seen in files). ISO-8859-1 is read as Windows-1252, which has all its letters:
 * bytes 80-9F are control characters in the one, quotes and the euro sign in the other, and only those are ever meant (as in the WHATWG
 * encoding standard).
 */
const FAMILIES: ReadonlyMap<string, Family> = new Map([
  ['utf-8', 'utf-8'], ['utf8', 'utf-8'], ['us-ascii', 'ascii'], ['ascii', 'ascii'],
  ['utf-16', 'utf-16'], ['utf-16le', 'utf-16'], ['utf-16be', 'utf-16'], ['utf16', 'utf-16'],
  ['iso-8859-1', 'windows-1252'], ['iso8859-1', 'windows-1252'], ['iso_8859-1', 'windows-1252'], ['latin1', 'windows-1252'], ['latin-1', 'windows-1252'],
  ['windows-1252', 'windows-1252'], ['cp1252', 'windows-1252'],
  ['iso-8859-15', 'iso-8859-15'], ['iso8859-15', 'iso-8859-15'], ['iso_8859-15', 'iso-8859-15'], ['latin9', 'iso-8859-15'], ['latin-9', 'iso-8859-15'],
] as const);

/** What an XML document without declaration is in (XML 1.0, 4.3.3). */
const UNDECLARED = 'UTF-8';

/** Refuses a declared name that is not read; null and readable ones pass. */
export function unknownEncoding(declared: string | null): Problem | null {
  return declared === null || FAMILIES.has(declared.toLowerCase()) ? null : problem('xmlEncodingUnknown', 1, { encoding: quoted(declared) });
}

/**
 * Confronts the declared encoding with the one that the bytes prove. UTF-8 bytes under another name are read as UTF-8 with a doubt;
 * bytes that are not what the declaration says are refused.
 */
export function chooseXmlEncoding(declared: string | null, found: TextEncoding): Result<XmlEncoding, Problem> {
  const unknown = unknownEncoding(declared);
  if (unknown !== null) return err(unknown);
  const name = declared ?? UNDECLARED;
  const family = FAMILIES.get(name.toLowerCase()) ?? 'utf-8';
  const wide = found === 'utf-16le' || found === 'utf-16be';
  if (wide && (declared === null || family === 'utf-16')) return ok({ encoding: found, doubt: null });
  if (found === 'utf-8' && family !== 'utf-16') {
    return ok({ encoding: found, doubt: family === 'utf-8' ? null : problem('xmlEncodingMislabelled', 0, { declared: name }) });
  }
  const singleByte = family === 'windows-1252' ? !wide : family === found;
  if (singleByte && (family === 'windows-1252' || family === 'iso-8859-15')) return ok({ encoding: family, doubt: null });
  return err(problem('xmlEncodingDisagrees', 0, { declared: name, found: found.toUpperCase() }));
}
