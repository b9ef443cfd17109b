import type { XmlNode } from '../xml/xml-node.ts';

/** What an XML document is, as far as this slice reads it. */
export type InvoiceSyntax = 'cii' | 'ubl' | 'cdar';

const CII_NAMESPACE = /^urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:\d+$/;
const CDAR_NAMESPACE = /^urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:\d+$/;
const ZUGFERD_1_NAMESPACE = 'urn:ferd:CrossIndustryDocument:invoice:1p0';
const UBL_NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:';

/** True for the root of ZUGFeRD 1.0, the predecessor of Factur-X still found in archives. */
export const isZugferd1 = (root: XmlNode): boolean => root.name === 'CrossIndustryDocument' && root.namespace === ZUGFERD_1_NAMESPACE;

/** Recognises an invoice or life-cycle message by the name and namespace of its root; null when it is neither. */
export function recogniseInvoice(root: XmlNode): InvoiceSyntax | null {
  if (root.name === 'CrossIndustryInvoice' && CII_NAMESPACE.test(root.namespace)) return 'cii';
  if (isZugferd1(root)) return 'cii';
  if ((root.name === 'Invoice' || root.name === 'CreditNote') && root.namespace === `${UBL_NAMESPACE}${root.name}-2`) return 'ubl';
  return root.name === 'CrossDomainAcknowledgementAndResponse' && CDAR_NAMESPACE.test(root.namespace) ? 'cdar' : null;
}
