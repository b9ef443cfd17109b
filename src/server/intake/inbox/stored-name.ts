/** Longest name of a kept file in bytes: file systems stop at 255, and ours gets a number and the ending of its report besides. */
const NAME_BYTES_MAX = 180;
/** Characters of an ending kept when a name is cut: ".factur-x" is long already. */
const ENDING_CHARS_MAX = 10;
/** Characters of a name shown in a report. */
const SHOWN_CHARS_MAX = 300;

/** Names that are devices on Windows, whatever the ending; a share may be read from there. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
/** Separators and signs that some file system refuses or understands as something else. */
const SEPARATORS = /[/\\:*?"<>|]/gu;
/** Control and format characters: line breaks, zero width, direction overrides, halves of characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Cuts at whole characters, keeping a short ending. */
function cut(name: string): string {
  if (bytesOf(name) <= NAME_BYTES_MAX) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= ENDING_CHARS_MAX ? name.slice(dot) : '';
  let kept = '';
  let size = bytesOf(ending);
  for (const character of name) {
    size += bytesOf(character);
    if (size > NAME_BYTES_MAX) break;
    kept += character;
  }
  return `${kept.trimEnd()}${ending}`;
}

/**
 * A name given by somebody else as one that can stand in a folder of ours on any system: one segment, no control or
 * direction characters, no device name, at most 180 bytes. An ordinary name stays what it is.
 */
export function storedName(given: string): string {
  const visible = given.replace(INVISIBLE, '').normalize('NFC').replace(SEPARATORS, '_').trim();
  const name = visible.replace(/^\.+/u, (dots) => '_'.repeat(dots.length)).replace(/[. ]+$/u, '');
  if (/^_*$/u.test(name)) return 'sans-nom';
  return cut(DEVICE.test(name) ? `_${name}` : name);
}

/** The same name with a number before its ending: "mars.xml" is "mars (2).xml" as the second of its name. */
export function numberedName(name: string, number: number): string {
  if (number === 1) return name;
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)} (${number})${name.slice(dot)}` : `${name} (${number})`;
}

/** A name or a line of somebody else's as a report shows it: on one line, control characters as ·. */
export const shownText = (text: string): string => text.slice(0, SHOWN_CHARS_MAX).replace(INVISIBLE, '·');
