import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { SendGuard } from '#server/channels/journal/guard.ts';
import type { Carriers } from '#server/channels/send.ts';
import type { Sender } from '#server/channels/prepare.ts';
import type { WorkerPresence } from '#server/channels/worker-presence.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Log } from '#server/plumbing/log.ts';
import type { Settings } from '#server/plumbing/settings.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Jobs } from './jobs.ts';
import type { Uploads } from './uploads.ts';

/** Fills an organisation with a simulated company; it comes from outside because simulations are no part of the server. */
export type CreateSample = (
  database: Database, options: { clock: Clock; today: Day; actor: string; code: string },
) => Promise<OrganisationId>;

/** What the web server is given to work with. */
export type WebOptions = {
  readonly database: Database;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
  readonly letters: LetterMaker;
  readonly carriers: Carriers;
  readonly sender: Sender;
  readonly worker: WorkerPresence;
  readonly guard: SendGuard;
  /** Absent: the welcome page offers only one's own ledger. */
  readonly createSample?: CreateSample;
  /** Folder of the built web app; by default `dist/web` of the checkout. */
  readonly webFolder?: string;
};

/** The same with what lives as long as the server. */
export type WebContext = WebOptions & { readonly jobs: Jobs; readonly uploads: Uploads };

/** The business day of the organisation now. */
export async function todayOf(t: Tenant, clock: Clock): Promise<Day> {
  const profile = await t.one<{ time_zone: string }>(t.sql`select p.time_zone from ${t.from('profile')} p`);
  if (profile === null) throw new Error('the organisation has no profile');
  return clock.today(profile.time_zone);
}
