import { find } from '../xml/xml-node.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import type { RawIdentifier, RawParty } from './raw-invoice.ts';
import { filledAt, firstFilled, firstText } from './xml-paths.ts';

const identifier = (legal: boolean) => (node: XmlNode): RawIdentifier => ({ node, scheme: node.attributes.get('schemeID') ?? null, legal });

/** Reads a trade party of CII; when it is missing, all is null and its line that of the element it should stand in. */
export function readCiiParty(party: XmlNode | null, within: XmlNode): RawParty {
  const address = find(party, 'PostalTradeAddress');
  const contact = find(party, 'DefinedTradeContact');
  const vat = filledAt(party, 'SpecifiedTaxRegistration', 'ID').find((id) => id.attributes.get('schemeID') === 'VA');
  return {
    line: (party ?? within).line,
    name: firstText(party, 'Name') ?? firstText(party, 'SpecifiedLegalOrganization', 'TradingBusinessName'),
    identifiers: [
      ...filledAt(party, 'SpecifiedLegalOrganization', 'ID').map(identifier(true)),
      ...filledAt(party, 'GlobalID').map(identifier(false)),
      ...filledAt(party, 'ID').map(identifier(false)),
    ],
    vat: vat ?? null,
    endpoint: firstFilled(party, 'URIUniversalCommunication', 'URIID'),
    addressLines: ['LineOne', 'LineTwo', 'LineThree'].map((line) => firstText(address, line)),
    postalCode: firstText(address, 'PostcodeCode'),
    city: firstText(address, 'CityName'),
    country: firstText(address, 'CountryID'),
    contactName: firstText(contact, 'PersonName') ?? firstText(contact, 'DepartmentName'),
    email: firstText(contact, 'EmailURIUniversalCommunication', 'URIID'),
    phone: firstText(contact, 'TelephoneUniversalCommunication', 'CompleteNumber'),
  };
}
