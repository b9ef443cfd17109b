/** The fields a column of a bank table may be mapped to; a closed list. */
export const BANK_FIELDS = [
  'bookedOn', 'valueOn', 'label', 'detail', 'amount', 'debit', 'credit', 'fee', 'balance', 'currency', 'counterparty', 'counterpartyIban', 'reference', 'account', 'status',
] as const;

/** One of `BANK_FIELDS`. */
export type BankField = (typeof BANK_FIELDS)[number];
