/** A value as it may stand inside a line: controls, line breaks and tabs become one space; invisible direction and format
 * marks (U+202E and its kin) go, so that no name can reorder or split the words around it. Nothing is interpreted. */
export function cleanValue(value: string): string {
  return value
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    // Format characters, except the two joiners that Indic scripts and emoji are written with.
    .replaceAll(/(?![\u200C\u200D])\p{Cf}/gu, '')
    .trim();
}

/** True when a cleaned value shows nothing: spaces and joiners alone. */
export const isBlank = (value: string): boolean => /^(?:\s|\u200C|\u200D|\u3164|\u2800)*$/u.test(value);

/** Text for an HTML element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
