/** Formats known by the root element of an XML document. */
export type XmlFormat = 'camt052' | 'camt053' | 'camt054' | 'cii' | 'ubl' | 'cdar';

/** Characters of the head looked at: any prolog and root with its namespaces. */
const HEAD_CHARS = 65_536;

/** Between the declaration and the root: blanks, comments, processing instructions. A DOCTYPE is skipped here and refused by the reading. */
const PROLOG = /^(?:\s+|<\?[^>]*\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>[]*(?:\[[^\]]*\])?\s*>)*/u;
const ROOT = /^<(?:[\w.-]+:)?([\w.-]+)([^>]*)>/u;

const CAMT: readonly (readonly [RegExp, XmlFormat])[] = [
  [/<(?:[\w.-]+:)?BkToCstmrStmt\b/u, 'camt053'], [/<(?:[\w.-]+:)?BkToCstmrAcctRpt\b/u, 'camt052'], [/<(?:[\w.-]+:)?BkToCstmrDbtCdtNtfctn\b/u, 'camt054'],
];
const CAMT_NAMESPACE = /camt\.05([234])\.001\./u;

/** The format of an XML document by the beginning of its text; null when it is none that is read. */
export function recogniseXml(head: string): XmlFormat | null {
  const text = head.slice(0, HEAD_CHARS).replace(/^\uFEFF/u, '');
  const body = text.slice(PROLOG.exec(text)?.[0].length ?? 0);
  const root = ROOT.exec(body);
  if (root === null) return null;
  const [, name = '', attributes = ''] = root;
  if (name === 'CrossIndustryInvoice' || name === 'CrossIndustryDocument') return 'cii';
  if (name === 'CrossDomainAcknowledgementAndResponse') return 'cdar';
  if ((name === 'Invoice' || name === 'CreditNote') && attributes.includes('ubl')) return 'ubl';
  const camt = CAMT.find(([element]) => element.test(body))?.[1];
  if (camt !== undefined) return camt;
  const digit = CAMT_NAMESPACE.exec(attributes)?.[1];
  return digit === undefined ? null : (`camt05${digit}` as XmlFormat);
}
