import type { OrganisationId } from '#core/kernel/id.ts';
import type { WorkerPresence } from './worker-presence.ts';

/** The last call of each worker for each organisation. */
const calls = new WeakMap<WorkerPresence, Map<OrganisationId, Promise<unknown>>>();

/**
 * Makes the calls of a worker for an organisation one after the other: a call takes what it finds claimed under its own number for abandoned, and would
 * park what another call of the same process, for which two persons pressed the same button, is handing over.
 */
export async function inTurn<T>(worker: WorkerPresence, organisation: OrganisationId, work: () => Promise<T>): Promise<T> {
  const own = calls.get(worker) ?? new Map<OrganisationId, Promise<unknown>>();
  calls.set(worker, own);
  const before = own.get(organisation);
  const call = before === undefined ? work() : before.then(work);
  // How a call ended is said to who made it; the next one only waits.
  const ended = call.catch(() => null);
  own.set(organisation, ended);
  try {
    return await call;
  } finally {
    if (own.get(organisation) === ended) own.delete(organisation);
  }
}
