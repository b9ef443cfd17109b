import type { TableProfile } from './profile.ts';

const CODE = ['ntiers', 'notiers', 'numerotiers', 'numtiers', 'comptetiers', 'ncomptetiers', 'nocomptetiers', 'codetiers', 'tiers', 'compteauxiliaire', 'auxiliaire'];
const DUE = ['dateecheance', 'datedecheance', 'echeance', 'dateech', 'datech', 'ech'];
const PIECE = ['nfacture', 'nofacture', 'numerofacture', 'facture', 'npiece', 'nopiece', 'numeropiece', 'piece', 'reference', 'ref'];
const LETTERING = ['lettrage', 'lettre', 'let', 'lett', 'codelettrage'];
const RUNNING = ['solde', 'soldeprogressif', 'soldecumule', 'soldecumul', 'cumul', 'progressif'];

/** Exports of accounting and invoicing software that list what customers owe. Where each shape comes from: docs/formats/accounting-exports.md. */
export const ITEM_PROFILES: readonly TableProfile[] = [
  {
    key: 'sage100.accountQuery', kind: 'items', name: { fr: 'Sage 100, interrogation tiers', en: 'Sage 100, customer account query' },
    proof: [['codejournal', 'journal', 'cj'], ['npiece', 'nopiece', 'piece'], LETTERING, ['debit', 'mouvementdebit'], ['credit', 'mouvementcredit'], DUE],
    columns: {
      customerCode: CODE, customerName: ['intitule', 'intituletiers', 'nomtiers'], document: PIECE, issuedOn: ['date', 'dateecriture', 'datepiece'], dueOn: DUE,
      label: ['libelleecriture', 'libelle'], debit: ['debit', 'mouvementdebit'], credit: ['credit', 'mouvementcredit'], lettering: LETTERING,
    },
    ignored: [...RUNNING, 'codejournal', 'journal', 'cj', 'npiece', 'nopiece', 'piece', 'reference', 'ref'], groups: 'customer', dayOrder: 'dmy',
  },
  {
    key: 'sage100.dueList', kind: 'items', name: { fr: 'Sage 100, échéancier', en: 'Sage 100, list of due dates' },
    proof: [CODE, ['intitule', 'intituletiers'], ['modereglement', 'modedereglement', 'moderglt', 'modereglt'], DUE],
    columns: {
      customerCode: CODE, customerName: ['intitule', 'intituletiers'], document: PIECE, issuedOn: ['date', 'datefacture', 'datepiece'], dueOn: DUE,
      amount: ['montantecheance', 'montantttc', 'montant'], openAmount: ['resteapayer', 'resteareglerttc', 'resteaencaisser', 'montantdu', 'restedu'], label: ['libelleecriture', 'libelle'],
    },
    ignored: [...RUNNING, 'modereglement', 'modedereglement', 'npiece', 'piece', 'reference', 'ref'], groups: 'customer', dayOrder: 'dmy',
  },
  {
    key: 'sage100.agedBalance', kind: 'items', name: { fr: 'Sage 100, balance âgée', en: 'Sage 100, aged balance' },
    proof: [CODE, ['intitule', 'intituletiers'], ['nonechu', 'nonechus', 'aechoir']],
    columns: { customerCode: CODE, customerName: ['intitule', 'intituletiers'], document: PIECE, issuedOn: ['date', 'datefacture', 'datepiece'], dueOn: DUE, openAmount: ['solde', 'soldedu'], label: ['libelleecriture', 'libelle'] },
    ignored: ['total', 'montant', 'echu', 'totalechu', 'npiece', 'piece', 'reference', 'ref'], groups: 'customer', aged: true, dayOrder: 'dmy',
  },
  {
    key: 'ebp.dueList', kind: 'items', name: { fr: 'EBP, échéancier clients', en: 'EBP, customer due dates' },
    proof: [['codeclient', 'codetiers'], ['nomduclient', 'nomclient', 'nomdutiers', 'nom'], ['numerodudocument', 'ndocument', 'nodocument', 'numerodedocument'], DUE, ['montantecheance', 'montantdelecheance', 'resteapayer', 'montantrestant', 'soldedu']],
    columns: {
      customerCode: ['codeclient', 'codetiers'], customerName: ['nomduclient', 'nomclient', 'nomdutiers', 'nom'], document: ['numerodudocument', 'ndocument', 'nodocument', 'numerodedocument'],
      issuedOn: ['datedudocument', 'datedocument', 'date'], dueOn: DUE, amount: ['montantecheance', 'montantdelecheance', 'montantttc', 'totalttc'], openAmount: ['soldedu', 'resteapayer', 'montantrestant'],
      kind: ['typededocument', 'typedocument'],
    },
    ignored: ['solde', 'moyendepaiement', 'modedereglement'], groups: 'customer', dayOrder: 'dmy',
  },
  {
    key: 'ebp.invoices', kind: 'items', name: { fr: 'EBP, liste des factures', en: 'EBP, list of invoices' },
    proof: [['codeclient', 'codetiers'], ['nomduclient', 'nomclient', 'nomdutiers', 'nom'], ['numerodudocument', 'ndocument', 'nodocument', 'numerodedocument'], ['netapayer', 'totalttc', 'montantttc'], ['soldedu']],
    columns: {
      customerCode: ['codeclient', 'codetiers'], customerName: ['nomduclient', 'nomclient', 'nomdutiers', 'nom'], document: ['numerodudocument', 'ndocument', 'nodocument', 'numerodedocument'],
      issuedOn: ['datedudocument', 'datedocument', 'date'], dueOn: DUE, amount: ['totalttc', 'montantttc', 'netapayer'], openAmount: ['soldedu'], kind: ['typededocument', 'typedocument'],
    },
    ignored: ['netapayer', 'totalht', 'montantht'], dayOrder: 'dmy',
  },
  {
    key: 'ebp.agedBalance', kind: 'items', name: { fr: 'EBP, balance âgée', en: 'EBP, aged balance' },
    proof: [['codeclient', 'codetiers', 'compte'], ['nomduclient', 'nomclient', 'nomdutiers', 'nom'], ['nonechu', 'nonechus', 'aechoir'], ['soldetotal', 'soldedu', 'solde']],
    columns: {
      customerCode: ['codeclient', 'codetiers', 'compte'], customerName: ['nomduclient', 'nomclient', 'nomdutiers', 'nom'], document: ['numerodudocument', 'ndocument', 'nodocument', ...PIECE],
      issuedOn: ['datedudocument', 'date'], dueOn: DUE, openAmount: ['soldetotal', 'soldedu', 'solde'],
    },
    groups: 'customer', aged: true, dayOrder: 'dmy',
  },
  {
    key: 'cegid.accountQuery', kind: 'items', name: { fr: 'Cegid, interrogation de compte', en: 'Cegid, account query' },
    proof: [['auxiliaire', 'compteauxiliaire'], ['refinterne', 'referenceinterne'], ['journal'], ['nature', 'naturepiece', 'libelle'], ['debit'], ['credit'], LETTERING],
    columns: {
      customerCode: ['auxiliaire', 'compteauxiliaire'], customerName: ['libelleauxiliaire', 'raisonsociale', 'intitule', 'libellecompte'], document: ['refinterne', 'referenceinterne'],
      issuedOn: ['datecomptable', 'date'], dueOn: DUE, kind: ['nature', 'naturepiece'], label: ['libelle', 'libelleecriture'], debit: ['debit'], credit: ['credit'], lettering: ['codelettrage', 'lettrage', 'lettre'],
    },
    ignored: [...RUNNING, 'journal', 'general', 'comptegeneral', 'compte', 'npiece', 'piece', 'refexterne', 'referenceexterne', 'etatlettrage'], groups: 'customer', dayOrder: 'dmy',
  },
  {
    key: 'cegid.dueList', kind: 'items', name: { fr: 'Cegid, échéancier', en: 'Cegid, list of due dates' },
    proof: [['auxiliaire', 'compteauxiliaire'], ['refinterne', 'referenceinterne'], DUE, ['solde', 'resteapayer', 'resteaencaisser', 'montantrestant']],
    columns: {
      customerCode: ['auxiliaire', 'compteauxiliaire'], customerName: ['libelleauxiliaire', 'raisonsociale', 'libelle', 'intitule'], document: ['refinterne', 'referenceinterne'],
      issuedOn: ['datecomptable', 'datepiece', 'date'], dueOn: DUE, kind: ['nature', 'naturepiece'], amount: ['montantttc', 'montant', 'montantorigine'], openAmount: ['resteaencaisser', 'resteapayer', 'montantrestant', 'solde'],
    },
    ignored: ['modepaie', 'modedepaiement', 'journal', 'general', 'refexterne'], groups: 'customer', dayOrder: 'dmy',
  },
  {
    key: 'cegid.agedBalance', kind: 'items', name: { fr: 'Cegid, balance âgée', en: 'Cegid, aged balance' },
    proof: [['auxiliaire', 'compteauxiliaire'], ['nonechu', 'nonechus', 'aechoir'], ['refinterne', 'referenceinterne', 'totalsolde', 'solde', 'raisonsociale']],
    columns: {
      customerCode: ['auxiliaire', 'compteauxiliaire'], customerName: ['libelleauxiliaire', 'raisonsociale', 'libelle', 'intitule'], document: ['refinterne', 'referenceinterne', ...PIECE],
      issuedOn: ['datecomptable', 'datepiece', 'date'], dueOn: DUE, openAmount: ['totalsolde', 'solde'],
    },
    groups: 'customer', aged: true, dayOrder: 'dmy',
  },
  {
    key: 'quadra.accountQuery', kind: 'items', name: { fr: 'Quadra, consultation de compte', en: 'Quadra, account query' },
    proof: [['jal', 'codejal', 'jnl'], ['npiece', 'piece', 'nopiece'], ['let', 'lettrage', 'l'], ['debit'], ['credit']],
    columns: {
      customerCode: ['compte', 'ncompte', 'numerocompte'], customerName: ['intitule', 'libellecompte', 'intituleducompte'], document: ['npiece', 'piece', 'nopiece'], issuedOn: ['date', 'dateecriture'], dueOn: DUE,
      label: ['libelle', 'libelleecriture'], debit: ['debit'], credit: ['credit'], lettering: ['let', 'lettrage', 'l'],
    },
    ignored: [...RUNNING, 'jal', 'codejal'], groups: 'customer', dayOrder: 'dmy',
  },
  {
    key: 'pennylane.invoices', kind: 'items', name: { fr: 'Pennylane, factures clients', en: 'Pennylane, customer invoices' },
    proof: [['numerodefacture', 'numero', 'nfacture'], ['client', 'nomduclient'], ['datedemission', 'datedefacture', 'date'], DUE, ['resteapayer', 'restantdu', 'montantrestant', 'montantrestantdu', 'resteapayerttc', 'montantrestantttc'], ['statut', 'statutdepaiement']],
    columns: {
      customerName: ['client', 'nomduclient'], document: ['numerodefacture', 'numero', 'nfacture'], issuedOn: ['datedemission', 'datedefacture', 'date'], dueOn: DUE, amount: ['montantttc', 'totalttc', 'ttc', 'montant'],
      openAmount: ['resteapayer', 'resteapayerttc', 'restantdu', 'montantrestantdu', 'montantrestant', 'montantrestantttc'], status: ['statut', 'statutdepaiement'], label: ['libelle', 'titre', 'objet'],
    },
    ignored: ['montantht', 'tva'], dayOrder: 'dmy',
  },
  {
    key: 'pennylane.api', kind: 'items', name: { fr: 'Pennylane, factures clients (champs de l\'API)', en: 'Pennylane, customer invoices (API fields)' },
    proof: [['invoicenumber'], ['deadline'], ['remainingamountwithtax']],
    columns: {
      customerCode: ['customerid', 'customerexternalreference'], customerName: ['customername', 'customer', 'thirdparty'], document: ['invoicenumber'], issuedOn: ['date'], dueOn: ['deadline'], amount: ['amount', 'currencyamount'],
      openAmount: ['remainingamountwithtax'], status: ['status'], label: ['label'],
    },
    ignored: ['id', 'tax', 'currencyamountbeforetax', 'externalreference', 'paid', 'draft', 'remainingamountwithouttax', 'specialmention'], dayOrder: 'dmy',
  },
  {
    key: 'quickbooks.aging', kind: 'items', name: { fr: 'QuickBooks, balance âgée détaillée ou liste des factures', en: 'QuickBooks, A/R aging detail or invoice list' },
    proof: [['transactiontype', 'type'], ['num', 'no'], ['duedate'], ['openbalance']],
    columns: {
      customerName: ['customer', 'customerfullname', 'name'], document: ['num', 'no'], kind: ['transactiontype', 'type'], issuedOn: ['date', 'transactiondate', 'invoicedate'], dueOn: ['duedate'],
      amount: ['amount', 'foreignamount'], openAmount: ['openbalance'], label: ['memodescription', 'memo'],
    },
    ignored: ['pastdue', 'aging', 'location', 'terms'], groups: 'customer',
  },
  {
    key: 'quickbooks.aging.fr', kind: 'items', name: { fr: 'QuickBooks, balance âgée détaillée ou liste des factures', en: 'QuickBooks, A/R aging detail or invoice list (French)' },
    proof: [['typedetransaction', 'typedoperation', 'typeoperation'], ['num', 'n', 'no', 'numero'], ['datedecheance', 'dateecheance'], ['soldeouvert', 'soldedu', 'soldeimpaye', 'soldeencours']],
    columns: {
      customerName: ['client', 'nomcompletduclient', 'nom'], document: ['num', 'n', 'no', 'numero'], kind: ['typedetransaction', 'typedoperation', 'typeoperation'], issuedOn: ['date', 'datedeloperation'],
      dueOn: ['datedecheance', 'dateecheance'], amount: ['montant'], openAmount: ['soldeouvert', 'soldedu', 'soldeimpaye', 'soldeencours'], label: ['memodescription', 'memo'],
    },
    ignored: ['enretard', 'emplacement', 'conditions'], groups: 'customer', dayOrder: 'dmy',
  },
  {
    key: 'odoo.moves', kind: 'items', name: { fr: 'Odoo, factures (noms techniques)', en: 'Odoo, invoices (technical names)' },
    proof: [['invoicedatedue'], ['amountresidual', 'amountresidualsigned'], ['amounttotal', 'amounttotalsigned'], ['name', 'invoicedate']],
    columns: {
      customerCode: ['partnerref', 'partneridref'], customerName: ['invoicepartnerdisplayname', 'partnerid', 'partneridname', 'partneriddisplayname'], document: ['name'], kind: ['movetype'], issuedOn: ['invoicedate', 'date'], dueOn: ['invoicedatedue'],
      amount: ['amounttotal', 'amounttotalsigned'], openAmount: ['amountresidual', 'amountresidualsigned'], currency: ['currencyid', 'currencyidname'], status: ['state', 'paymentstate'], label: ['ref', 'paymentreference'],
    },
    ignored: ['id', 'amountuntaxed', 'amounttax', 'paymentstate', 'amounttotalsigned', 'amountresidualsigned', 'companyid'],
  },
  {
    key: 'odoo.invoices', kind: 'items', name: { fr: 'Odoo, factures clients', en: 'Odoo, customer invoices' },
    proof: [['number', 'numero'], ['invoicepartnerdisplayname', 'nomdaffichagedupartenairedelafacture', 'partenaire', 'partner', 'customer'], ['invoicebilldate', 'invoicedate', 'datedefacturation', 'datedelafacture'], ['duedate', 'datedecheance'], ['amountdue', 'amountduesigned', 'montantdu', 'montantdusigne'], ['paymentstatus', 'statutdepaiement', 'statutdupaiement', 'etatdupaiement']],
    columns: {
      customerName: ['invoicepartnerdisplayname', 'nomdaffichagedupartenairedelafacture', 'partenaire', 'partner', 'customer'], document: ['number', 'numero'], issuedOn: ['invoicebilldate', 'invoicedate', 'datedefacturation', 'datedelafacture'],
      dueOn: ['duedate', 'datedecheance'], amount: ['totalsigned', 'totalsigne', 'total'], openAmount: ['amountduesigned', 'montantdusigne', 'amountdue', 'montantdu'], status: ['status', 'statut', 'paymentstatus', 'statutdepaiement', 'statutdupaiement', 'etatdupaiement'], label: ['reference'],
    },
    ignored: ['taxexcluded', 'horstaxes', 'montanthorstaxes', 'taxexcludedsigned', 'totalincurrencysigned', 'paymentstatus', 'statutdepaiement'],
  },
  {
    key: 'odoo.agedReceivable', kind: 'items', name: { fr: 'Odoo, balance âgée clients', en: 'Odoo, aged receivable' },
    proof: [[''], ['older', 'plusancien', 'plusanciens'], ['atdate', 'aladate', 'notdue', 'nonechu'], ['invoicedate', 'datedefacturation', 'datedelafacture', 'duedate', 'datedecheance', 'datededue']],
    columns: { document: [''], issuedOn: ['invoicedate', 'datedefacturation', 'datedelafacture'], dueOn: ['duedate', 'datedecheance', 'expecteddate', 'dateattendue'] },
    ignored: ['total', 'amountcurrency', 'montantendevise', 'montantdevise', 'currency', 'devise', 'account', 'compte', 'accountname', 'journal'], groups: 'customer', aged: true,
  },
  {
    key: 'odoo.partnerLedger', kind: 'items', name: { fr: 'Odoo, grand livre des partenaires', en: 'Odoo, partner ledger' },
    proof: [[''], ['matchingnumber', 'matching', 'numerodecorrespondance', 'correspondance', 'lettrage'], ['debit'], ['credit'], ['balance', 'solde']],
    columns: {
      document: [''], issuedOn: ['invoicedate', 'date', 'datedefacturation', 'datedelafacture'], dueOn: ['duedate', 'datedecheance'], lettering: ['matchingnumber', 'matching', 'numerodecorrespondance', 'correspondance', 'lettrage'],
      debit: ['debit'], credit: ['credit'],
    },
    ignored: ['balance', 'solde', 'journal', 'jrnl', 'account', 'compte', 'amountcurrency', 'montantendevise', 'currency', 'devise', 'ref', 'reference', 'initialbalance'], groups: 'customer',
  },
];
