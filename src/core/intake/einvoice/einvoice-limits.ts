/** Largest XML of an invoice, as a file or inside a PDF (20 MiB): those with attachments inside reach a few megabytes. */
export const MAX_INVOICE_XML_BYTES = 20_971_520;

/** Largest PDF (50 MiB): a scan of forty pages. */
export const MAX_INVOICE_PDF_BYTES = 52_428_800;

/** Longest document number: the French rule BR-FR-02 allows 35 characters and EN 16931 sets no end; the ledger keeps this many. */
export const MAX_DOCUMENT_NUMBER_CHARS = 200;

/** Longest name, address line, reference or identifier kept: business registers stop at 250 characters. */
export const MAX_PARTY_CHARS = 500;

/** Longest note or payment terms kept: three pages of general conditions. */
export const MAX_NOTE_CHARS = 10_000;

/** Most notes of one document; French invoices have four compulsory ones. */
export const MAX_NOTES = 100;

/** Most due dates of one invoice: ten years of monthly instalments. */
export const MAX_DUE_DATES = 120;

/** Most accounts or means of payment on one invoice. */
export const MAX_PAYMENTS = 50;

/** Most preceding invoices: a yearly rebate credits every invoice of a busy customer. */
export const MAX_PRECEDING = 5_000;

/** Most VAT rates of one invoice: the Union has under 30 rates in one country, and nine categories. */
export const MAX_TAXES = 200;

/** Most documents one life-cycle message speaks of; the French practice is one. */
export const MAX_LIFECYCLE_DOCUMENTS = 10_000;

/** Most reasons, notes or amounts of one document of a life-cycle message. */
export const MAX_LIFECYCLE_DETAILS = 500;
