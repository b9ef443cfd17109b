import type { Day } from '#core/kernel/day.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import type { Incoming } from '#core/matching/matching.ts';
import { accepted, payerKeys, refused, withChanges } from '#core/matching/memory.ts';
import type { MemoryChange } from '#core/matching/memory.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Use } from './apply.ts';
import { loadMemory } from './facts-store.ts';
import { storeMemory } from './memory-store.ts';

/** Above so many lines at once the whole memory is read: asking for each payer takes longer. */
const SCOPED_MAX = 100;

/** Named text and a person's choice teach who pays for whom. A credit that was on the account before says nothing of its payer. */
export async function learnUses(t: Tenant, uses: readonly Use[], { today }: { readonly today: Day }): Promise<void> {
  const teaching = uses.filter(({ incoming }) => payerKeys(incoming).length > 0 && !incoming.id.startsWith('credit-'));
  if (teaching.length === 0) return;
  const keys = teaching.length > SCOPED_MAX ? null : teaching.flatMap(({ incoming }) => payerKeys(incoming));
  let memory = await loadMemory(t, keys === null ? null : { keys, customers: [...new Set(teaching.flatMap(({ shares }) => shares.map(({ customer }) => customer)))] });
  const changes: MemoryChange[] = [];
  for (const { incoming, shares } of teaching) {
    for (const { customer } of shares) {
      const some = accepted(memory, payerKeys(incoming), customer);
      changes.push(...some);
      memory = withChanges(memory, some);
    }
  }
  await storeMemory(t, changes, today);
}

/** What is known of who paid. */
export type Paid = Pick<Incoming, 'payer' | 'references'>;

/** A person said that a payer does not stand for a customer: what was remembered of the pair fades. */
export async function learnRefusal(t: Tenant, paid: Paid, of: { readonly customer: CustomerId; readonly today: Day }): Promise<void> {
  const keys = payerKeys(paid);
  const changes = refused(await loadMemory(t, { keys, customers: [of.customer] }), keys, { customer: of.customer, on: of.today });
  await storeMemory(t, changes, of.today);
}

/** A person took its own placing back: what that taught is forgotten, and the customer is not held against the payer. */
export async function unlearn(t: Tenant, paid: Paid, of: { readonly customer: CustomerId; readonly today: Day }): Promise<void> {
  const keys = payerKeys(paid);
  const memory = await loadMemory(t, { keys, customers: [of.customer] });
  const changes = keys.flatMap((key): MemoryChange[] => {
    const list = (key.kind === 'iban' ? memory.ibans : memory.labels).get(key.key) ?? [];
    const times = list.find((one) => one.customer === of.customer)?.times ?? 0;
    return times === 0 ? [] : [{ ...key, customer: of.customer, times: times - 1 }];
  });
  await storeMemory(t, changes, of.today);
}
