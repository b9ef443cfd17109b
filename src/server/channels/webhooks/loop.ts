import { setTimeout as sleep } from 'node:timers/promises';
import { TEST_EVENT } from '#core/channels/webhook-events.ts';
import type { Clock } from '#core/kernel/clock.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { SendGuard } from '#server/channels/journal/guard.ts';
import type { WorkerPresence } from '#server/channels/worker-presence.ts';
import type { Database } from '#server/plumbing/database.ts';
import { loggableError } from '#server/plumbing/log.ts';
import type { Log } from '#server/plumbing/log.ts';
import { newSalt, systemRandom } from '#server/plumbing/random.ts';
import { forgetCalls } from './calls.ts';
import { callWebhook } from './hand-over.ts';
import type { Calling } from './hand-over.ts';
import type { Post, Posted } from './post.ts';
import { signedHeaders } from './signature.ts';
import { dueWebhooks } from './webhooks.ts';

/** How long news may wait for its first call. */
const LOOK_MS = 5_000;
/** An organisation that has no webhook is looked at this often: somebody may have added one with another process. */
const LOOK_WITHOUT_MS = 15_000;
/** Calls that are done are looked for to be removed. */
const FORGET_MS = 6 * 3_600_000;
/** Receivers called at once, in all and of one organisation: a slow one holds its own place, never that of the next organisation. */
const LANES = 24;
const LANES_EACH = 4;
/** Of the id of a call that is only a try: nobody is to take it for known. */
const TEST_ID_BYTES = 16;

/** What the loop works with. */
export type WebhookLoop = {
  readonly database: Database; readonly clock: Clock; readonly log: Log; readonly guard: SendGuard; readonly post: Post;
  organisations(): Promise<readonly { readonly id: OrganisationId }[]>;
  /** Receivers called at once, in all: 24. */
  readonly lanes?: number;
};

/** Calls that go on beside all other work: no run and no message waits for a receiver. */
export type Webhooks = { wake(): void; stop(): Promise<void> };

type Due = { readonly organisation: OrganisationId; readonly webhook: string; readonly lastAt: string };

/** Starts the loop; `worker` is the number under which webhooks are claimed. */
export function startWebhooks(parts: WebhookLoop, worker: WorkerPresence): Webhooks {
  const lanes = new Map<string, { organisation: OrganisationId; turn: Promise<void> }>();
  const looked = new Map<OrganisationId, { nextMs: number; forgotMs: number }>();
  const stopping = new AbortController();
  const calling: Calling = { ...parts, worker, random: systemRandom, stopping: stopping.signal };
  let waiting = new AbortController();

  const start = (organisation: OrganisationId, webhook: string): void => {
    const key = `${organisation}/${webhook}`;
    const busy = [...lanes.values()].filter((lane) => lane.organisation === organisation).length;
    if (stopping.signal.aborted || lanes.has(key) || lanes.size >= (parts.lanes ?? LANES) || busy >= LANES_EACH) return;
    const turn = turnOf(calling, { organisation, webhook }, parts.log).finally(() => lanes.delete(key));
    lanes.set(key, { organisation, turn });
  };
  const look = async (organisation: OrganisationId, nowMs: number): Promise<Due[]> => {
    const seen = looked.get(organisation) ?? { nextMs: 0, forgotMs: 0 };
    if (seen.nextMs > nowMs) return [];
    const now = parts.clock.now();
    const { due, some } = await parts.database.inTenant(organisation, (t) => dueWebhooks(t, now), { readOnly: true });
    const forget = nowMs - seen.forgotMs >= FORGET_MS;
    if (forget) await parts.database.inTenant(organisation, (t) => forgetCalls(t, now));
    looked.set(organisation, { nextMs: some ? 0 : nowMs + LOOK_WITHOUT_MS, forgotMs: forget ? nowMs : seen.forgotMs });
    return due.map(({ webhook, lastAt }) => ({ organisation, webhook, lastAt }));
  };
  const round = async (): Promise<void> => {
    try {
      const due: Due[] = [];
      for (const { id } of await parts.organisations()) due.push(...(await look(id, Date.parse(parts.clock.now())).catch((error: unknown) => notLooked(parts.log, { organisation: id, error }))));
      // Whoever was called longest ago goes first: places are few, and receivers that are slow and never done must not keep them.
      for (const { organisation, webhook } of due.toSorted((a, b) => (a.lastAt < b.lastAt ? -1 : 1))) start(organisation, webhook);
    } catch (error) {
      // The database is away for a moment; the next round looks again.
      parts.log.error({ part: 'webhooks', error: loggableError(error) }, 'webhooks could not be looked at');
    }
  };
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      waiting = new AbortController();
      await round();
      await sleep(LOOK_MS, undefined, { signal: AbortSignal.any([waiting.signal, stopping.signal]) }).catch(() => null);
    }
  })();
  return {
    wake: () => {
      for (const seen of looked.values()) seen.nextMs = 0;
      waiting.abort();
    },
    stop: async () => {
      stopping.abort();
      await loop;
      // A call takes ten seconds at most; its end is noted before the process goes.
      await Promise.all([...lanes.values()].map(({ turn }) => turn));
    },
  };
}

/** What is wrong with one organisation is not to keep the others waiting; the next round looks again. */
function notLooked(log: Log, { organisation, error }: { organisation: OrganisationId; error: unknown }): Due[] {
  log.error({ part: 'webhooks', organisation, error: loggableError(error) }, 'webhooks could not be looked at');
  return [];
}

async function turnOf(calling: Calling, of: { organisation: OrganisationId; webhook: string }, log: Log): Promise<void> {
  try {
    const end = await callWebhook(calling, of);
    if (end === 'closed') log.warn({ part: 'webhooks', ...of }, 'a webhook was switched off');
  } catch (error) {
    log.error({ part: 'webhooks', ...of, error: loggableError(error) }, 'webhook turn failed');
  }
}

/** Calls a receiver once to try it, with an event nobody subscribes to, whether it is on or off; null when there is no such webhook. */
export async function tryWebhook({ database, clock, guard, post }: Pick<WebhookLoop, 'database' | 'clock' | 'guard' | 'post'>, of: { organisation: OrganisationId; webhook: string }): Promise<Posted | 'frozen' | 'sample' | null> {
  if ((await guard.check(database, clock.now())) !== null) return 'frozen';
  const at = clock.now();
  const row = await database.inTenant(of.organisation, (t) => t.one<{ url: string; secrets: Buffer[]; sample: boolean }>(t.sql`
    select w.url, array_prepend(w.secret, case when w.former_until > ${at}::timestamptz then w.former_secrets else '{}' end) as secrets, p.sample from ${t.from('webhook')} w, ${t.from('profile')} p where w.webhook_id = ${of.webhook}::bigint and w.state <> 'removed'`), { readOnly: true });
  if (row === null || row.sample) return row === null ? null : 'sample';
  const body = Buffer.from(JSON.stringify({ type: TEST_EVENT, timestamp: at, data: {} }), 'utf8');
  return post({ url: row.url, headers: signedHeaders({ id: `test_${newSalt(TEST_ID_BYTES).toString('hex')}`, at, body, secrets: row.secrets }), body });
}
