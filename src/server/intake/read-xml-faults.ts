import { problem, quoted } from '#core/intake/problems.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Bilingual } from '#core/kernel/text.ts';

/** Where in the text the parser stood: line from 1, characters of the line from 0. */
export type XmlPlace = { readonly line: number; readonly column: number };

type Reason = { readonly pattern: RegExp; readonly say: (name: string) => Bilingual };

/** Sentences for what saxes 6 finds, by its words; the first that fits is said. */
const REASONS: readonly Reason[] = [
  { pattern: /^unclosed tag: (.+)$/u, say: (name) => ({ fr: `le document est coupé, l'élément « ${name} » n'est pas fermé`, en: `the document is cut short, element "${name}" is not closed` }) },
  { pattern: /^unexpected end/u, say: () => ({ fr: 'le document est coupé', en: 'the document is cut short' }) },
  { pattern: /^unexpected close tag|^weird empty close tag/u, say: () => ({ fr: 'une balise fermante ne correspond pas à l\'élément ouvert', en: 'a closing tag does not match the open element' }) },
  { pattern: /^unmatched closing tag: (.+)\.$/u, say: (name) => ({ fr: `la balise fermante « ${name} » ne correspond à aucun élément ouvert`, en: `closing tag "${name}" matches no open element` }) },
  { pattern: /only one root/u, say: () => ({ fr: 'un second document commence ici (fichiers mis bout à bout ?)', en: 'a second document begins here (files put end to end?)' }) },
  { pattern: /outside of root/u, say: () => ({ fr: 'du texte se trouve hors du document', en: 'there is text outside the document' }) },
  { pattern: /root element/u, say: () => ({ fr: 'le document ne contient aucun élément', en: 'the document contains no element' }) },
  { pattern: /^the string "\]\]>"/u, say: () => ({ fr: 'la suite « ]]> » n\'a pas le droit de figurer dans un texte', en: 'the sequence "]]>" may not stand in a text' }) },
  { pattern: /^undefined entity/u, say: () => ({ fr: 'une référence « &…; » à une entité inconnue', en: 'a reference "&…;" to an unknown entity' }) },
  { pattern: /entity/u, say: () => ({ fr: 'une référence « &…; » mal écrite (un « & » seul s\'écrit « &amp; »)', en: 'a badly written reference "&…;" (a lone "&" is written "&amp;")' }) },
  { pattern: /^unbound namespace prefix: "(.+)"\.$/u, say: (name) => ({ fr: `le préfixe « ${name} » n'est pas déclaré`, en: `prefix "${name}" is not declared` }) },
  { pattern: /^duplicate attribute: (.+)\.$/u, say: (name) => ({ fr: `l'attribut « ${name} » figure deux fois`, en: `attribute "${name}" stands twice` }) },
  { pattern: /XML declaration|must be at the start|^version number|^encoding value|^standalone value|^did not expect|^expected|^value/u, say: () => ({ fr: 'la déclaration « <?xml … ?> » est mal écrite ou n\'est pas au tout début', en: 'the declaration "<?xml … ?>" is badly written or not at the very beginning' }) },
  { pattern: /processing instruction/u, say: () => ({ fr: 'une instruction « <?…?> » est mal écrite', en: 'an instruction "<?…?>" is badly written' }) },
  { pattern: /comment/u, say: () => ({ fr: 'un commentaire contient « -- »', en: 'a comment contains "--"' }) },
  { pattern: /attribute|whitespace|forward-slash/u, say: () => ({ fr: 'un attribut est mal écrit', en: 'an attribute is badly written' }) },
  { pattern: /tag|^incorrect syntax|^malformed name/u, say: () => ({ fr: 'une balise est mal écrite (un « < » seul s\'écrit « &lt; »)', en: 'a tag is badly written (a lone "<" is written "&lt;")' }) },
  { pattern: /^disallowed character/u, say: () => ({ fr: 'un caractère de contrôle que XML interdit', en: 'a control character that XML forbids' }) },
  { pattern: /namespace|prefix/u, say: () => ({ fr: 'une déclaration d\'espace de noms est mal écrite', en: 'a namespace declaration is badly written' }) },
];

const OTHER: Bilingual = { fr: 'la syntaxe est fautive', en: 'the syntax is wrong' };

/** The problem of what the parser found, from its message ("3:14: unclosed tag: a"). */
export function syntaxProblem(message: string, place: XmlPlace): Problem {
  const words = message.replace(/^\d+:\d+: /u, '');
  if (words.includes('doctype')) return problem('xmlDoctype', place.line, {});
  for (const { pattern, say } of REASONS) {
    const match = pattern.exec(words);
    if (match !== null) return problem('xmlMalformed', place.line, { column: place.column, reason: say(quoted(match[1] ?? '')) });
  }
  return problem('xmlMalformed', place.line, { column: place.column, reason: OTHER });
}
