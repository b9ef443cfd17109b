/** Largest text file read (1 GiB): about seven million FEC lines, far above a small or mid-size firm's year. */
export const MAX_TEXT_BYTES = 1_073_741_824;

/** Longest line of a delimited file: the 22 fields of a FEC at their usual widths need under 2,000 characters. */
export const MAX_LINE_CHARS = 65_536;

/** Longest field kept: labels of accounting software stop at 255; 32,767 is the most an Excel cell holds. */
export const MAX_FIELD_CHARS = 32_767;

/** Most columns of a FEC: 22 by the book plus the editor's own. */
export const MAX_FEC_COLUMNS = 120;

/** Most data lines of one FEC: five years of a firm with 4,000 entry lines a working day. */
export const MAX_FEC_LINES = 5_000_000;

/** Most columns of a table of open items; exports of accounting software stay under 100. */
export const MAX_TABLE_COLUMNS = 400;

/** Most rows of a table of open items: the number of keys kept to find doubles stays under 100 MB. */
export const MAX_TABLE_ROWS = 500_000;

/** Largest amount of one line in minor units (10,000 billion euros): sums stay exact and no real line comes near. */
export const MAX_AMOUNT_MINOR = 1_000_000_000_000_000;

/** Problems of one code kept with their line: enough to see the pattern, few enough to read. */
export const MAX_PROBLEMS_PER_CODE = 20;

/** Unbalanced entries followed at once; entries of a normal file close before the next begins. */
export const MAX_OPEN_ENTRIES = 50_000;

/** Rows looked at to find the header under a preamble; the longest preamble known has 12 lines. */
export const MAX_HEADER_SEARCH_ROWS = 40;

/** First and last year a ledger may speak of; anything else is a placeholder (1900-01-00, 9999-12-31) or a slip. */
export const FIRST_LEDGER_YEAR = 1980;
/** See `FIRST_LEDGER_YEAR`. */
export const LAST_LEDGER_YEAR = 2099;

/** Distinct date texts remembered by a reader: 14 years of days. */
export const MAX_CACHED_DAYS = 5_000;

/** Characters of a cell quoted in a message. */
export const MAX_QUOTED_CHARS = 60;

/** Source text of a bank line kept with it: a CFONB movement with all its details stays under 2,000 characters. */
export const MAX_RAW_CHARS = 4_000;
