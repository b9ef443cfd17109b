import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

type Limit = { readonly limit: number };

/** Problems of an XML document itself, whatever it speaks of. */
export const XML_PROBLEMS = {
  xmlDoctype: error(() => ({
    fr: 'le document contient une déclaration DOCTYPE ou d\'entités : elle peut faire lire d\'autres fichiers ou gonfler le document, et aucun relevé ni facture n\'en a besoin. Le fichier est refusé sans être lu ; demandez-en un sans DOCTYPE.',
    en: 'the document contains a DOCTYPE or entity declaration: it can make other files be read or blow the document up, and no statement or invoice needs one. The file is refused unread; ask for one without DOCTYPE.',
  })),
  xmlNotMarkup: error(() => ({
    fr: 'ceci n\'est pas un document XML : il ne commence pas par « < ». S\'il est compressé ou chiffré, ouvrez-le d\'abord ; sinon vérifiez que c\'est le bon fichier.',
    en: 'this is not an XML document: it does not begin with "<". If it is compressed or encrypted, unpack it first; otherwise check that it is the right file.',
  })),
  xmlNoElement: error(() => ({
    fr: 'le document ne contient aucun élément ; il est vide ou coupé, téléchargez-le à nouveau.',
    en: 'the document contains no element; it is empty or cut short, download it again.',
  })),
  xmlPrologTooLong: error(({ limit }: Limit) => ({
    fr: `plus de ${limit} caractères de commentaires ou de blancs avant le premier élément ; ce n'est pas un export normal, demandez-en un autre.`,
    en: `more than ${limit} characters of comments or blanks before the first element; this is no normal export, ask for another.`,
  })),
  xmlTooDeep: error(({ limit }: Limit) => ({
    fr: `plus de ${limit} éléments emboîtés les uns dans les autres ; aucun relevé ni facture n'est ainsi fait, le fichier est refusé.`,
    en: `more than ${limit} elements nested in each other; no statement or invoice is built like this, the file is refused.`,
  })),
  xmlTooManyAttributes: error(({ limit }: Limit) => ({
    fr: `un élément porte plus de ${limit} attributs ; aucun relevé ni facture n'est ainsi fait, le fichier est refusé.`,
    en: `an element bears more than ${limit} attributes; no statement or invoice is built like this, the file is refused.`,
  })),
  xmlTokenTooLong: error(({ limit }: Limit) => ({
    fr: `un texte, un commentaire ou un attribut dépasse ${limit} caractères ; le fichier est refusé. Exportez-le sans pièce jointe ni commentaire.`,
    en: `a text, a comment or an attribute is longer than ${limit} characters; the file is refused. Export it without attachment or comment.`,
  })),
  xmlTooManyElements: error(({ limit }: Limit) => ({
    fr: `plus de ${limit} éléments ; découpez l'export (par exemple un mois par fichier).`,
    en: `more than ${limit} elements; split the export (for example one month per file).`,
  })),
  xmlTooLarge: error(({ bytes, limit }: Limit & { readonly bytes: number }) => ({
    fr: `Le document fait ${bytes} octets, la limite est ${limit} ; retirez-en les pièces jointes ou découpez-le.`,
    en: `The document is ${bytes} bytes long, the limit is ${limit}; take its attachments out or split it.`,
  })),
  xmlMalformed: error(({ reason, column }: { reason: Bilingual; column: number }) => ({
    fr: `XML mal formé, vers le caractère ${column} de la ligne : ${reason.fr}. Téléchargez le fichier à nouveau ; si l'erreur revient, signalez-la à qui l'a produit.`,
    en: `malformed XML, near character ${column} of the line: ${reason.en}. Download the file again; if the error comes back, report it to whoever produced it.`,
  })),
  xmlEncodingUnknown: error(({ encoding }: { encoding: string }) => ({
    fr: `le document se dit en « ${encoding} », un encodage qui n'est pas lu. Demandez-le en UTF-8.`,
    en: `the document says it is in "${encoding}", an encoding that is not read. Ask for it in UTF-8.`,
  })),
  xmlEncodingDisagrees: error(({ declared, found }: { declared: string; found: string }) => ({
    fr: `Le document se dit en ${declared}, ses octets sont en ${found} : les lettres accentuées seraient fausses. Réexportez-le en UTF-8.`,
    en: `The document says it is in ${declared}, its bytes are in ${found}: accented letters would be wrong. Export it again as UTF-8.`,
  })),
  xmlEncodingMislabelled: warning(({ declared }: { declared: string }) => ({
    fr: `Le document se dit en ${declared} mais ses octets sont de l'UTF-8 : il est lu comme tel. Vérifiez les noms accentués.`,
    en: `The document says it is in ${declared} but its bytes are UTF-8: it is read as such. Check the accented names.`,
  })),
};
