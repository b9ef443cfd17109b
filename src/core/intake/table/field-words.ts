import type { Bilingual } from '#core/kernel/text.ts';
import type { MappedField } from './mapping.ts';
import type { TargetField } from './open-item-row.ts';

/** Name of each field as the interface and the problems say it. */
export const FIELD_NAMES: Readonly<Record<MappedField, Bilingual>> = {
  customerCode: { fr: 'code client', en: 'customer code' },
  customerName: { fr: 'nom du client', en: 'customer name' },
  document: { fr: 'numéro de pièce', en: 'document number' },
  kind: { fr: 'type de pièce', en: 'document kind' },
  issuedOn: { fr: 'date de pièce', en: 'document date' },
  dueOn: { fr: 'échéance', en: 'due date' },
  amount: { fr: 'montant TTC', en: 'amount including tax' },
  openAmount: { fr: 'reste dû', en: 'open amount' },
  debit: { fr: 'débit', en: 'debit' },
  credit: { fr: 'crédit', en: 'credit' },
  currency: { fr: 'devise', en: 'currency' },
  email: { fr: 'e-mail', en: 'e-mail' },
  phone: { fr: 'téléphone', en: 'phone' },
  addressLine1: { fr: 'adresse', en: 'address' },
  addressLine2: { fr: 'complément d\'adresse', en: 'address, second line' },
  postalCode: { fr: 'code postal', en: 'postal code' },
  city: { fr: 'ville', en: 'city' },
  country: { fr: 'pays', en: 'country' },
  siren: { fr: 'SIREN', en: 'SIREN' },
  vatNumber: { fr: 'numéro de TVA', en: 'VAT number' },
  terms: { fr: 'conditions de paiement', en: 'payment terms' },
  contactName: { fr: 'contact', en: 'contact' },
  label: { fr: 'libellé', en: 'label' },
  paidOn: { fr: 'date de règlement', en: 'paid on' },
  language: { fr: 'langue', en: 'language' },
  lettering: { fr: 'lettrage', en: 'lettering code' },
  status: { fr: 'état', en: 'status' },
  bookedOn: { fr: 'date d\'opération', en: 'booking date' },
  valueOn: { fr: 'date de valeur', en: 'value date' },
  detail: { fr: 'détail du libellé', en: 'further details' },
  fee: { fr: 'frais déduits', en: 'fee taken off' },
  balance: { fr: 'solde après l\'opération', en: 'balance after the movement' },
  counterparty: { fr: 'contrepartie', en: 'counterparty' },
  counterpartyIban: { fr: 'compte de la contrepartie', en: 'account of the counterparty' },
  reference: { fr: 'référence de la banque', en: 'bank reference' },
  account: { fr: 'compte bancaire', en: 'bank account' },
};

/** Titles that mean a field, folded (no accent, case, punctuation or space). `exact` leave no doubt; `near` want confirmation. */
export type FieldWords = { readonly exact: readonly string[]; readonly near: readonly string[] };

