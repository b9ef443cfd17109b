import { find } from '../xml/xml-node.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import type { RawIdentifier, RawParty } from './raw-invoice.ts';
import { filledAt, firstFilled, firstText, nodesAt } from './xml-paths.ts';

const identifier = (legal: boolean) => (node: XmlNode): RawIdentifier => ({ node, scheme: node.attributes.get('schemeID') ?? null, legal });

/** Reads a party of UBL (the `Party` element, or `PayeeParty`); when it is missing, all is null and its line that of the element around. */
export function readUblParty(party: XmlNode | null, within: XmlNode): RawParty {
  const address = find(party, 'PostalAddress');
  const contact = find(party, 'Contact');
  const vat = nodesAt(party, 'PartyTaxScheme').find((scheme) => firstText(scheme, 'TaxScheme', 'ID')?.toUpperCase() === 'VAT');
  return {
    line: (party ?? within).line,
    name: firstText(party, 'PartyLegalEntity', 'RegistrationName') ?? firstText(party, 'PartyName', 'Name'),
    identifiers: [
      ...filledAt(party, 'PartyLegalEntity', 'CompanyID').map(identifier(true)),
      // The SEPA creditor identifier (BT-90) stands among the identifiers of the party and names no company.
      ...filledAt(party, 'PartyIdentification', 'ID').filter((id) => id.attributes.get('schemeID') !== 'SEPA').map(identifier(false)),
    ],
    vat: firstFilled(vat ?? null, 'CompanyID'),
    endpoint: firstFilled(party, 'EndpointID'),
    addressLines: [firstText(address, 'StreetName'), firstText(address, 'AdditionalStreetName'), firstText(address, 'AddressLine', 'Line')],
    postalCode: firstText(address, 'PostalZone'),
    city: firstText(address, 'CityName'),
    country: firstText(address, 'Country', 'IdentificationCode'),
    contactName: firstText(contact, 'Name'),
    email: firstText(contact, 'ElectronicMail'),
    phone: firstText(contact, 'Telephone'),
  };
}
