import { amountOf } from './statement-draft.ts';
import type { Draft, Scene } from './statement-draft.ts';
import type { StatementLine } from './statement-line.ts';
import { digits } from './statement-names.ts';
import { anyEndToEndId, noise, REMITTANCE_MAX, sentenceOf } from './statement-text.ts';

/** Banks that give the payer's name inside the label and not in a field of its own. */
const NAME_IN_LABEL_CHANCE = 0.1;
const NOISE_CHANCE = 0.22;
/** A payer's program keeps its way of writing around the references most of the time. */
const KEPT_SENTENCE_CHANCE = 0.85;

/** A line as the bank gives it; `told`: name or account tell the customer, `whole`: every reference is still in it. */
export type WrittenLine = { readonly line: StatementLine; readonly told: boolean; readonly whole: boolean };

/** Writes a payment down as the payer and its bank would. `ibanShare`: how often the format gives the payer's account. */
export function writeLine(scene: Scene, draft: Draft, ibanShare: number): WrittenLine {
  const { random, on } = scene;
  const { account, fields } = draft;
  const remittance = remittanceOf(scene, draft);
  const withIban = draft.mess === 'noText' || random.chance(ibanShare);
  const iban = account !== null && withIban && draft.mess !== 'returned' ? account.iban : null;
  const holder = account === null || account.holder === '' ? null : account.holder;
  const inLabel = holder !== null && random.chance(NAME_IN_LABEL_CHANCE);
  const label = fields.label ?? 'VIR SEPA RECU';
  return {
    line: {
      bookedOn: on, minor: amountOf(draft), currency: 'EUR',
      counterparty: { name: inLabel ? null : holder, iban, account: null, bic: null, ultimateName: fields.ultimateName ?? null },
      endToEndId: fields.endToEndId === undefined ? anyEndToEndId(random, on) : fields.endToEndId,
      mandateId: fields.mandateId ?? null, bankReference: digits(random, 9), creditorReference: fields.creditorReference ?? null, documents: fields.documents ?? [],
      remittance, label: inLabel ? `${label} /DE ${holder}` : label, returned: fields.returned ?? null,
    },
    told: isTold(scene, draft, { iban, holder }),
    whole: draft.refs.every((ref) => remittance.includes(ref)),
  };
}

function remittanceOf({ random, on }: Scene, draft: Draft): string {
  const { customer, refs, words, account } = draft;
  const way = customer !== null && random.chance(KEPT_SENTENCE_CHANCE) ? customer.sentence : random.between(0, 9);
  const said = refs.length > 0 && words === null ? sentenceOf(refs, way) : (words ?? '');
  const isQuiet = said === '' || draft.mess === 'stranger' || draft.mess === 'returned' || !random.chance(NOISE_CHANCE);
  if (isQuiet) return said.slice(0, REMITTANCE_MAX).trim();
  const more = noise(random, { on, code: customer?.code ?? 'C99999', iban: account?.iban ?? '' });
  return (random.chance(0.7) ? `${said} ${more}` : `${more} ${said}`).slice(0, REMITTANCE_MAX).trim();
}

/** The customer the money is for can be told from who pays: by a name nobody else has, or an account that paid for it alone. */
function isTold({ book }: Scene, { customer, account, fields }: Draft, shown: { iban: string | null; holder: string | null }): boolean {
  if (customer === null) return false;
  if (book.knows(shown.iban, customer) || fields.ultimateName === customer.name) return true;
  const own = customer.accounts.some((one) => one.iban === account?.iban);
  return own && customer.isToldByName && shown.holder !== null;
}
