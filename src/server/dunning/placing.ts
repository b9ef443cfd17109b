import { placingsOf, planPlacing, withKeys } from '#core/dunning/place-sends.ts';
import type { Here, Keyed, Placing, PlacingPlan, SendToPlace, StandingAction, WaitingSend } from '#core/dunning/place-sends.ts';
import type { SendFacts } from '#core/dunning/send-facts.ts';
import type { ActionId } from '#core/kernel/id.ts';

/** What became of such messages: actions that stand as sent, or wait for a person; those of whose customer or items something is not here. */
export type Placed = { readonly sent: ActionId[]; readonly parked: ActionId[]; readonly waiting: number };

/** What placing asks of a ledger: PostgreSQL in production, memory in the simulator. Within one transaction. */
export type PlacingStore = {
  /** Sends that were noted and are not placed whole. */
  waiting(): Promise<readonly WaitingSend[]>;
  here(sends: readonly SendFacts[]): Promise<Here>;
  /** Live actions of these intents, by key; locked. */
  standing(keys: readonly string[]): Promise<ReadonlyMap<string, StandingAction>>;
  /** Cancels actions that were overtaken. */
  cancel(ids: readonly ActionId[]): Promise<void>;
  /** Lets actions that stand here take what became of their intent elsewhere. */
  take(taken: PlacingPlan['taken']): Promise<void>;
  /** Makes actions of sends that nothing here stands for; gives them in the same order. Their items come with `addItems`. */
  make(made: readonly Keyed[]): Promise<readonly ActionId[]>;
  /** Adds the items that an action does not list yet; its total is that of its items. */
  addItems(of: readonly (Pick<Placing, 'items'> & { readonly action: ActionId })[]): Promise<void>;
  /** Notes which action stands for a send; one that is whole waits no more. */
  note(of: readonly (Pick<Placing, 'row' | 'whole'> & { readonly action: ActionId })[]): Promise<void>;
};

/** Places what waits, as far as its customer and items are here by now. */
export async function placeWaiting(store: PlacingStore): Promise<Placed> {
  const waiting = await store.waiting();
  if (waiting.length === 0) return { sent: [], parked: [], waiting: 0 };
  const placings = placingsOf(waiting, await store.here(waiting.map(({ send }) => send)));
  // A copy hangs on the action of its message.
  const done = [...(await placeOnce(store, placings.filter(({ send }) => send.purpose !== 'copy'))), ...(await placeOnce(store, placings.filter(({ send }) => send.purpose === 'copy')))];
  const ids = (outcome: SendToPlace['outcome']): ActionId[] => done.flatMap((one) => (one.outcome === outcome ? [one.action] : []));
  return { sent: ids('accepted'), parked: ids('unknown'), waiting: waiting.length - placings.filter(({ whole }) => whole).length };
}

type Done = Placing & { readonly action: ActionId };

/** Does what `planPlacing` says of each send; gives those that no action stood for. Items that came after their action was made are added to it. */
async function placeOnce(store: PlacingStore, placings: readonly Placing[]): Promise<Done[]> {
  if (placings.length === 0) return [];
  const fresh = withKeys(placings.filter(({ action }) => action === null));
  const plan = planPlacing(fresh, await store.standing(fresh.map(({ key }) => key)));
  await store.cancel(plan.overtaken);
  await store.take(plan.taken);
  const ids = await store.make(plan.made);
  const made = plan.made.map((one, index): Done => {
    const action = ids[index];
    if (action === undefined) throw new Error('a send was given no action');
    return { ...one, action };
  });
  const taken = plan.taken.map((one): Done => ({ ...one, action: one.there.action }));
  const grown = placings.flatMap((one): Done[] => (one.action === null ? [] : [{ ...one, action: one.action }]));
  await store.addItems([...made, ...grown]);
  await store.note([...taken, ...made, ...grown]);
  return [...taken, ...made];
}
