import { parseTerms, printTerms } from '../../ledger/terms.ts';

/** A number next to a unit of time, or a month end: the piece speaks of a delay. */
const DELAY = /\d\s*(?:j\b|jrs?\b|jours?|days?|tagen?|mois|months?|monate?n?|semaines?|weeks?|%)|fin\s+(?:de\s+|du\s+)?mois|end\s+of\s+(?:the\s+)?month|\beom\b|comptant|r[ée]ception/iu;
/** Ends of lines and of sentences: "30 jours fin de mois. Pas d'escompte." A point inside a number ends nothing. */
const PIECES = /[\r\n;|]+|[.!](?=\s|$)/u;
/** Pieces looked at; a longer text is a contract. */
const PIECES_MAX = 20;

const printed = (text: string): string | null => {
  const terms = parseTerms(text);
  return terms.ok ? printTerms(terms.value) : null;
};

/**
 * The payment terms of a free text (BT-20) in the step language ("30d,eom"), or null when it holds none or more than one delay. The
 * whole text counts first; else the one sentence that is understood, when no other sentence speaks of a delay or a discount.
 */
export function termsProposal(text: string): string | null {
  const whole = printed(text);
  if (whole !== null) return whole;
  const pieces = text.split(PIECES).map((piece) => piece.trim()).filter((piece) => piece !== '');
  if (pieces.length > PIECES_MAX) return null;
  const read = pieces.map((piece) => ({ piece, terms: printed(piece) }));
  const understood = read.filter(({ terms }) => terms !== null);
  const doubtful = read.some(({ piece, terms }) => terms === null && DELAY.test(piece));
  return understood.length === 1 && !doubtful ? (understood[0]?.terms ?? null) : null;
}
