import type { FieldWords } from '../table/field-words.ts';
import type { BankField } from './table-fields.ts';

/** French and English titles of columns seen in bank exports, folded. */
export const BANK_FIELD_WORDS: Readonly<Record<BankField, FieldWords>> = {
  bookedOn: {
    exact: ['date', 'dateoperation', 'datedoperation', 'datedeloperation', 'datecomptable', 'datecomptabilisation', 'datedecomptabilisation', 'dateecriture', 'datemouvement', 'dateop', 'bookingdate', 'bookdate', 'transactiondate', 'operationdate', 'dateofoperation', 'posteddate', 'postingdate', 'completeddate', 'entrydate'],
    near: ['jour', 'day', 'dateexecution', 'executele', 'starteddate', 'settlementdate'],
  },
  valueOn: { exact: ['datevaleur', 'datedevaleur', 'dateval', 'valuedate', 'valeurle', 'datedelavaleur'], near: ['valeur', 'value'] },
  label: {
    exact: ['libelle', 'libelleoperation', 'libelledeloperation', 'libellecompletoperation', 'libellesimplifie', 'label', 'description', 'naturedeloperation', 'intitule', 'transactiondescription', 'narrative', 'wording', 'motif'],
    near: ['operation', 'details', 'designation', 'communication', 'transaction', 'memo', 'text', 'texte', 'nature', 'payee'],
  },
  detail: { exact: ['detail', 'detaildelecriture', 'detailoperation', 'informationscomplementaires', 'infoscomplementaires', 'complement', 'additionalinformation', 'remittanceinformation'], near: ['commentaire', 'comment', 'note', 'notes', 'message'] },
  amount: {
    exact: ['montant', 'amount', 'montantoperation', 'montantdeloperation', 'montanteuros', 'montanteuro', 'montantenuro', 'montanteneuros', 'transactionamount', 'totalamount', 'montanttotal', 'sum', 'amounteur'],
    near: ['somme', 'total', 'montantsigne', 'valueeur'],
  },
  debit: { exact: ['debit', 'debiteuros', 'debiteuro', 'montantdebit', 'montantaudebit', 'debitamount', 'paidout', 'moneyout', 'withdrawal', 'withdrawals', 'sortie', 'depense'], near: ['dr', 'out'] },
  credit: { exact: ['credit', 'crediteuros', 'crediteuro', 'montantcredit', 'montantaucredit', 'creditamount', 'paidin', 'moneyin', 'deposit', 'deposits', 'entree', 'recette'], near: ['cr', 'in'] },
  fee: { exact: ['fee', 'fees', 'frais'], near: [] },
  balance: { exact: ['solde', 'balance', 'soldecomptable', 'soldeprogressif', 'soldeapresoperation', 'soldecourant', 'runningbalance', 'balanceafter', 'accountbalance'], near: [] },
  currency: { exact: ['devise', 'currency', 'codedevise', 'currencycode', 'monnaie', 'deviseducompte', 'accountcurrency'], near: ['ccy', 'cur'] },
  counterparty: {
    exact: ['contrepartie', 'nomdelacontrepartie', 'nomcontrepartie', 'counterparty', 'counterpartyname', 'partnername', 'nomdupartenaire', 'tiersbancaire', 'donneurdordre', 'beneficiaire', 'emetteur', 'payername'],
    near: ['tiers', 'partner', 'partenaire', 'nom', 'name', 'beneficiary'],
  },
  counterpartyIban: { exact: ['ibancontrepartie', 'ibandelacontrepartie', 'counterpartyiban', 'bankaccount', 'partnerbankaccount', 'counterpartyaccount', 'beneficiaryiban', 'ibanbeneficiaire'], near: [] },
  reference: { exact: ['reference', 'referenceoperation', 'referencedeloperation', 'referencebancaire', 'transactionid', 'operationnumber', 'noperation', 'numerooperation', 'numerodoperation', 'transactionreference', 'ref'], near: ['id', 'numero', 'identifiant'] },
  account: { exact: ['compte', 'numerodecompte', 'ncompte', 'nocompte', 'numcompte', 'numerocompte', 'accountnumber', 'accountnum', 'accountno', 'iban', 'ibanducompte', 'accountiban'], near: ['account'] },
  status: { exact: ['statut', 'etat', 'status', 'state', 'statutoperation'], near: [] },
};
