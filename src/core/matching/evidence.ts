/** What speaks for a candidate, or was seen beside it. */
export type EvidenceCode =
  // Text that names debts.
  | 'creditorReference' | 'endToEndId' | 'documentListed' | 'documentInText' | 'printedReference' | 'documentTail' | 'documentMistyped' | 'creditNoteNamed'
  // Text that names the customer.
  | 'accountReference' | 'customerCode' | 'sirenInText'
  // Who paid.
  | 'knownCustomer' | 'lineRule' | 'iban' | 'rememberedIban' | 'rememberedLabel' | 'sharedIban' | 'sharedLabel' | 'payerName' | 'nameInText' | 'groupPays'
  | 'payerDiffers' | 'refusedBefore' | 'severalCustomers'
  // What explains the amount.
  | 'amountOfOne' | 'amountOfNamed' | 'allOpen' | 'allDue' | 'allDueExcept' | 'monthIssued' | 'sameDueDay' | 'stretch' | 'sumOfSome' | 'namedAndOthers' | 'someOfNamed'
  | 'creditsTakenIn' | 'discountTaken' | 'shortBy' | 'excess' | 'partPayment' | 'oldestFirst' | 'customerOnly' | 'amountAlone' | 'severalWays'
  // What the ledger had booked already.
  | 'ledgerReceipt'
  // Seen and not used.
  | 'otherCurrency';

/** Facts of an evidence: texts, counts and days; amounts as decimal texts with `currency` beside them. They can be stored as they are. */
export type EvidenceFacts = Readonly<Record<string, string | number>>;

/** One reason, in a form that can be stored and said again in any language (`evidenceWords`). */
export type Evidence = { readonly code: EvidenceCode; readonly facts: EvidenceFacts };
