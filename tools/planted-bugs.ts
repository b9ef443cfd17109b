/** A bug that somebody could make one day, put in the place of a piece of a file, and the test of the promise that must fail of it. */
export type PlantedInTests = { readonly promise: string; readonly what: string; readonly file: string; readonly from: string; readonly to: string; readonly test: { readonly file: string; readonly title: string } };

const of = (file: string, title: string): PlantedInTests['test'] => ({ file: `src/${file}`, title });

const WITHIN = of('server/invariants/money.db.test.ts', 'E1, E2: allocations stay within both items');
const CONSERVES = of('server/invariants/money.db.test.ts', 'E3: opening + invoices');
const INTEREST = of('core/charges/interest-properties.test.ts', 'interest is never negative');
const SAME_FILE = of('server/invariants/import.db.test.ts', 'F2: the same file again changes nothing');
const NOTHING_CHANGED = of('server/evidence/committed.db.test.ts', 'G1: nothing is found where nothing was changed');
const ROW_CHANGED = of('server/evidence/committed.db.test.ts', 'G1: what a message row says');
const TAMPERED = of('server/invariants/tampers.db.test.ts', 'G2: every change of a chain');
const OWN_ROWS = of('server/invariants/tenancy-nets.db.test.ts', '%s: with either net alone');
const NO_GIFTS = of('server/invariants/tenancy-nets.db.test.ts', '%s: rows can be given to no other organisation');
const ONE_PROOF = of('server/evidence/proof.db.test.ts', 'D2: the proof of one message says nothing');

const FOUNDATION = 'db/migrations/0001_foundation.sql';
const TENANT = 'src/server/plumbing/tenant.ts';
const STORE = 'src/server/ledger/store.ts';
const COUNT = 'src/core/charges/interest.ts';
const WALK = 'src/server/audit/chain-walk.ts';
const CLAIM_WRITES = 'src/server/channels/claim-writes.ts';
const RULES = 'src/server/audit/verify-messages.ts';
const JOURNAL = 'src/server/channels/journal/file-journal.ts';
const COMPARE = 'src/core/channels/compare-journal.ts';

