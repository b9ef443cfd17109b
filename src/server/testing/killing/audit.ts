import { verify } from '#server/audit/verify.ts';
import type { Installation } from './installation.ts';
import { printed, printedHash } from './person.ts';
import type { Sink } from './sink.ts';

/** A count that must hold, and what was found. A meter says whether the run could have found anything: a bug is not caught by it. */
export type Count = { readonly name: string; readonly found: string; readonly holds: boolean; readonly meter?: true };

type Row = {
  action_id: string; channel: string; state: string; state_reason: string | null; recipient: string | null; header_id: string | null; mime: string | null; pdf: string | null;
};

/** Of what is lost, so many are named. */
const SHOWN = 5;

const readRows = (at: Installation): Promise<Row[]> => at.owner<Row>(`
  select a.action_id, a.channel, a.state, a.state_reason, a.recipient, m.header_id, encode(m.mime_sha256, 'hex') as mime, encode(m.pdf_sha256, 'hex') as pdf
  from action a left join message m on m.organisation_id = a.organisation_id and m.action_id = a.action_id where a.organisation_id = $1 order by a.action_id`, [at.organisation]);

const extra = (values: readonly string[]): number => values.length - new Set(values).size;

/** A message is lost when the ledger says sent and nobody has it, or when it neither left nor says why. */
function isLost(row: Row, arrived: boolean): boolean {
  switch (row.state) {
    case 'sent': return !arrived;
    case 'unknown': return false;
    case 'failed': case 'cancelled': case 'expired': return arrived || (row.state_reason ?? '') === '';
    default: return true;
  }
}

/** Holds the mail server's and the print folder's books against the ledger: every message once, none lost, the bytes those that are stored. */
export async function audit(at: Installation, sink: Sink, acknowledged: readonly string[] = []): Promise<Count[]> {
  const rows = await readRows(at);
  const mails = rows.filter((row) => row.channel === 'email');
  const letters = rows.filter((row) => row.channel !== 'email');
  const byHeader = new Map(mails.map((row) => [row.header_id ?? '', row]));
  const names = printed(at);
  const printedOf = new Map(names.map((name) => [/-(\d+)\.pdf$/.exec(name)?.[1] ?? name, name]));
  const strangers = sink.taken.filter((one) => byHeader.get(one.headerId)?.recipient !== one.to).length + names.filter((name) => !letters.some((row) => name.endsWith(`-${row.action_id}.pdf`))).length;
  const changed = sink.taken.filter((one) => byHeader.get(one.headerId)?.mime !== one.sha256).length;
  let changedLetters = 0;
  for (const row of letters) {
    const name = printedOf.get(row.action_id);
    if (name !== undefined && (await printedHash(at, name)) !== row.pdf) changedLetters += 1;
  }
  const lost = mails.filter((row) => isLost(row, sink.takenFor(row.recipient ?? '').length > 0));
  const lostLetters = letters.filter((row) => isLost(row, printedOf.has(row.action_id)));
  const states = new Map(rows.map((row) => [row.action_id, row.state]));
  const forgotten = acknowledged.filter((action) => states.get(action) !== 'sent');
  const faults = (await at.database.inTenant(at.organisation, verify)).filter((check) => !check.ok);
  const zero = (name: string, bad: number | readonly Row[], of: number): Count => {
    const found = typeof bad === 'number' ? bad : bad.length;
    const which = typeof bad === 'number' ? [] : bad;
    return { name, found: [`${found} of ${of}`, ...which.slice(0, SHOWN).map((row) => `${row.action_id} ${row.state} ${row.state_reason ?? ''}`)].join('; '), holds: found === 0 };
  };
  return [
    zero('e-mails twice, by Message-ID', extra(sink.taken.map((one) => one.headerId)), sink.taken.length),
    zero('e-mails twice, by recipient', extra(sink.taken.map((one) => one.to)), sink.taken.length),
    zero('e-mails lost', lost, mails.length),
    zero('e-mails whose bytes are not those stored', changed, sink.taken.length),
    zero('letters twice', names.length - printedOf.size, names.length),
    zero('letters lost', lostLetters, letters.length),
    zero('letters whose bytes are not those stored', changedLetters, names.length),
    zero('messages nobody approved', strangers, sink.taken.length + names.length),
    zero('writes acknowledged and gone', forgotten.length, acknowledged.length),
    { name: 'acquit verify', found: faults.length === 0 ? 'holds' : faults.map((check) => `${check.name}: ${check.detail}`).join('; '), holds: faults.length === 0 },
  ];
}
