import { parseSiren, parseSiret, parseVatNumber, sirenOfSiret, sirenOfVatNumber } from '#core/kernel/company-numbers.ts';
import type { Siren, Siret, VatNumber } from '#core/kernel/company-numbers.ts';
import { quoted } from '../problems.ts';
import type { InvoiceParty } from './einvoice.ts';
import { SIREN_SCHEME, SIRET_SCHEME } from './identifiers.ts';
import type { InvoiceValues } from './invoice-values.ts';
import type { PartyTerms, RawIdentifier, RawParty } from './raw-invoice.ts';

type Numbers = { readonly siren: Siren | null; readonly siret: Siret | null };

/** The party with its numbers checked; wrong ones become warnings and are left out. A missing name is ''. */
export function interpretParty(raw: RawParty, terms: PartyTerms, values: InvoiceValues): InvoiceParty {
  const vatNumber = vatOf(raw, terms, values);
  const registered = numbersOf(raw, terms, values);
  const fromVat = vatNumber === null ? null : sirenOfVatNumber(vatNumber);
  if (registered.siren !== null && fromVat !== null && fromVat !== registered.siren) {
    values.problems.add('einvoiceIdentifiersDiffer', raw.vat?.line ?? raw.line, { term: terms.legalId, first: registered.siren, second: fromVat });
  }
  const text = (written: string | null): string | null => (written === null ? null : values.text(written, raw.line));
  return {
    name: text(raw.name) ?? '',
    siren: registered.siren ?? fromVat,
    siret: registered.siret,
    vatNumber,
    electronicAddress: raw.endpoint === null ? null : { scheme: raw.endpoint.attributes.get('schemeID') ?? null, id: values.text(raw.endpoint.text, raw.endpoint.line) },
    addressLines: raw.addressLines.flatMap((line) => text(line) ?? []),
    postalCode: text(raw.postalCode), city: text(raw.city),
    country: raw.country !== null && /^[A-Z]{2}$/.test(raw.country) ? raw.country : null,
    contactName: text(raw.contactName), email: text(raw.email), phone: text(raw.phone),
  };
}

function vatOf(raw: RawParty, terms: PartyTerms, values: InvoiceValues): VatNumber | null {
  if (raw.vat === null) return null;
  const vatNumber = parseVatNumber(raw.vat.text);
  if (vatNumber === null) values.problems.add('einvoiceIdentifierWrong', raw.vat.line, { term: terms.vat, text: quoted(raw.vat.text) });
  return vatNumber;
}

/** SIREN and SIRET among the identifiers. Many write a SIRET under the scheme of the SIREN: fourteen digits are one whatever they are called. */
function numbersOf(raw: RawParty, terms: PartyTerms, values: InvoiceValues): Numbers {
  let siren: Siren | null = null;
  let siret: Siret | null = null;
  for (const identifier of raw.identifiers) {
    if (!isFrench(identifier, raw.country)) continue;
    const { node } = identifier;
    const establishment = parseSiret(node.text);
    const company = establishment === null ? parseSiren(node.text) : sirenOfSiret(establishment);
    if (company === null && identifier.scheme !== null) values.problems.add('einvoiceIdentifierWrong', node.line, { term: terms.legalId, text: quoted(node.text) });
    siret ??= establishment;
    siren ??= company;
  }
  return { siren, siret };
}

/** Called a SIREN or SIRET, or the legal number without a scheme of a party that says it is French. */
const isFrench = ({ scheme, legal }: RawIdentifier, country: string | null): boolean =>
  scheme === SIREN_SCHEME || scheme === SIRET_SCHEME || (scheme === null && legal && country === 'FR');
