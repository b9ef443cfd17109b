import type { Day } from '#core/kernel/day.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Company } from './company.ts';
import type { SimCustomer } from './customer.ts';
import type { CompanyEvent, Issued, Received, Returned } from './event.ts';

/** The entries of which days a file holds; what is still open before them comes first, as opening lines. */
export type FecWindow = { readonly from: Day; readonly until: Day };

/** SIREN of the simulated company, which no register ever gave. */
export const COMPANY_SIREN = '000000000';

/** Characters of one piece of text; a reader cuts it anywhere again. */
const CHUNK_CHARS = 64 * 1024;

const TITLES = [
  'JournalCode', 'JournalLib', 'EcritureNum', 'EcritureDate', 'CompteNum', 'CompteLib', 'CompAuxNum', 'CompAuxLib', 'PieceRef', 'PieceDate', 'EcritureLib',
  'Debit', 'Credit', 'EcritureLet', 'DateLet', 'ValidDate', 'Montantdevise', 'Idevise',
] as const;
const JOURNALS = { AN: 'À-nouveaux', VT: 'Ventes', BQ: 'Banque' } as const;
const ACCOUNTS = {
  411_000: 'Clients', 419_100: 'Clients - Acomptes reçus', 706_000: 'Prestations de services', 445_710: 'TVA collectée', 512_000: 'Banque',
  666_000: 'Pertes de change', 766_000: 'Gains de change', 890_000: 'Bilan d\'ouverture',
} as const;
type Account = keyof typeof ACCOUNTS;
type Movement = Issued | Received | Returned;

/** The name of the file the law asks for: SIREN, FEC, closing day. */
export const fecFileName = (closingOn: Day, siren = COMPANY_SIREN): string => `${siren}FEC${compact(closingOn)}.txt`;

const compact = (day: Day): string => day.replaceAll('-', '');
const amountText = (minor: bigint): string => decimalMinor(minor, 2).replace('.', ',');

/** What the accountant had lettered by the file's last day, by the rank of the line; and what was open before its first. */
type Lettering = { readonly codes: string[]; readonly days: Day[]; readonly open: readonly Movement[] };

function readLettering(company: Company, window: FecWindow): Lettering {
  const codes: string[] = [];
  const days: Day[] = [];
  const open = new Map<number, Movement>();
  for (const event of company) {
    if (event.on > window.until) break;
    if (event.kind === 'lettered') {
      for (const member of event.members) {
        codes[member] = event.code;
        days[member] = event.on;
        if (event.whole && event.on < window.from) open.delete(member);
      }
    } else if (isMovement(event) && event.on < window.from) open.set(event.id, event);
  }
  return { codes, days, open: [...open.values()] };
}

const isMovement = (event: CompanyEvent): event is Movement => event.kind === 'issued' || event.kind === 'received' || event.kind === 'returned';

/**
 * The company's books as a FEC in UTF-8 with tabs, in pieces: sales and bank entries by day, lettering as far as the accountant had
 * come by the window's last day. The company's life is gone through twice: a line's lettering is known only later.
 */
export function* toFec(company: Company, window: FecWindow = company): Generator<string, undefined> {
  const lettering = readLettering(company, window);
  const file = new FecText(lettering);
  file.opening(lettering.open, window.from);
  for (const event of company) {
    if (event.on > window.until) break;
    if (event.on >= window.from && isMovement(event)) file.movement(event);
    if (file.isFull) yield file.take();
  }
  yield file.take();
  return undefined;
}

/** One line: what differs between the lines of an entry. Positive amounts are debits, negative ones credits. */
type Line = { readonly account: Account; readonly signed: bigint };
type Head = { readonly journal: keyof typeof JOURNALS; readonly on: Day; readonly piece: string; readonly pieceOn: Day; readonly label: string; readonly customer: SimCustomer | null; readonly source: Movement | null };

class FecText {
  readonly #lettering: Lettering;
  #text = `${TITLES.join('\t')}\r\n`;
  #entries = 0;

  constructor(lettering: Lettering) {
    this.#lettering = lettering;
  }

  get isFull(): boolean {
    return this.#text.length >= CHUNK_CHARS;
  }

