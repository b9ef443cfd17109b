import { fold, foldWords } from '../fold.ts';

/** Words of a status column, folded, for invoices that are none (any more). */
const LEFT_OUT = new Set(['draft', 'brouillon', 'cancel', 'cancelled', 'canceled', 'annule', 'annulee', 'void', 'voided', 'proforma', 'devis', 'quote', 'deleted', 'supprimee', 'incomplete']);
/** The same for invoices that are paid. `reversed` is Odoo's word for one undone by a credit note. */
const PAID = new Set(['paid', 'paye', 'payee', 'regle', 'reglee', 'acquitte', 'acquittee', 'soldee', 'encaissee', 'reversed', 'extournee', 'inpayment', 'encoursdepaiement']);

/** What the status of a row says of it: it counts, it is paid, or it is no receivable at all. Odoo's kinds of supplier bills begin with `in_`. */
export function statusOf(status: string, kind: string): 'counts' | 'paid' | 'leftOut' {
  const [first = ''] = foldWords(status);
  const whole = fold(status);
  if (LEFT_OUT.has(first) || LEFT_OUT.has(whole) || /^in_(?:invoice|refund)$/u.test(kind)) return 'leftOut';
  return PAID.has(whole) ? 'paid' : 'counts';
}
