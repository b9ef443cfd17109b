import { looksNumeric } from '../amounts.ts';
import { dayEvidence } from '../days.ts';
import { fold } from '../fold.ts';
import type { ShapeMatch, TableProfile } from '../table/profile.ts';
import { cellText } from '../table/table-row.ts';
import type { TableRow } from '../table/table-row.ts';

/** Exports of banks with titles. Where each shape comes from: docs/formats/bank-csv.md. */
export const BANK_PROFILES: readonly TableProfile[] = [
  {
    key: 'creditAgricole', kind: 'bank', name: { fr: 'Crédit Agricole', en: 'Crédit Agricole' }, dayOrder: 'dmy',
    proof: [['date'], ['libelle'], ['debiteuros'], ['crediteuros']], columns: { bookedOn: ['date'], label: ['libelle'], debit: ['debiteuros'], credit: ['crediteuros'] },
  },
  {
    key: 'creditMutuel', kind: 'bank', name: { fr: 'Crédit Mutuel ou CIC', en: 'Crédit Mutuel or CIC' }, dayOrder: 'dmy',
    proof: [['date'], ['datedevaleur'], ['debit'], ['credit'], ['libelle'], ['solde']],
    columns: { bookedOn: ['date'], valueOn: ['datedevaleur'], debit: ['debit'], credit: ['credit'], label: ['libelle'], balance: ['solde'] },
  },
  {
    key: 'boursobank', kind: 'bank', name: { fr: 'BoursoBank (Boursorama)', en: 'BoursoBank (Boursorama)' },
    proof: [['dateop'], ['dateval'], ['label'], ['amount'], ['accountnum']],
    // The balance is that of the account on the day of the export, the same on every row.
    columns: { bookedOn: ['dateop'], valueOn: ['dateval'], label: ['label'], amount: ['amount'], account: ['accountnum'], detail: ['comment'] },
    ignored: ['accountbalance', 'accountlabel', 'category', 'categoryparent', 'supplierfound'],
  },
  {
    key: 'banquePostale', kind: 'bank', name: { fr: 'La Banque Postale', en: 'La Banque Postale' }, dayOrder: 'dmy',
    proof: [['date'], ['libelle'], ['montanteuros']], columns: { bookedOn: ['date'], label: ['libelle'], amount: ['montanteuros'] }, ignored: ['montantfrancs'],
  },
  {
    key: 'societeGenerale', kind: 'bank', name: { fr: 'Société Générale', en: 'Société Générale' }, dayOrder: 'dmy',
    proof: [['datecomptabilisation', 'datedeloperation'], ['libellecompletoperation', 'detaildelecriture'], ['montantoperation', 'montantdeloperation'], ['devise']],
    columns: { bookedOn: ['datecomptabilisation', 'datedeloperation'], label: ['libellecompletoperation', 'detaildelecriture'], amount: ['montantoperation', 'montantdeloperation'], currency: ['devise'] },
    ignored: ['libelle'],
  },
  {
    key: 'qonto', kind: 'bank', name: { fr: 'Qonto', en: 'Qonto' }, dayOrder: 'dmy',
    proof: [['settlementdateutc', 'settlementdatelocal', 'datedelavaleurutc', 'datedelavaleurlocale', 'datedereglementutc'], ['totalamountinclvat', 'montanttotalttc'], ['counterpartyname', 'nomdelacontrepartie']],
    columns: {
      bookedOn: ['settlementdatelocal', 'settlementdateutc', 'datedelavaleurlocale', 'datedelavaleurutc', 'datedereglementutc'], valueOn: ['operationdatelocal', 'operationdateutc', 'datedeloperationlocale', 'datedeloperationutc'],
      amount: ['totalamountinclvat', 'montanttotalttc'], currency: ['currency', 'devise'], counterparty: ['counterpartyname', 'nomdelacontrepartie'], label: ['reference'], detail: ['note'],
      reference: ['transactionid', 'identifiantdetransaction', 'iddetransaction'], status: ['status', 'statut'], counterpartyIban: ['counterpartyiban', 'ibandelacontrepartie'], account: ['iban', 'ibanducompte'],
    },
    ignored: ['paymentmethod', 'methodedepaiement', 'category', 'categorie', 'vatamount', 'montantdetva', 'initiator', 'initiateur', 'localamount', 'montantlocal'],
  },
  {
    key: 'revolut', kind: 'bank', name: { fr: 'Revolut', en: 'Revolut' },
    proof: [['starteddate', 'datededebut'], ['completeddate', 'datedefin'], ['amount', 'montant'], ['fee', 'frais'], ['state', 'etat']],
    columns: {
      bookedOn: ['completeddate', 'datedefin'], label: ['description'], amount: ['amount', 'montant'], fee: ['fee', 'frais'], currency: ['currency', 'devise'], status: ['state', 'etat'], balance: ['balance', 'solde'],
    },
    ignored: ['type', 'product', 'produit', 'starteddate', 'datededebut'],
  },
  {
    key: 'revolutBusiness', kind: 'bank', name: { fr: 'Revolut Business', en: 'Revolut Business' },
    proof: [['datecompletedutc', 'datecompleted'], ['totalamount'], ['state'], ['description'], ['paymentcurrency']],
    columns: {
      bookedOn: ['datecompletedutc', 'datecompleted'], label: ['description'], detail: ['reference'], amount: ['totalamount'], currency: ['paymentcurrency'], status: ['state'], balance: ['balance'], reference: ['id'],
      counterparty: ['payer'], counterpartyIban: ['beneficiaryiban'],
    },
    ignored: ['type', 'amount', 'fee', 'origamount', 'origcurrency', 'account', 'datestartedutc', 'exchangerate'],
  },
];

