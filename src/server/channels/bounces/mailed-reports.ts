import { readDeliveryReport } from '#core/channels/delivery-report.ts';
import { REPORT_LENGTH_MAX } from '#core/channels/report-parts.ts';
import type { Clock } from '#core/kernel/clock.ts';
import type { ReportReader } from '#server/intake/inbox/mailed-report.ts';
import { INBOX_ACTOR } from '#server/intake/inbox/take-in.ts';
import type { Database } from '#server/plumbing/database.ts';
import { recordReport } from './record-bounce.ts';

/** Reads delivery reports of the mailbox into an organisation's send ledger, with the belief that `recordReport` asks for. */
export function mailedReports(database: Database, clock: Clock): ReportReader {
  return {
    bytesMax: REPORT_LENGTH_MAX,
    take: async (organisation, source) => {
      // One character a byte: what is looked for is ASCII, and a report in any encoding keeps its length.
      const report = readDeliveryReport(source.toString('latin1'));
      if (!report.ok) return { kind: 'left', because: 'unreadable' };
      const taken = await database.inTenant(organisation, (t) => recordReport(t, { clock, actor: INBOX_ACTOR }, report.value));
      if (!taken.known) return { kind: 'left', because: 'notOurs' };
      return { kind: 'noted', bounces: taken.bounces, contacts: taken.contacts, halted: taken.halted };
    },
  };
}