/** Bugs outside what the simulator plays (its own stand in `src/server/simulator/planted.ts`): in SQL, the ledger, the law, the chain, the walls between organisations. */
export const PLANTED_IN_TESTS: readonly PlantedInTests[] = [
  { promise: 'B8', what: 'a send that the database does not know is no reason to freeze', file: COMPARE, from: "return unknown.length > 0 ? freeze('journalAhead') : { verdict: 'agree' };", to: "return { verdict: 'agree' };", test: of('core/channels/compare-journal.test.ts', 'a freeze is exactly a journal that is ahead') },
  { promise: 'B8', what: 'an end that only the journal has is overlooked', file: COMPARE, from: "return end !== null && (outcome === null || outcome === 'released');", to: 'return false;', test: of('core/channels/compare-journal.test.ts', 'a freeze is exactly a journal that is ahead') },
  { promise: 'B8', what: 'the epoch is not compared', file: COMPARE, from: "if (head.epoch !== database.epoch) return freeze(tail.epochs.has(database.epoch) ? 'restored' : 'copied');", to: '', test: of('core/channels/compare-journal.test.ts', 'the database is from before the last reconciliation') },
  { promise: 'B8', what: 'a claim does not look whether the installation is frozen', file: 'src/server/channels/journal/installation.ts', from: 'return row?.frozen !== false;', to: 'return row === null;', test: of('server/channels/journal/frozen.db.test.ts', 'a freeze waits for the claim under way') },
  { promise: 'B8', what: 'what was proposed without what the journal knew stays as it is', file: 'src/server/channels/journal/reconcile.ts', from: 'missing.length > 0 ? await ledger.dropProposals(by) : 0', to: '0', test: of('server/channels/journal/placed.db.test.ts', 'what was proposed without what the journal knew') },
  { promise: 'B8', what: 'what was approved before the journal was lost leaves by itself', file: 'src/server/channels/journal/reconcile.ts', from: "of.how === 'adopted' ? await ledger.backToProposed(by) : 0", to: '0', test: of('server/channels/journal/frozen.db.test.ts', 'copied to a second folder') },
  { promise: 'B8', what: 'a person who takes a database over leaves standing what was proposed without what the journal knew', file: 'src/server/channels/journal/reconcile.ts', from: 'missing.length > 0 ? await ledger.dropProposals(by) : 0', to: "of.how === 'applied' && missing.length > 0 ? await ledger.dropProposals(by) : 0", test: of('server/channels/journal/stale.db.test.ts', 'what was proposed without what the journal knew is no more') },
  { promise: 'B8', what: 'claims of the backup that had not begun are released and leave', file: 'src/server/dunning/stale-proposals.ts', from: "or (a.state = 'claimed' and exists", to: 'or (false and exists', test: of('server/channels/journal/stale.db.test.ts', 'what was proposed without what the journal knew is no more') },
  { promise: 'B8', what: 'a journal read again is compared by a count', file: 'src/server/channels/journal/reconcile.ts', from: '!tellsTheSame(tail.sends, after.sends)', to: 'tail.sends.length !== after.sends.length', test: of('server/channels/journal/stale.db.test.ts', 'another program that works with the journal meanwhile') },
  { promise: 'B8', what: 'a restore takes for granted that nothing left since the backup', file: 'src/server/channels/journal/installation.ts', from: "because: 'restored', unknown: [], unproven: true,", to: "because: 'restored', unknown: [], unproven: false,", test: of('server/channels/journal/restored-file.db.test.ts', 'B8: acquit restore, the journal in its place') },
  { promise: 'B8', what: 'a restored database that knows of no journal needs none', file: 'src/server/channels/journal/reconcile.ts', from: "verdict.verdict === 'first' && installation.frozen !== null && installation.frozen.because !== 'person'", to: 'false', test: of('server/channels/journal/restored-file.db.test.ts', 'B8: %s, restored without its journal') },
  { promise: 'B8', what: 'an action with other steps is taken for what left', file: 'src/core/dunning/place-sends.ts', from: 'here.creditedStep === creditedStep && here.creditedOffset === creditedOffset', to: 'here.creditedStep !== undefined', test: of('core/dunning/place-sends.test.ts', 'what becomes of a send: %s') },
  { promise: 'B8', what: 'who was overtaken does not look before it writes', file: JOURNAL, from: 'if (first !== undefined && await this.#isOvertaken(first.epoch)) return err(overtaken(this.where));', to: '', test: of('server/channels/journal/file-journal.test.ts', 'another epoch begun') },
  { promise: 'B8', what: 'who is overtaken while it writes goes on', file: JOURNAL, from: 'return written.ok && first !== undefined && await this.#isOvertaken(first.epoch) ? err(overtaken(this.where)) : written;', to: 'return written;', test: of('server/channels/journal/file-journal.test.ts', 'an epoch begun while a line is being written') },
  { promise: 'B4', what: 'a channel that can be asked nothing is tried again', file: 'src/core/channels/channel-class.ts', from: "case 'blind': return 'park';", to: "case 'blind': return 'again';", test: of('core/channels/channel-class.test.ts', 'an attempt of unknown end goes by the class') },
  { promise: 'B4', what: 'the place in the chain moves, the calls are not kept', file: 'src/server/channels/webhooks/calls.ts', from: 'await insertCalls(t, webhook.id, { news, now });', to: '', test: of('server/invariants/webhooks.db.test.ts', 'B4: a worker of webhooks that dies') },
  { promise: 'B4', what: 'a call whose answer was lost counts as taken', file: 'src/server/channels/webhooks/hand-over.ts', from: "{ call: lost, outcome: 'lost', status: null,", to: "{ call: lost, outcome: 'taken', status: null,", test: of('server/invariants/webhooks.db.test.ts', 'B4: a worker of webhooks that dies') },
  { promise: 'B8', what: 'a turn of webhooks does not look whether the journal agrees', file: 'src/server/channels/webhooks/hand-over.ts', from: "if ((await guard.check(database, clock.now())) !== null) return 'frozen';", to: 'await Promise.resolve(guard);', test: of('server/invariants/webhooks-restored.db.test.ts', 'B8: a restored database calls nobody') },
  { promise: 'B4', what: 'the time for which receivers keep ids is looked at when a call ends alone', file: 'src/server/channels/webhooks/calls.ts', from: '      and not (c.may_have_arrived and c.first_at < ${repeatableSince(now)}::timestamptz)\n', to: '', test: of('server/channels/webhooks/hand-over.db.test.ts', 'a call that may have arrived, due again') },
  { promise: 'B4', what: 'what an event settled is told by the clock', file: 'src/server/channels/webhooks/compose.ts', from: 'filter (where a.allocation_id < s.first)', to: 'filter (where a.recorded_at < (select min(n.at) from matched n where n.seq = s.seq))', test: of('server/channels/webhooks/told.db.test.ts', 'an invoice settled in two halves is told once') },
  { promise: 'B4', what: 'events behind the first two hundred of a look are passed over', file: 'src/server/channels/webhooks/calls.ts', from: 'last !== undefined && more ? BigInt(last.seq) : upTo', to: 'last !== undefined ? upTo : upTo', test: of('server/channels/webhooks/hand-over.db.test.ts', 'more events than one look') },
  { promise: 'B8', what: 'a copy that was taken over tells other software', file: 'src/server/channels/journal/reconcile.ts', from: "of.how === 'adopted' ? await ledger.switchWebhooksOff(by) : 0", to: '0', test: of('server/invariants/webhooks-restored.db.test.ts', 'B8: what the journal knows to have left is told') },
  { promise: 'B8', what: 'what the journal brought back is told to nobody', file: 'src/core/channels/webhook-events.ts', from: "'action.sent', ...PLACED_KINDS]", to: "'action.sent']", test: of('server/invariants/webhooks-restored.db.test.ts', 'B8: what the journal knows to have left is told') },
  { promise: 'D6', what: 'a name is looked up again for the connection', file: 'src/server/channels/webhooks/post.ts', from: 'lookup: (_host, asked, done) => (asked.all === true ? done(null, looked) : done(null, first.address, first.family)), ', to: '', test: of('server/channels/webhooks/post.test.ts', 'the name is looked up once') },
  { promise: 'D6', what: 'one public address among private ones is enough', file: 'src/server/channels/webhooks/post.ts', from: 'answers.some((answer) => refusedAddress(answer, named))', to: 'answers.every((answer) => refusedAddress(answer, named))', test: of('server/channels/webhooks/target.test.ts', '%s is refused') },
  { promise: 'D1', what: 'the handle reads the whole table', file: TENANT, from: 'if (!this.#filter) return new SqlPiece([table], []);', to: 'return new SqlPiece([table], []);', test: OWN_ROWS },
  { promise: 'D1', what: 'the handle changes rows of everybody', file: TENANT, from: "if (!this.#filter) return new SqlPiece(['true'], [], { owned: [alias] });", to: "return new SqlPiece(['true'], [], { owned: [alias] });", test: OWN_ROWS },
  { promise: 'D1', what: 'the row policies let everything be read', file: FOUNDATION, from: 'using (organisation_id = (select current_organisation()))', to: 'using (true)', test: OWN_ROWS },
  { promise: 'D1', what: 'the row policies let rows be given away', file: FOUNDATION, from: 'with check (organisation_id = (select current_organisation()))', to: 'with check (true)', test: NO_GIFTS },
  { promise: 'D2', what: 'a proof tells of all messages', file: 'src/server/evidence/proven-events.ts', from: 'where e.subject = any(${[`action:${of.action}`, `run:${of.run}`]}::text[]) order by e.seq`);', to: "where e.subject like 'action:%' order by e.seq`);", test: ONE_PROOF },
  { promise: 'E1', what: 'receipts are not counted as used', file: FOUNDATION, from: 'select organisation_id, credit_item_id, amount from inserted where not projected', to: 'select organisation_id, credit_item_id, amount from inserted where false', test: WITHIN },
  { promise: 'E1', what: 'a receipt may be used beyond its amount', file: FOUNDATION, from: 'check (allocated >= 0 and allocated <= amount)', to: "check (allocated >= 0 and (allocated <= amount or side = 'credit'))", test: WITHIN },
  { promise: 'E1', what: 'only the last use counts', file: FOUNDATION, from: 'update item set allocated = item.allocated + added.amount', to: 'update item set allocated = added.amount', test: WITHIN },
  { promise: 'E2', what: 'invoices are not counted as settled', file: FOUNDATION, from: 'select organisation_id, debit_item_id as item_id, amount from inserted where not projected', to: 'select organisation_id, debit_item_id as item_id, amount from inserted where false', test: WITHIN },
  { promise: 'E2', what: 'an invoice may be settled beyond its amount', file: FOUNDATION, from: 'check (allocated >= 0 and allocated <= amount)', to: "check (allocated >= 0 and (allocated <= amount or side = 'debit'))", test: WITHIN },
  { promise: 'E2', what: 'what goes beyond is cut off in silence', file: FOUNDATION, from: 'update item set allocated = item.allocated + added.amount', to: 'update item set allocated = least(item.amount, item.allocated + added.amount)', test: WITHIN },
  { promise: 'E3', what: 'a past day reads the allocations of today', file: STORE, from: 'coalesce(later.amount, 0) as open', to: '0 as open', test: CONSERVES },
  { promise: 'E3', what: 'invoices of the day are left out', file: STORE, from: 'where i.issued_on <= ${asOf}::date and i.voided_at is null`;', to: 'where i.issued_on < ${asOf}::date and i.voided_at is null`;', test: CONSERVES },
  { promise: 'E3', what: 'the aged balance forgets credits', file: STORE, from: "coalesce(sum(i.open) filter (where i.side = 'credit'), 0) as credits", to: '0::bigint as credits', test: CONSERVES },
  { promise: 'E9', what: 'interest from the due date', file: COUNT, from: 'const starts = addDays(claim.dueOn, 1);', to: 'const starts = claim.dueOn;', test: INTEREST },
  { promise: 'E9', what: 'a year of 360 days', file: COUNT, from: 'DAYS_IN_YEAR = 365n', to: 'DAYS_IN_YEAR = 360n', test: INTEREST },
  { promise: 'E9', what: 'payments do not lower the principal', file: COUNT, from: 'minor -= change.amount;', to: '', test: INTEREST },
  { promise: 'E9', what: 'a day too many in each segment', file: COUNT, from: 'const days = daysBetween(from, to) + 1;', to: 'const days = daysBetween(from, to) + 2;', test: INTEREST },
  { promise: 'F2', what: 'keys of items change with each import', file: 'src/server/intake/derive-items.ts', from: "base || '|' || row_number() over", to: "base || txid_current() || '|' || row_number() over", test: SAME_FILE },
  { promise: 'F2', what: 'the hash of a file says when it came', file: 'src/server/intake/import-record.ts', from: "${options.fileName.slice(0, 255)}, decode(${sha256}, 'hex'),", to: "${options.fileName.slice(0, 255)}, sha256(decode(${sha256} || to_hex(txid_current() + 4096), 'escape')),", test: SAME_FILE },
  { promise: 'F2', what: 'what is known is added again', file: 'src/server/intake/derive-items.ts', from: 'i.natural_key = k.natural_key and i.voided_at is null) ${settledOnly}', to: 'i.natural_key = k.natural_key and false) ${settledOnly}', test: SAME_FILE },
  { promise: 'G1', what: 'the hash of the bytes in clear', file: CLAIM_WRITES, from: "mime: mimeSha256 === null ? null : commitment(salt, 'mime', mimeSha256)", to: 'mime: mimeSha256', test: NOTHING_CHANGED },
  { promise: 'G1', what: 'the Message-ID is not compared', file: RULES, from: "or e.facts ->> 'headerId' is distinct from m.header_id", to: '', test: ROW_CHANGED },
  { promise: 'G1', what: 'the outcome is not compared', file: RULES, from: "(s.outcome is distinct from e.facts ->> 'outcome' or ", to: '(', test: ROW_CHANGED },
  { promise: 'G2', what: 'the walk does not look whether an event names the one before', file: WALK, from: 'if (!linked || !computed.equals(event.hash))', to: 'if (!computed.equals(event.hash))', test: TAMPERED },
  { promise: 'G2', what: 'the walk does not compute hashes', file: WALK, from: 'if (!linked || !computed.equals(event.hash))', to: 'if (!linked)', test: TAMPERED },
  { promise: 'G2', what: 'a chain that was cut off is whole', file: WALK, from: 'return head.seq === this.#seq && head.hash.equals(this.#hash) ? null', to: 'return head !== undefined ? null', test: TAMPERED },
];
