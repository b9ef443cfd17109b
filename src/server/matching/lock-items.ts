import type { Currency } from '#core/kernel/currency.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import type { Part } from '#core/matching/matching.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { amountWords, conflict, invalid } from './faults.ts';

/** What an item must be to be used. */
type Wanted = { readonly side: 'debit' | 'credit'; readonly customer: CustomerId; readonly currency: Currency };

/** Items held by the caller's transaction until it ends, with what is open of them. */
export type LockedItems = {
  /** Uses some of an item. Throws when it is none of that customer and currency, or a conflict that says what is left of it. */
  take(part: Part, wanted: Wanted): void;
};

type Row = { id: ItemId; customer: CustomerId; side: 'debit' | 'credit'; currency: Currency; open: string; voided: boolean; name: string };

/** Locks items in the order of their numbers, wherever they come from: two people never wait for each other. */
export async function lockItems(t: Tenant, ids: readonly ItemId[]): Promise<LockedItems> {
  const rows = await t.rows<Row>(t.sql`
    select i.item_id as id, i.customer_id as customer, i.side, i.currency, (i.amount - i.allocated)::text as open, i.voided_at is not null as voided,
      coalesce(i.document, nullif(left(i.label, 80), ''), i.kind) as name
    from ${t.from('item')} i where i.item_id = any(${[...new Set(ids)]}::bigint[]) order by i.item_id for update`);
  const items = new Map(rows.map(({ open, ...row }) => [row.id, { ...row, open: BigInt(open) }]));
  return {
    take: ({ item, minor }, { side, customer, currency }) => {
      const one = items.get(item);
      const field = side === 'debit' ? 'parts' : 'credits';
      if (one === undefined || one.side !== side) throw invalid(field, 'Une des pièces choisies n’existe pas : rechargez la page.', 'One of the documents chosen does not exist: reload the page.');
      if (one.voided) throw conflict(`${one.name} a été annulée entre-temps : rechargez la ligne.`, `${one.name} was cancelled meanwhile: reload the line.`);
      if (one.customer !== customer) throw invalid(field, `${one.name} est à un autre client : mettez-la sous le sien.`, `${one.name} belongs to another customer: put it under its own.`);
      if (one.currency !== currency) throw invalid(field, `${one.name} est en ${one.currency}, l’argent en ${currency} : deux devises ne se lettrent pas.`, `${one.name} is in ${one.currency}, the money in ${currency}: two currencies are not matched.`);
      if (minor <= 0n) throw invalid(field, `${one.name} : le montant doit être au-dessus de zéro.`, `${one.name}: the amount must be above zero.`);
      if (minor > one.open) throw beyond(one.name, { asked: minor, open: one.open, currency });
      one.open -= minor;
    },
  };
}

function beyond(name: string, { asked, open, currency }: { asked: bigint; open: bigint; currency: Currency }): Error {
  const [wanted, left] = [amountWords(asked, currency), amountWords(open, currency)];
  return open === 0n
    ? conflict(`${name} est déjà soldée : quelqu’un a été plus rapide. Choisissez une autre pièce.`, `${name} is settled already: somebody was faster. Choose another document.`)
    : conflict(`Il ne reste que ${left.fr} ouverts sur ${name}, pour ${wanted.fr} demandés : corrigez le montant, ou rechargez la ligne.`, `Only ${left.en} is left open of ${name}, ${wanted.en} was asked for: correct the amount, or reload the line.`);
}
