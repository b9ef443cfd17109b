import type { Day } from '#core/kernel/day.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import type { BusinessTerm } from './business-terms.ts';
import type { EInvoice } from './einvoice.ts';

/** An identifier as written, with its scheme (ISO 6523: 0002 SIREN, 0009 SIRET). `legal`: the register's, not a customer number. */
export type RawIdentifier = { readonly node: XmlNode; readonly scheme: string | null; readonly legal: boolean };

/** A party as the syntax has it. */
export type RawParty = {
  readonly line: number;
  readonly name: string | null;
  readonly identifiers: readonly RawIdentifier[];
  readonly vat: XmlNode | null;
  readonly endpoint: XmlNode | null;
  readonly addressLines: readonly (string | null)[];
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly country: string | null;
  readonly contactName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
};

/** Names of the terms of a party, for its problems. */
export type PartyTerms = { readonly legalId: BusinessTerm; readonly vat: BusinessTerm };

/** One payment instruction; `iban` is the element that holds an IBAN and nothing else, `account` any account. */
export type RawPayment = {
  readonly meansCode: string | null;
  readonly iban: XmlNode | null;
  readonly account: XmlNode | null;
  readonly bic: string | null;
  readonly reference: string | null;
  readonly mandateId: string | null;
  readonly creditorId: string | null;
};

/** An amount added to (charge) or taken off the sum of the lines. */
export type RawAdjustment = { readonly node: XmlNode; readonly charge: boolean };

/** The elements of an invoice that matter here, found in their syntax and not yet read. Lists hold every occurrence, so that two that differ are seen. */
export type RawInvoice = {
  readonly syntax: EInvoice['syntax'];
  readonly root: XmlNode;
  readonly profile: string | null;
  readonly test: boolean;
  readonly number: readonly XmlNode[];
  readonly typeCode: readonly XmlNode[];
  /** What the root element says of the kind; null where it says nothing. */
  readonly rootSays: 'invoice' | 'creditNote' | null;
  readonly issued: readonly XmlNode[];
  readonly currency: readonly XmlNode[];
  readonly dueDates: readonly { readonly date: XmlNode; readonly amount: XmlNode | null }[];
  readonly termsTexts: readonly XmlNode[];
  readonly totals: {
    /** BT-106, BT-107, BT-108: what the totals say of lines, allowances and charges. */
    readonly lines: readonly XmlNode[];
    readonly allowances: readonly XmlNode[];
    readonly charges: readonly XmlNode[];
    readonly net: readonly XmlNode[];
    /** Those of the document currency only. */
    readonly tax: readonly XmlNode[];
    readonly gross: readonly XmlNode[];
    readonly prepaid: readonly XmlNode[];
    readonly rounding: readonly XmlNode[];
    readonly due: readonly XmlNode[];
    /** Amounts collected for others that the extended profile adds to the amount due. */
    readonly added: readonly XmlNode[];
  };
  readonly taxes: readonly { readonly category: string | null; readonly rate: string | null; readonly base: XmlNode | null; readonly tax: XmlNode | null }[];
  /** Lines that count in the total, with their amount. */
  readonly lineAmounts: readonly (XmlNode | null)[];
  readonly lines: number;
  readonly adjustments: readonly RawAdjustment[];
  /** True when lines may be without an amount (ZUGFeRD 1.0). */
  readonly looseLines: boolean;
  readonly seller: RawParty;
  readonly buyer: RawParty;
  readonly payees: readonly RawParty[];
  readonly payments: readonly RawPayment[];
  readonly references: { readonly buyer: string | null; readonly order: string | null; readonly contract: string | null; readonly project: string | null };
  readonly preceding: readonly { readonly number: string; readonly issued: XmlNode | null }[];
  readonly notes: readonly { readonly code: string | null; readonly node: XmlNode }[];
  /** Reads a date of this syntax. */
  readonly day: (node: XmlNode) => Day | null;
};
