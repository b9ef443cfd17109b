import type { Day } from '#core/kernel/day.ts';
import { addDays, day, weekday } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { simulateCompany } from '#sim/company.ts';
import { fecFileName, toFec } from '#sim/fec.ts';
import { toCustomerTable } from '#sim/tables.ts';
import { sendApproved } from '#server/channels/send.ts';
import type { Carriers } from '#server/channels/send.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { approve } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { importFile } from '#server/intake/import-file.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import { manualClock } from '#server/plumbing/clock.ts';
import type { Database } from '#server/plumbing/database.ts';
import { recomputeSegments } from '#server/risk/segments.ts';
import { givenOrganisation } from './given.ts';
import { testGuard } from './guard.ts';
import { postOffice } from './outbox.ts';
import { scratchFolder } from './scratch.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A simulated company that uses the product day by day: its books are imported every few days, segments computed, reminders run and sent. */
export type Living = {
  readonly database: Database;
  readonly seed: number;
  readonly customers: number;
  /** Days of books before the first import. */
  readonly before: number;
  readonly from: Day;
  readonly until: Day;
  /** Days between two imports of the books. */
  readonly importEvery: number;
  /** What is approved and sent at once after each run; by default everything. */
  readonly sends?: (today: Day) => boolean;
  /** What people do in the afternoon, after the run. */
  readonly afternoon?: (of: { organisation: OrganisationId; today: Day; clock: ReturnType<typeof manualClock> }) => Promise<void>;
};

const at = (today: Day, hour: string): string => `${today}T${hour}:00.000Z`;

/** Lives the days; gives the organisation. On week-ends nobody is there and nothing is run. */
export async function liveCompany(living: Living): Promise<OrganisationId> {
  const { database, from, until } = living;
  const organisation = await givenOrganisation(database);
  const letters = must(await openLetterMaker());
  const clock = manualClock(at(from, '05:00'));
  const company = simulateCompany({ seed: living.seed, customers: living.customers, days: living.before + 400, until: addDays(from, 400 - 1) });
  await take(living, { organisation, clock, name: 'clients.csv', text: toCustomerTable(company), today: from });
  for (let today = from, index = 0; today <= until; today = addDays(today, 1), index += 1) {
    clock.set(at(today, '06:00'));
    if (index % living.importEvery === 0) {
      for (const closing of yearsOf(company.from, today)) {
        const first = day(`${closing.slice(0, 4)}-01-01`);
        const text = [...toFec(company, { from: first > company.from ? first : company.from, until: closing < today ? closing : today })].join('');
        await take(living, { organisation, clock, name: fecFileName(closing), text, today });
      }
    }
    if (weekday(today) > 5) continue;
    clock.set(at(today, '07:00'));
    await recomputeSegments(database, { organisation, today, clock, actor: 'test' });
    clock.set(at(today, '08:00'));
    await runDunning(database, { organisation, today, clock, actor: 'test' });
    clock.set(at(today, '10:00'));
    if (living.sends?.(today) !== false) await sendAll(database, { organisation, today, clock, letters });
    clock.set(at(today, '15:00'));
    await living.afternoon?.({ organisation, today, clock });
  }
  return organisation;
}

/** The closing days of the years that a book up to a day has; the year before the day's only in its first weeks, when it still changes. */
function yearsOf(from: Day, today: Day): Day[] {
  const years: Day[] = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(today.slice(0, 4)); year += 1) years.push(day(`${year}-12-31`));
  return years;
}

type Order = { readonly organisation: OrganisationId; readonly clock: ReturnType<typeof manualClock>; readonly today: Day };

async function take({ database }: Living, of: Order & { name: string; text: string }): Promise<void> {
  const path = join(await scratchFolder(), of.name);
  await writeFile(path, of.text);
  const report = await importFile(database, { organisation: of.organisation, path, fileName: of.name, today: of.today, clock: of.clock, actor: 'test' });
  if (report.status === 'refused') throw new Error(`${of.name}: ${report.problems.map((one) => one.message.en).join(' ')}`);
}

/** Approves and hands over everything: e-mails to a mail server that takes them all, letters to a folder that does. */
async function sendAll(database: Database, of: Order & { letters: LetterMaker }): Promise<void> {
  const { organisation, today, clock, letters } = of;
  await database.inTenant(organisation, (t) => approve(t, 'all', { clock, actor: 'test' }));
  const worker = await joinWorkers(database);
  const carriers: Carriers = { mail: postOffice().carrier, letter: async ({ name }) => name };
  try {
    await sendApproved(database, { organisation, today, clock, actor: 'test', worker, letters, carriers, guard: testGuard(database), sender: { from: 'relances@duval.example', instance: 'test' } });
  } finally {
    await worker.leave();
  }
}
