/** Deepest nesting of elements: a bank statement has 14 levels, an invoice 12. */
export const MAX_XML_DEPTH = 100;

/** Most attributes of one element: the richest root carries a dozen namespaces. */
export const MAX_XML_ATTRIBUTES = 100;

/** Longest text of one element, comment, attribute or name, in characters: remittance texts and notes stay under 10,000. */
export const MAX_XML_TOKEN_CHARS = 1_000_000;

/** Characters read in search of the first element; headers of generated files have a few hundred. */
export const MAX_XML_PROLOG_CHARS = 1_000_000;

/** Most elements of a document read as events: a statement of 1 GiB (the largest file read) with text in its elements has fewer. */
export const MAX_XML_ELEMENTS = 100_000_000;

/** Largest document kept whole as a tree: an invoice with its embedded PDF stays under 10 MB. */
export const MAX_XML_TREE_BYTES = 20_000_000;

/** Most elements of one tree: an invoice of 5,000 lines has 250,000; about 150 MB of memory. */
export const MAX_XML_TREE_ELEMENTS = 500_000;

/** Most characters kept in one tree, attributes included. */
export const MAX_XML_TREE_CHARS = 20_000_000;