const isDay = (text: string | undefined): boolean => text !== undefined && dayEvidence(text) !== 'notDay';
const isAmount = (text: string | undefined): boolean => text !== undefined && looksNumeric(text) && !isDay(text);
/** Cells of a row without the empty ones that a closing delimiter leaves. */
const textsOf = (row: TableRow | undefined): string[] => {
  const texts = (row?.cells ?? []).map(cellText);
  while (texts.at(-1) === '') texts.pop();
  return texts;
};

/** BNP Paribas: no titles; the account and its balance on the first row, then day; category; ; label; amount. */
function bnpParibas(rows: readonly TableRow[]): ShapeMatch | null {
  const [first, ...rest] = rows;
  const head = textsOf(first);
  if (first === undefined || rest.length === 0 || !/^(?:compte|livret)/u.test(fold(head[0] ?? '')) || !head.some(isDay) || !isAmount(head.at(-1))) return null;
  if (!rest.map(textsOf).every((texts) => texts.length === 5 && isDay(texts[0]) && !looksNumeric(texts[3] ?? '') && isAmount(texts[4]))) return null;
  return {
    key: 'bnpParibas', name: { fr: 'BNP Paribas', en: 'BNP Paribas' }, dayOrder: 'dmy',
    mapping: { kind: 'bank', headerLine: first.line, columns: { bookedOn: 0, label: 3, amount: 4 } },
  };
}

/** LCL: no titles; day; amount; type; ; label…, and on the last row the day, the balance and the account. */
function lcl(rows: readonly TableRow[]): ShapeMatch | null {
  const texts = rows.map(textsOf);
  if (texts.length < 2 || !texts.every((row) => isDay(row[0]) && isAmount(row[1]))) return null;
  const isMovement = (row: readonly string[]): boolean => row.length >= 5 && /\p{L}/u.test(row[2] ?? '') && row[3] === '' && row[4] !== '';
  const isBalance = (row: readonly string[]): boolean => row.length < 5 && (row[2] ?? '') === '';
  if (!texts.every((row, index) => isMovement(row) || (index === texts.length - 1 && isBalance(row)))) return null;
  return { key: 'lcl', name: { fr: 'LCL', en: 'LCL' }, dayOrder: 'dmy', mapping: { kind: 'bank', headerLine: 0, columns: { bookedOn: 0, amount: 1, detail: 2, label: 4 }, lastRowBalance: true } };
}

/** The bank whose export without titles has the shape of these first rows of a file, none of them blank; null when none. */
export const matchBankShape = (rows: readonly TableRow[]): ShapeMatch | null => bnpParibas(rows) ?? lcl(rows);
