/** What editors write in PieceRef when they have no number. */
const NO_NUMBER = /^(?:[-–—./*#\s]*|0+|an|ran|ano|n\/?a|neant|sans|aucune?|a[- ]?nouveaux?|report a nouveau)$/u;
/** A label longer than this is searched for a number in its beginning only. */
const MAX_SEARCHED_CHARS = 255;

/** "Facture n° F-2024/12", "Avoir AV 12", "Invoice #123": the number after the word. */
const AFTER_WORD = /(?:^|[^\p{L}\d])(?:factures?|fact?|avoirs?|invoices?|inv|credit ?notes?|cn|acomptes?|pi[eè]ce)\b\.?\s*(?:n\s?[°ºo]\.?|num[eé]ro|num\.?|#|no\.?|:)?\s*:?\s*([A-Z]{0,6}[-_/. ]?\d[\dA-Z]*(?:[-_/.][\dA-Z]+)*)/iu;
/** "FA2024-0001", "F-2024-12", "VT/24/00012": letters then digits, at least three digits in all. */
const SHAPED = /(?:^|[^\p{L}\d])([A-Z]{1,6}[-_/]?\d[\dA-Z]*(?:[-_/][\dA-Z]+)*)(?![\p{L}\d])/giu;
const SHAPED_DIGITS_MIN = 3;

const plain = (text: string): string => text.normalize('NFKD').replace(/[\u0300-\u036f]/gu, '').toLowerCase().trim();

/** True when a piece reference stands for "none": empty, dashes, zeros, "AN". */
export const isNoNumber = (piece: string): boolean => NO_NUMBER.test(plain(piece));

/** The document number found in a label, '' when there is none that looks like one. */
export function numberInLabel(label: string): string {
  const searched = label.slice(0, MAX_SEARCHED_CHARS);
  const after = AFTER_WORD.exec(searched)?.[1]?.trim();
  if (after !== undefined && (after.match(/\d/gu) ?? []).length >= 2) return after;
  for (const match of searched.matchAll(SHAPED)) {
    const found = match[1] ?? '';
    if ((found.match(/\d/gu) ?? []).length >= SHAPED_DIGITS_MIN) return found;
  }
  return '';
}

/** The number of the document a line is about: PieceRef, else the number its label carries, else ''. */
export function documentNumber(piece: string, label: string): string {
  return isNoNumber(piece) ? numberInLabel(label) : piece;
}
