import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import { listActions, resolveUnknown } from '#server/dunning/actions.ts';
import type { ActionRow } from '#server/dunning/actions.ts';
import { BY, TODAY } from './company.ts';
import type { Installation } from './installation.ts';
import type { Sink } from './sink.ts';

/** Actions the screen lists at once. */
const LISTED_MAX = 1000;

/** The print folder of an installation. */
export const printFolder = ({ dataDir }: Installation): string => join(dataDir, 'letters');

/** Names of the letters in the print folder; parts of letters, which nobody prints, begin with a dot. */
export function printed(at: Installation): string[] {
  const folder = printFolder(at);
  return existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
}

/** Names of the letters of an action. */
export const letterOf = (at: Installation, action: string): string[] => printed(at).filter((name) => name.endsWith(`-${action}.pdf`));

/** SHA-256 of a file of the print folder. */
export const printedHash = async (at: Installation, name: string): Promise<string> => createHash('sha256').update(await readFile(join(printFolder(at), name))).digest('hex');

/** The parked actions as the screen lists them. */
export const parkedList = (at: Installation): Promise<ActionRow[]> =>
  at.database.inTenant(at.organisation, (t) => listActions(t, { state: ['unknown'], limit: LISTED_MAX }), { isolation: 'repeatable read', readOnly: true });

/** What a person found out of a parked action, and whether the one decision settled it; `shown` says whether its bytes are there to look at. */
export type Decided = { readonly action: ActionId; readonly arrived: boolean; readonly settled: boolean; readonly shown: boolean };

/**
 * Does what a person does with parked messages: looks at the mail server or into the print folder, and says what became of each. Who calls this knows that
 * nothing of them is under way any more: the minutes for which it might be, and the wait before what did not arrive leaves again, are not sat out but moved back.
 */
export async function decide(at: Installation, sink: Sink, parked: readonly ActionRow[]): Promise<Decided[]> {
  const ids = parked.map((row) => row.action_id);
  if (ids.length === 0) return [];
  const stored = await at.owner<{ action_id: string }>(`
    select action_id from message where organisation_id = $1 and action_id = any($2::bigint[]) and coalesce(mime, pdf) is not null
      and coalesce(sha256(mime), sha256(pdf)) = coalesce(mime_sha256, pdf_sha256)`, [at.organisation, ids]);
  const whole = new Set(stored.map((row) => row.action_id));
  await at.owner("update send_attempt set claimed_at = claimed_at - interval '1 day' where organisation_id = $1 and action_id = any($2::bigint[])", [at.organisation, ids]);
  const decided: Decided[] = [];
  for (const row of parked) {
    const arrived = row.channel === 'email' ? sink.takenFor(row.recipient ?? '').length > 0 : letterOf(at, row.action_id).length > 0;
    const { settled } = await at.database.inTenant(at.organisation, (t) => resolveUnknown(t, row.action_id, { arrived, today: day(TODAY), by: BY }));
    decided.push({ action: row.action_id, arrived, settled, shown: whole.has(row.action_id) });
  }
  await wakeWaiting(at);
  return decided;
}

/** Moves the time of what waits for its next try back, as the owner: nobody here has ten minutes. */
export async function wakeWaiting(at: Installation): Promise<void> {
  await at.owner("update action set state_at = state_at - interval '30 days' where organisation_id = $1 and state = 'approved' and fence > 0 and state_at > now() - interval '10 days'", [at.organisation]);
}

/** How many messages stand in each state. */
export async function standing(at: Installation): Promise<ReadonlyMap<string, number>> {
  const rows = await at.owner<{ state: string; count: number }>('select state, count(*)::int as count from action where organisation_id = $1 group by state', [at.organisation]);
  return new Map(rows.map((row) => [row.state, row.count]));
}
