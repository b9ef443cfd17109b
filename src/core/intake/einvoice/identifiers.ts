import { parseSiren, parseSiret, sirenOfSiret } from '#core/kernel/company-numbers.ts';
import type { Siren } from '#core/kernel/company-numbers.ts';
import type { XmlNode } from '../xml/xml-node.ts';

/** ISO 6523 scheme of the SIREN. */
export const SIREN_SCHEME = '0002';
/** ISO 6523 scheme of the SIRET. */
export const SIRET_SCHEME = '0009';

/** The SIREN among identifiers that carry their scheme, also when they give the SIRET; null when none is right. */
export function sirenIn(identifiers: readonly XmlNode[]): Siren | null {
  for (const { text, attributes } of identifiers) {
    const scheme = attributes.get('schemeID');
    if (scheme !== SIREN_SCHEME && scheme !== SIRET_SCHEME) continue;
    const siret = parseSiret(text);
    const siren = siret === null ? parseSiren(text) : sirenOfSiret(siret);
    if (siren !== null) return siren;
  }
  return null;
}
