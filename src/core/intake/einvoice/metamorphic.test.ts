import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codesOf, readInvoiceText } from '../testing/invoice-texts.ts';
import { xmlFromText } from '../testing/xml-from-text.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import { readCii } from './read-cii.ts';
import { readUbl } from './read-ubl.ts';
import { recogniseInvoice } from './recognise-invoice.ts';

const root = join(import.meta.dirname, '../../../../fixtures');
const FIXTURES = ['cii', 'ubl'].flatMap((folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.xml')).map((name) => `${folder}/${name}`));
const textOf = (name: string): string => readFileSync(join(root, name), 'utf8');

/** What a reading says, without the lines, which the layout moves. */
function said(text: string): unknown {
  const reading = readInvoiceText(text);
  return { invoice: reading.invoice, contradictions: reading.contradictions, proposedDueOn: reading.proposedDueOn, codes: codesOf(reading) };
}

describe.each(FIXTURES)('%s says the same', (name) => {
  const text = textOf(name);

  test('S2-022 with other prefixes', () => {
    const swapped = text
      .replaceAll(/(<\/?)(rsm|ram|udt|cac|cbc):/g, (_, open: string, prefix: string) => `${open}${prefix === 'ram' ? 'rsm' : prefix === 'rsm' ? 'ram' : `x${prefix}`}:`)
      .replaceAll(/xmlns:(rsm|ram|udt|cac|cbc)=/g, (_, prefix: string) => `xmlns:${prefix === 'ram' ? 'rsm' : prefix === 'rsm' ? 'ram' : `x${prefix}`}=`);
    expect(swapped).not.toBe(text);
    expect(said(swapped)).toEqual(said(text));
  });

  test('on one line, and with blanks around every value', () => {
    expect(said(text.replaceAll(/>\s+</g, '><'))).toEqual(said(text));
    expect(said(text.replaceAll(/>(?=[^<\s])/g, '>\n   ').replaceAll(/(?<=[^>\s])<\//g, '\n  </'))).toEqual(said(text));
  });

  test('with comments between its elements', () => {
    expect(said(text.replaceAll('><', '><!-- 7 --><').replaceAll(/>\n/g, '><!-- 7 -->\n').replace(/^.*?\?><!-- 7 -->/, ''))).toEqual(said(text));
  });
});

/** The same tree with the children of unordered elements in another order; repeated elements keep theirs. */
function shuffled(node: XmlNode, order: readonly number[]): XmlNode {
  const names = [...new Set(node.children.map((child) => child.name))];
  const mixed = names.toSorted((a, b) => (order[names.indexOf(a) % order.length] ?? 0) - (order[names.indexOf(b) % order.length] ?? 0));
  return { ...node, children: mixed.flatMap((name) => node.children.filter((child) => child.name === name)).map((child) => shuffled(child, order)) };
}

test('the order of different elements does not matter', () => {
  const trees = FIXTURES.map((name) => xmlFromText(textOf(name)));
  const read = (tree: XmlNode): unknown => {
    const { invoice, contradictions, proposedDueOn } = recogniseInvoice(tree) === 'cii' ? readCii(tree) : readUbl(tree);
    return { invoice, contradictions: contradictions.toSorted(), proposedDueOn };
  };
  fc.assert(
    fc.property(fc.constantFrom(...trees), fc.array(fc.integer(), { minLength: 1, maxLength: 12 }), (tree, order) => {
      expect(read(shuffled(tree, order))).toEqual(read(tree));
    }),
    { seed: 3, numRuns: 100 },
  );
});

test('whatever elements are missing, reading ends with an invoice or with the reason', () => {
  const trees = FIXTURES.map((name) => xmlFromText(textOf(name)));
  const without = (node: XmlNode, dropped: { left: number }): XmlNode => ({
    ...node,
    children: node.children.flatMap((child) => ((dropped.left -= 1) === 0 ? [] : [without(child, dropped)])),
  });
  fc.assert(
    fc.property(fc.constantFrom(...trees), fc.integer({ min: 1, max: 250 }), (tree, at) => {
      const cut = without(tree, { left: at });
      const reading = recogniseInvoice(cut) === 'cii' ? readCii(cut) : readUbl(cut);
      expect(reading.invoice === null).toBe(reading.problems.some(({ severity }) => severity === 'error'));
      for (const { message } of reading.problems) expect(message.fr).not.toBe(message.en);
    }),
    { seed: 11, numRuns: 400 },
  );
});

describe('roots', () => {
  test.each([
    ['S2-023 a CII without its namespace', textOf('cii/invoice_basicwl.xml').replace('urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100', '')],
    ['S2-024 another root', '<html/>'],
    ['a UBL order', '<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>'],
    ['an Order-X order', '<SCRDMCCBDACIOMessageStructure xmlns="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100"/>'],
    ['a UBL invoice under the name of a credit note', '<CreditNote xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'],
  ])('%s is none of ours', (_, text) => {
    expect(recogniseInvoice(xmlFromText(text.replace('xmlns:rsm=""', '').replaceAll('rsm:', '')))).toBeNull();
  });

  test('the four that are', () => {
    expect(recogniseInvoice(xmlFromText(textOf('cii/invoice_basicwl.xml')))).toBe('cii');
    expect(recogniseInvoice(xmlFromText(textOf('ubl/credit_note.xml')))).toBe('ubl');
    expect(recogniseInvoice(xmlFromText(textOf('cdar/200_deposee.xml')))).toBe('cdar');
    expect(recogniseInvoice(xmlFromText('<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"/>'))).toBe('cii');
  });
});
