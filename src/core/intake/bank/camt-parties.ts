import { parseBic, parseIban } from '#core/kernel/iban.ts';
import { child, find, textAt } from '../xml/xml-node.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import type { BankAccount, BankLine } from './bank-line.ts';

/** The other side of a payment, as a bank line has it. */
export type CamtParty = BankLine['counterparty'];

/** Both sides of a transaction, in the roles the file gives them. */
export type CamtParties = { readonly debtor: CamtParty; readonly creditor: CamtParty };

const NOBODY: CamtParty = { name: null, iban: null, account: null, bic: null, ultimateName: null };

/** No party at all. */
export const NO_PARTIES: CamtParties = { debtor: NOBODY, creditor: NOBODY };

/** An account's identification: an IBAN whose check digits are right, or whatever else is written, as written. */
export function accountOf(account: XmlNode | null): { readonly iban: string | null; readonly other: string | null } {
  const text = textAt(account, 'Id', 'IBAN') ?? textAt(account, 'Id', 'Othr', 'Id') ?? textAt(account, 'Prxy', 'Id');
  if (text === null) return { iban: null, other: null };
  const iban = parseIban(text);
  return iban.ok ? { iban: iban.value, other: null } : { iban: null, other: text };
}

/** The BIC of an institution, under the names it has had since version 02; null when it is none. */
export function bicOf(institution: XmlNode | null): string | null {
  const text = textAt(institution, 'FinInstnId', 'BICFI') ?? textAt(institution, 'FinInstnId', 'BIC');
  return text === null ? null : parseBic(text);
}

/** Reads both sides of a `TxDtls`: versions up to 07 name the party itself, later ones wrap it in `Pty` or `Agt`. */
export function readParties(transaction: XmlNode): CamtParties {
  const parties = child(transaction, 'RltdPties');
  const agents = child(transaction, 'RltdAgts');
  if (parties === null && agents === null) return NO_PARTIES;
  return {
    debtor: partyOf({ party: child(parties, 'Dbtr'), account: child(parties, 'DbtrAcct'), ultimate: child(parties, 'UltmtDbtr'), agent: child(agents, 'DbtrAgt') }),
    creditor: partyOf({ party: child(parties, 'Cdtr'), account: child(parties, 'CdtrAcct'), ultimate: child(parties, 'UltmtCdtr'), agent: child(agents, 'CdtrAgt') }),
  };
}

type Side = { readonly party: XmlNode | null; readonly account: XmlNode | null; readonly ultimate: XmlNode | null; readonly agent: XmlNode | null };

function partyOf({ party, account, ultimate, agent }: Side): CamtParty {
  const { iban, other } = accountOf(account);
  const institution = child(party, 'Agt');
  return {
    name: textAt(party, 'Nm') ?? textAt(party, 'Pty', 'Nm') ?? textAt(institution, 'FinInstnId', 'Nm') ?? textAt(account, 'Nm'),
    iban, account: other,
    bic: bicOf(agent) ?? bicOf(institution),
    ultimateName: textAt(ultimate, 'Nm') ?? textAt(find(ultimate, 'Pty'), 'Nm'),
  };
}

const isNobody = ({ name, iban, account, ultimateName }: CamtParty): boolean => name === null && iban === null && account === null && ultimateName === null;

function isOwn(party: CamtParty, own: BankAccount): boolean {
  return (party.iban !== null && party.iban === own.iban) || (party.account !== null && party.account === own.other);
}

/**
 * The other side of a line. Money in comes from the debtor, money out goes to the creditor. What comes back keeps the roles of the
 * original payment, so it is the other way round; but some banks give it the roles of the return, so there an empty or own side gives way.
 */
export function counterpartyOf(parties: CamtParties, line: { readonly comesIn: boolean; readonly comesBack: boolean; readonly own: BankAccount }): CamtParty {
  const { debtor, creditor } = parties;
  const [expected, opposite] = line.comesIn === line.comesBack ? [creditor, debtor] : [debtor, creditor];
  const givesWay = line.comesBack && (isNobody(expected) || isOwn(expected, line.own)) && !isNobody(opposite) && !isOwn(opposite, line.own);
  return givesWay ? opposite : expected;
}
