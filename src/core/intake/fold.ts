/** A header or word without accents, case, punctuation and spaces: "N° Facture" and "n facture" both give "nfacture". */
export function fold(text: string): string {
  return text
    .replace(/[œŒ]/gu, 'oe')
    .replace(/[æÆ]/gu, 'ae')
    .replace(/[°º]/gu, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/gu, '');
}

/** The words of a text without accents and case, in order: "À-nouveaux 2025" gives ["a", "nouveaux", "2025"]. */
export function foldWords(text: string): string[] {
  return text
    .replace(/[œŒ]/gu, 'oe')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/u)
    .filter((word) => word !== '');
}

/** A text without the spaces around it, keeping tabs and line ends that a spreadsheet formula may start with. */
export function trimSpaces(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from += 1;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
  return from === 0 && to === text.length ? text : text.slice(from, to);
}

/** True for the space, the no-break space and the narrow and thin spaces used inside numbers. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0xa0 || code === 0x202f || code === 0x2009;
}