  /** The text written so far; it is given once. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  /** One opening entry with the detail of every open line, as software carries it over. */
  opening(open: readonly Movement[], on: Day): void {
    if (open.length === 0) return;
    this.#entries += 1;
    let total = 0n;
    for (const movement of open) {
      total += signedOf(movement);
      const label = `AN ${labelOf(movement)}`;
      this.#line({ journal: 'AN', on, piece: movement.number, pieceOn: movement.on, label, customer: movement.customer, source: movement }, { account: 411_000, signed: signedOf(movement) });
    }
    this.#line({ journal: 'AN', on, piece: 'AN', pieceOn: on, label: 'Bilan d\'ouverture', customer: null, source: null }, { account: 890_000, signed: -total });
  }

  /** The entry of a movement: the customer's line, then its counterparts. */
  movement(movement: Movement): void {
    this.#entries += 1;
    const { on, number, customer } = movement;
    const head = { journal: movement.kind === 'issued' ? 'VT' : 'BQ', on, piece: number, pieceOn: on, label: labelOf(movement), customer, source: movement } as const;
    this.#line(head, { account: 411_000, signed: signedOf(movement) });
    for (const line of counterparts(movement)) if (line.signed !== 0n) this.#line(head, line);
  }

  #line(head: Head, line: Line): void {
    const { source, customer } = head;
    const receivable = line.account === 411_000;
    const named = receivable || line.account === 419_100;
    const code = receivable && source !== null ? (this.#lettering.codes[source.id] ?? '') : '';
    const lettered = receivable && source !== null && code !== '' ? this.#lettering.days[source.id] : undefined;
    const foreign = receivable && source !== null && source.kind !== 'returned' ? source.foreign : null;
    this.#text += [
      head.journal, JOURNALS[head.journal], String(this.#entries), compact(head.on), String(line.account), ACCOUNTS[line.account],
      named ? (customer?.code ?? '') : '', named ? (customer?.name ?? '') : '', head.piece, compact(head.pieceOn), head.label,
      line.signed > 0n ? amountText(line.signed) : '0,00', line.signed < 0n ? amountText(-line.signed) : '0,00', code, lettered === undefined ? '' : compact(lettered), compact(head.on),
      foreign === null ? '' : amountText(line.signed < 0n ? -foreign.amount : foreign.amount), foreign?.currency ?? '',
    ].join('\t') + '\r\n';
  }
}

/** What a movement does to the customer's account: a debit above zero. */
function signedOf(movement: Movement): bigint {
  const credit = movement.kind === 'received' || (movement.kind === 'issued' && movement.document === 'creditNote');
  return credit ? -movement.amount : movement.amount;
}

function counterparts(movement: Movement): Line[] {
  switch (movement.kind) {
    case 'received':
      return [
        { account: 512_000, signed: movement.amount + movement.gain },
        { account: movement.gain > 0n ? 766_000 : 666_000, signed: -movement.gain },
      ];
    case 'returned':
      return [{ account: 512_000, signed: -movement.amount }];
    case 'issued':
      return salesOf(movement);
  }
}

function salesOf({ document, net, vat, deposit }: Issued): Line[] {
  if (document === 'creditNote') return [{ account: 706_000, signed: net }, { account: 445_710, signed: vat }];
  if (document === 'deposit') return [{ account: 419_100, signed: -net }, { account: 445_710, signed: -vat }];
  return [
    { account: 419_100, signed: deposit?.net ?? 0n },
    { account: 706_000, signed: -net },
    { account: 445_710, signed: (deposit?.vat ?? 0n) - vat },
  ];
}

const MEANS_LABELS = { transfer: 'VIR RECU', directDebit: 'PRLV', cheque: 'REMISE CHEQUE', card: 'CARTE' } as const;

function labelOf(movement: Movement): string {
  const { customer } = movement;
  switch (movement.kind) {
    case 'received':
      return `${MEANS_LABELS[movement.means]} ${customer.name} ${movement.about.slice(0, 3).join(' ')}`;
    case 'returned':
      return movement.why === 'refund' ? `Remboursement trop-perçu ${movement.about}` : `Rejet de paiement ${movement.about}`;
    case 'issued':
      if (movement.document === 'creditNote') return `Avoir ${movement.number} sur ${movement.about ?? ''}`;
      return movement.document === 'deposit' ? `Acompte ${movement.number} ${customer.name}` : `Facture ${movement.number} ${customer.name}`;
  }
}