/** French and English titles of columns seen in exports of accounting and invoicing software. */
export const FIELD_WORDS: Readonly<Record<TargetField, FieldWords>> = {
  customerCode: {
    exact: ['codeclient', 'nclient', 'noclient', 'numclient', 'numeroclient', 'numerodeclient', 'compteclient', 'refclient', 'referenceclient', 'idclient', 'clientcode', 'clientid', 'clientnumber', 'clientno', 'customercode', 'customerid', 'customernumber', 'customerno', 'customernum', 'customeraccount', 'accountcode', 'accountnumber', 'codetiers', 'comptetiers', 'comptauxiliaire', 'compteauxiliaire', 'compauxnum', 'codeauxiliaire', 'numerotiers', 'ntiers', 'debtorcode', 'debtornumber', 'codedebiteur'],
    near: ['code', 'compte', 'tiers', 'auxiliaire', 'account', 'accountno', 'identifiant', 'comptenum', 'ncompte', 'numerocompte', 'numcompte'],
  },
  customerName: {
    exact: ['nomclient', 'nomduclient', 'client', 'raisonsociale', 'raisonsocialeclient', 'clientname', 'customername', 'customer', 'companyname', 'nomtiers', 'nomdutiers', 'libelletiers', 'compauxlib', 'intituletiers', 'intituleclient', 'intituleducompte', 'debtor', 'debtorname', 'debiteur', 'nomdebiteur', 'clientsociete', 'soldto', 'billto'],
    near: ['nom', 'name', 'societe', 'company', 'entreprise', 'intitule', 'organisation', 'comptelib', 'partner', 'partenaire', 'accountname', 'denomination', 'contactsociete'],
  },
  document: {
    exact: ['nfacture', 'nofacture', 'numfacture', 'numerofacture', 'numerodefacture', 'ndefacture', 'nodefacture', 'reffacture', 'referencefacture', 'facture', 'factureno', 'facturen', 'facturenumero', 'invoicenumber', 'invoiceno', 'invoicenum', 'invoicen', 'invoiceid', 'invoice', 'invoiceref', 'invoicereference', 'documentnumber', 'documentno', 'docno', 'docnumber', 'billnumber', 'npiece', 'nopiece', 'numpiece', 'numeropiece', 'numerodepiece', 'piece', 'pieceref', 'refpiece', 'referencepiece', 'ndocument', 'numerodocument', 'numdocument', 'numerododocument', 'document'],
    near: ['numero', 'number', 'no', 'n', 'reference', 'ref', 'doc', 'num', 'voucher', 'voucherno', 'invoices', 'factures'],
  },
  kind: {
    exact: ['typepiece', 'typedepiece', 'typedocument', 'typededocument', 'naturepiece', 'naturedepiece', 'documenttype', 'doctype', 'invoicetype', 'transactiontype', 'typefacture', 'documentkind', 'typedoc', 'typeecriture'],
    near: ['type', 'nature', 'kind'],
  },
  issuedOn: {
    exact: ['datefacture', 'datedefacture', 'datedefacturation', 'datefacturation', 'datedelafacture', 'datepiece', 'datedepiece', 'datedocument', 'datededocument', 'datedudocument', 'datedemission', 'dateemission', 'emissionle', 'emisele', 'emisle', 'invoicedate', 'issuedate', 'dateissued', 'issuedon', 'documentdate', 'docdate', 'billdate', 'piecedate', 'dateofissue', 'postingdate'],
    near: ['date', 'dateecriture', 'ecrituredate', 'datecomptable', 'jour', 'transactiondate', 'entrydate', 'datecreation', 'createdon', 'facturele'],
  },
  dueOn: {
    exact: ['echeance', 'dateecheance', 'datedecheance', 'datedecheances', 'dateech', 'datech', 'echeancele', 'apayerle', 'apayeravantle', 'apayeravant', 'datelimitedepaiement', 'datelimitepaiement', 'datelimite', 'duedate', 'dueon', 'due', 'datedue', 'paymentduedate', 'netduedate', 'maturitydate', 'payableon', 'paybefore', 'ech', 'dateexigibilite', 'datedexigibilite'],
    near: ['exigibilite', 'maturity', 'limite'],
  },
  amount: {
    exact: ['montantttc', 'totalttc', 'ttc', 'montantfacture', 'montantdelafacture', 'montanttotalttc', 'totalfacturettc', 'prixttc', 'amountincltax', 'amountinclvat', 'amountincludingtax', 'amountincludingvat', 'totalincltax', 'totalinclvat', 'totalincludingtax', 'grossamount', 'grosstotal', 'invoiceamount', 'invoicetotal', 'totalamount', 'originalamount', 'montantttceur', 'montantttceuro', 'montantttceuros', 'montantttcendevise', 'montantinitial', 'montantorigine', 'montantpiece'],
    near: ['montant', 'amount', 'total', 'montanttotal', 'montanteur', 'montanteuro', 'montanteuros', 'somme', 'value', 'valeur', 'gross', 'montantdevise', 'montantsigne', 'amounteur'],
  },
  openAmount: {
    exact: ['restedu', 'restantdu', 'resteapayer', 'restantapayer', 'resteaencaisser', 'montantdu', 'montantrestantdu', 'montantrestedu', 'montantouvert', 'montantrestant', 'soldedu', 'soldeapayer', 'solderestant', 'soldefacture', 'netapayer', 'encours', 'openamount', 'amountdue', 'amountopen', 'outstanding', 'outstandingamount', 'balancedue', 'dueamount', 'unpaidamount', 'amountoutstanding', 'remaining', 'remainingamount', 'openbalance', 'residualamount', 'amountresidual', 'restantduttc', 'resteduttc', 'impaye', 'montantimpaye', 'totaldu', 'totaldue', 'rap'],
    near: ['solde', 'balance', 'reste', 'restant', 'du', 'open', 'unpaid', 'residual', 'nonregle'],
  },
  debit: { exact: ['debit', 'montantdebit', 'debiteur', 'debiteur', 'debiteuros', 'debiteur', 'debiteuro', 'debitamount', 'mouvementdebit', 'mvtdebit', 'soldedebiteur', 'soldedebit'], near: ['dr'] },
  credit: { exact: ['credit', 'montantcredit', 'crediteur', 'crediteuros', 'crediteuro', 'creditamount', 'mouvementcredit', 'mvtcredit', 'soldecrediteur', 'soldecredit'], near: ['cr'] },
  currency: { exact: ['devise', 'codedevise', 'monnaie', 'currency', 'currencycode', 'idevise', 'ccy', 'deviseiso'], near: ['dev', 'cur'] },
  email: { exact: ['email', 'mail', 'courriel', 'emailclient', 'adresseemail', 'adressemail', 'adressecourriel', 'emailaddress', 'customeremail', 'contactemail', 'emailcontact', 'emailfacturation', 'billingemail', 'emailcompta', 'emailcomptabilite'], near: ['adresseelectronique', 'mel'] },
  phone: { exact: ['telephone', 'tel', 'phone', 'phonenumber', 'ntelephone', 'ntel', 'numerodetelephone', 'numtel', 'telephoneclient', 'mobile', 'portable', 'telfixe', 'telephonefixe', 'contactphone', 'customerphone'], near: ['gsm', 'fixe'] },
  addressLine1: { exact: ['adresse', 'adresse1', 'rue', 'adresseligne1', 'adresseclient', 'adressefacturation', 'adressedefacturation', 'address', 'address1', 'addressline1', 'street', 'streetaddress', 'billingaddress', 'voie'], near: ['adressepostale'] },
  addressLine2: { exact: ['adresse2', 'adresseligne2', 'complementadresse', 'complementdadresse', 'complement', 'address2', 'addressline2', 'street2'], near: [] },
  postalCode: { exact: ['codepostal', 'cp', 'postalcode', 'postcode', 'zip', 'zipcode', 'codepostalclient'], near: [] },
  city: { exact: ['ville', 'villeclient', 'commune', 'city', 'town', 'localite'], near: [] },
  country: { exact: ['pays', 'codepays', 'payscode', 'paysclient', 'country', 'countrycode'], near: [] },
  siren: { exact: ['siren', 'siret', 'nsiren', 'nsiret', 'numerosiren', 'numerosiret', 'sirensiret', 'siretsiren', 'sirenclient', 'siretclient', 'numsiren', 'numsiret', 'companyregistrationnumber'], near: ['registrationnumber', 'rcs'] },
  vatNumber: { exact: ['ntva', 'numerotva', 'numerodetva', 'tvaintracom', 'tvaintracommunautaire', 'ntvaintracom', 'ntvaintracommunautaire', 'numerotvaintracommunautaire', 'numtva', 'numtvaintracom', 'vatnumber', 'vatno', 'vatid', 'taxid', 'tvaintra', 'identifianttva', 'codetvaintracommunautaire'], near: ['vat'] },
  terms: { exact: ['conditionsdepaiement', 'conditiondepaiement', 'conditionspaiement', 'conditionpaiement', 'modalitesdepaiement', 'delaidepaiement', 'delaipaiement', 'conditionsdereglement', 'conditiondereglement', 'conditionsreglement', 'conditionreglement', 'delaidereglement', 'delaireglement', 'paymentterms', 'paymentterm', 'terms', 'creditterms'], near: ['delai', 'conditions', 'modalites'] },
  contactName: { exact: ['contact', 'nomcontact', 'nomducontact', 'interlocuteur', 'contactname', 'contactperson', 'contactcompta', 'contactcomptabilite', 'contactfacturation'], near: ['prenomnom', 'personne'] },
  label: { exact: ['libelle', 'libelleecriture', 'ecriturelib', 'libelledelecriture', 'libellefacture', 'objet', 'description', 'label', 'designation', 'intitulefacture', 'subject', 'memo', 'libellepiece'], near: ['commentaire', 'comment', 'note', 'notes', 'texte', 'detail', 'details', 'narrative', 'remarque'] },
  paidOn: { exact: ['datereglement', 'datedereglement', 'datepaiement', 'datedepaiement', 'dateencaissement', 'datedencaissement', 'payele', 'paye', 'reglele', 'paiddate', 'paidon', 'paymentdate', 'datepaid', 'datereglt', 'dateacquittement'], near: ['reglement', 'paiement', 'paid'] },
  language: { exact: ['langue', 'codelangue', 'language', 'lang', 'languagecode', 'langueclient'], near: ['locale'] },
  lettering: { exact: ['lettrage', 'codelettrage', 'codedelettrage', 'ecriturelet', 'nlettrage', 'matchingnumber', 'matching', 'letteringcode'], near: ['lettre', 'let', 'lett', 'pointage'] },
  status: { exact: ['statut', 'etat', 'status', 'state', 'statutdepaiement', 'statutdupaiement', 'etatdupaiement', 'paymentstatus', 'paymentstate', 'statutfacture', 'invoicestatus', 'etatfacture'], near: [] },
};
