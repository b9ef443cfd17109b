/** An e-invoice made for a test; amounts are cents. */
export type Invoiced = {
  readonly number: string; readonly on: string; readonly due?: string; readonly cents: number; readonly prepaid?: number; readonly gross?: number; readonly credit?: boolean;
  readonly buyer: string; readonly buyerSiren?: string; readonly buyerEmail?: string; readonly sellerSiren?: string; readonly sellerName?: string; readonly iban?: string; readonly currency?: string;
};

const text = (cents: number): string => (cents / 100).toFixed(2);
const element = (name: string, value: string | undefined): string => (value === undefined ? '' : `<cbc:${name}>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</cbc:${name}>`);

function party(of: { name: string; siren?: string | undefined; email?: string | undefined }): string {
  const legal = `<cac:PartyLegalEntity>${element('RegistrationName', of.name)}${of.siren === undefined ? '' : `<cbc:CompanyID schemeID="0002">${of.siren}</cbc:CompanyID>`}</cac:PartyLegalEntity>`;
  const address = '<cac:PostalAddress><cbc:StreetName>1 rue du Port</cbc:StreetName><cbc:CityName>Nantes</cbc:CityName><cbc:PostalZone>44000</cbc:PostalZone><cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>';
  return `<cac:Party>${address}${legal}${of.email === undefined ? '' : `<cac:Contact>${element('ElectronicMail', of.email)}</cac:Contact>`}</cac:Party>`;
}

/** A UBL invoice or credit note whose totals agree unless `gross` says otherwise. */
export function ublOf(one: Invoiced): string {
  const root = one.credit === true ? 'CreditNote' : 'Invoice';
  const currency = one.currency ?? 'EUR';
  const money = (name: string, cents: number): string => `<cbc:${name} currencyID="${currency}">${text(cents)}</cbc:${name}>`;
  const gross = one.gross ?? one.cents + (one.prepaid ?? 0);
  const due = one.credit === true ? '' : element('DueDate', one.due);
  const means = one.iban === undefined && !(one.credit === true && one.due !== undefined) ? ''
    : `<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>${one.credit === true ? element('PaymentDueDate', one.due) : ''}${one.iban === undefined ? '' : `<cac:PayeeFinancialAccount>${element('ID', one.iban)}</cac:PayeeFinancialAccount>`}</cac:PaymentMeans>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:${root}-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">`
    + `<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>${element('ID', one.number)}${element('IssueDate', one.on)}${due}<cbc:${root}TypeCode>${one.credit === true ? 381 : 380}</cbc:${root}TypeCode>${element('DocumentCurrencyCode', currency)}`
    + `<cac:AccountingSupplierParty>${party({ name: one.sellerName ?? 'Ateliers Duval', siren: one.sellerSiren })}</cac:AccountingSupplierParty>`
    + `<cac:AccountingCustomerParty>${party({ name: one.buyer, siren: one.buyerSiren, email: one.buyerEmail })}</cac:AccountingCustomerParty>${means}`
    + `<cac:TaxTotal>${money('TaxAmount', 0)}<cac:TaxSubtotal>${money('TaxableAmount', gross)}${money('TaxAmount', 0)}<cac:TaxCategory><cbc:ID>Z</cbc:ID><cbc:Percent>0</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>`
    + `<cac:LegalMonetaryTotal>${money('TaxExclusiveAmount', gross)}${money('TaxInclusiveAmount', gross)}${one.prepaid === undefined ? '' : money('PrepaidAmount', one.prepaid)}${money('PayableAmount', one.cents)}</cac:LegalMonetaryTotal></${root}>\n`;
}

/** A life-cycle status made for a test. */
export type Stated = { readonly number: string; readonly status: number; readonly on: string; readonly reason?: string; readonly note?: string; readonly issuer?: string; readonly approved?: number };

/** A CDAR message of the treatment phase about one invoice. */
export function cdarOf(one: Stated): string {
  const stamp = `${one.on.replaceAll('-', '')}143000`;
  const amount = one.approved === undefined ? '' : `<ram:SpecifiedDocumentCharacteristic><ram:TypeCode>MAPTTC</ram:TypeCode><ram:ValueAmount currencyID="EUR">${text(one.approved)}</ram:ValueAmount></ram:SpecifiedDocumentCharacteristic>`;
  const reason = one.reason === undefined && amount === '' ? '' : `<ram:SpecifiedDocumentStatus>${one.reason === undefined ? '' : `<ram:ReasonCode>${one.reason}</ram:ReasonCode>`}${one.note === undefined ? '' : `<ram:IncludedNote><ram:Content>${one.note}</ram:Content></ram:IncludedNote>`}${amount}</ram:SpecifiedDocumentStatus>`;
  const issuer = one.issuer === undefined ? '' : `<ram:IssuerTradeParty><ram:GlobalID schemeID="0002">${one.issuer}</ram:GlobalID><ram:RoleCode>SE</ram:RoleCode></ram:IssuerTradeParty>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rsm:CrossDomainAcknowledgementAndResponse xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100" xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100">`
    + '<rsm:ExchangedDocumentContext><ram:BusinessProcessSpecifiedDocumentContextParameter><ram:ID>REGULATED</ram:ID></ram:BusinessProcessSpecifiedDocumentContextParameter><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn.cpro.gouv.fr:1p0:CDV:invoice</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>'
    + `<rsm:ExchangedDocument><ram:ID>${one.number}_${one.status}</ram:ID><ram:IssueDateTime><udt:DateTimeString format="204">${stamp}</udt:DateTimeString></ram:IssueDateTime><ram:IssuerTradeParty><ram:Name>Acheteur</ram:Name><ram:RoleCode>BY</ram:RoleCode></ram:IssuerTradeParty></rsm:ExchangedDocument>`
    + `<rsm:AcknowledgementDocument><ram:MultipleReferencesIndicator><udt:Indicator>false</udt:Indicator></ram:MultipleReferencesIndicator><ram:TypeCode>23</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString format="204">${stamp}</udt:DateTimeString></ram:IssueDateTime>`
    + `<ram:ReferenceReferencedDocument><ram:IssuerAssignedID>${one.number}</ram:IssuerAssignedID><ram:TypeCode>380</ram:TypeCode><ram:ProcessConditionCode>${one.status}</ram:ProcessConditionCode>${issuer}${reason}</ram:ReferenceReferencedDocument></rsm:AcknowledgementDocument></rsm:CrossDomainAcknowledgementAndResponse>\n`;
}
