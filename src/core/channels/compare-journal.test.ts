import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareJournal, isElsewhere, missingSends, tellsTheSame, unknownSends } from './compare-journal.ts';
import type { DatabaseStanding, KnownSend } from './compare-journal.ts';
import { aSend } from './given-journal.ts';
import { sendsOf } from './journal-lines.ts';
import type { JournalHead, JournalledSend, JournalLine, JournalOutcome, JournalPlace, ServerIdentity } from './journal-lines.ts';

const AT = aSend().at;
const SERVER: ServerIdentity = { system: '77', timeline: '00000001', database: '16384' };
const PLACE: JournalPlace = { machine: 'm1', boot: 'b1', device: '8', inode: '100' };
const HEAD: JournalHead = { k: 'head', v: 1, epoch: 'e2', installation: 'i1', server: SERVER, place: PLACE, at: AT };
const DATABASE: DatabaseStanding = { installation: 'i1', epoch: 'e2', server: SERVER, opened: SERVER };
const TAIL = { head: HEAD, place: PLACE, epochs: new Set(['e1', 'e2']), sends: [] as JournalledSend[] };

const started = (action: string, end: JournalOutcome | null = null, fence = 1): JournalledSend => ({
  ref: `e2/duval/${action}/${fence}`, epoch: 'e2', organisation: 'duval', action, fence, send: aSend({ action, fence }), end,
});
const known = (action: string, outcome: KnownSend['outcome'] = null): KnownSend => ({ ref: `e2/duval/${action}/1`, outcome });

test.each<[string, Partial<typeof TAIL> | { head: null; place: null }, Partial<DatabaseStanding>, string]>([
  ['nothing was ever sent, and there is no journal', { head: null, place: null }, { opened: null }, 'first'],
  ['the journal of this database, nothing else', {}, {}, 'agree'],
  ['a database from before its journal, which tells nothing that it does not know', {}, { opened: null }, 'agree'],
  ['the database has sent, its journal is not here', { head: null, place: null }, {}, 'journalMissing'],
  ['the journal stands on another machine', { place: { ...PLACE, machine: 'm2' } }, {}, 'journalCopied'],
  ['the journal was copied to another folder', { place: { ...PLACE, inode: '101' } }, {}, 'journalCopied'],
  ['to another disk, where it has the same number by chance', { place: { ...PLACE, device: '9' } }, {}, 'journalCopied'],
  ['the machine was started again, its disks have other numbers', { place: { ...PLACE, device: '9', boot: 'b2' } }, {}, 'agree'],
  ['a machine that does not say who it is', { place: { ...PLACE, machine: null, boot: null } }, {}, 'agree'],
  ['the database is from before the last reconciliation', {}, { epoch: 'e1' }, 'restored'],
  ['the database was adopted elsewhere', {}, { epoch: 'e9' }, 'copied'],
  ['the journal of another installation', {}, { installation: 'i2' }, 'copied'],
  ['another server answers', {}, { server: { ...SERVER, system: '78' } }, 'failedOver'],
  ['a standby was promoted, or a moment restored', {}, { server: { ...SERVER, timeline: '00000002' } }, 'failedOver'],
  ['a dump was restored beside the old database', {}, { server: { ...SERVER, database: '99999' } }, 'restored'],
  ['the database remembers another server than the one that answers', { head: { ...HEAD, server: { ...SERVER, system: '78' } } }, { server: { ...SERVER, system: '78' } }, 'failedOver'],
  ['a server that says nothing of itself', {}, { server: { system: 'unknown', timeline: 'unknown', database: '16384' } }, 'agree'],
])('%s', (...[, tail, database, expected]) => {
  const verdict = compareJournal({ ...TAIL, ...tail }, { ...DATABASE, ...database }, []);
  expect(verdict.verdict === 'freeze' ? verdict.because : verdict.verdict).toBe(expected);
});

test('whatever the reason of a freeze, it tells the sends that the database does not know', () => {
  const sends = [started('1', 'accepted'), started('2'), started('3', 'accepted'), started('4', 'accepted'), started('5', 'refused')];
  const rows = [known('1', 'accepted'), known('3'), known('4', 'released'), known('5', 'unknown')];
  const seen = compareJournal({ ...TAIL, sends }, DATABASE, rows);
  expect(seen).toMatchObject({ verdict: 'freeze', because: 'journalAhead' });
  expect(unknownSends(sends, rows).map(({ action }) => action)).toEqual(['2', '3', '4']);
  const copied = compareJournal({ ...TAIL, sends, place: { ...PLACE, inode: '1' } }, DATABASE, rows);
  expect(copied.verdict === 'freeze' && copied.unknown.length).toBe(3);
});

test('a hand-off that was begun, journalled and taken back because its line was not written whole is known: nothing left', () => {
  expect(compareJournal({ ...TAIL, sends: [started('1')] }, DATABASE, [known('1', 'released')])).toEqual({ verdict: 'agree' });
});

test('of the tries of a message the best proof counts: accepted, else nobody knows, else refused', () => {
  const found = missingSends([started('1', 'refused'), started('1', 'accepted', 2), started('2', 'refused'), started('2', null, 2), started('3', 'refused'), started('4', 'accepted'), started('4', 'refused', 2)]);
  expect(found.map(({ action, end, fence, tries }) => [action, end, fence, tries])).toEqual([['1', 'accepted', 2, 2], ['2', null, 2, 2], ['3', 'refused', 1, 1], ['4', 'accepted', 1, 2]]);
});

test('where a file stands: only what is known on both sides is compared', () => {
  expect(isElsewhere(PLACE, PLACE)).toBe(false);
  expect(isElsewhere({ ...PLACE, boot: null }, { ...PLACE, device: '9', boot: null })).toBe(false);
});

/** What may happen to a database and its journal, each a word and a number that picks. */
type Step = readonly ['start' | 'startLost' | 'end' | 'endLost' | 'backup' | 'restore' | 'elsewhere', number];
type World = { rows: Map<string, KnownSend['outcome']>; lines: JournalLine[]; backup: Map<string, KnownSend['outcome']>; made: number };

/** Lives the steps: the database first, then the journal; a crash (`…Lost`) comes between. `elsewhere`: a message that left without the journal, as from a restored copy. */
function live(steps: readonly Step[]): World {
  const world: World = { rows: new Map(), lines: [], backup: new Map(), made: 0 };
  for (const [what, pick] of steps) {
    const open = [...world.rows].filter(([ref, outcome]) => outcome === null && ref.startsWith('e2')).map(([ref]) => ref);
    const chosen = open[pick % Math.max(open.length, 1)];
    const outcome = (['accepted', 'refused', 'unknown'] as const)[pick % 3] ?? 'accepted';
    if (what === 'start' || what === 'startLost') {
      world.made += 1;
      const send = aSend({ action: String(world.made) });
      world.rows.set(`e2/duval/${send.action}/1`, null);
      if (what === 'start') world.lines.push({ k: 'start', epoch: 'e2', send });
    } else if ((what === 'end' || what === 'endLost') && chosen !== undefined) {
      world.rows.set(chosen, outcome);
      const action = chosen.split('/')[2] ?? '';
      if (what === 'end' && world.lines.some((line) => line.k === 'start' && line.send.action === action)) world.lines.push({ k: 'end', epoch: 'e2', organisation: 'duval', action, fence: 1, outcome, at: AT });
    } else if (what === 'backup') world.backup = new Map(world.rows);
    else if (what === 'restore') world.rows = new Map(world.backup);
    else if (what === 'elsewhere') {
      world.made += 1;
      world.rows.set(`other/${world.made}`, 'accepted');
    }
  }
  return world;
}

const steps = fc.array(fc.tuple(fc.constantFrom<Step[0]>('start', 'start', 'start', 'startLost', 'end', 'end', 'endLost', 'backup', 'restore', 'elsewhere'), fc.nat(50)), { maxLength: 40 });

type Frozen = (world: World) => boolean;
const real: Frozen = ({ lines, rows }) => compareJournal({ ...TAIL, sends: sendsOf(lines) }, DATABASE, [...rows].map(([ref, outcome]) => ({ ref, outcome }))).verdict === 'freeze';

/** What is true: some line of the journal is about something that the rows do not have. */
const ahead: Frozen = ({ lines, rows }) => lines.some((line) => {
  if (line.k === 'start') return !rows.has(`e2/duval/${line.send.action}/1`);
  return line.k === 'end' && (rows.get(`e2/duval/${line.action}/1`) ?? null) === null;
});

const holds = (frozen: Frozen) => fc.check(fc.property(steps, (all) => {
  const world = live(all);
  return frozen(world) === ahead(world);
}), { numRuns: 2000, seed: 20_261_122 });

test('a freeze is exactly a journal that is ahead: never for a crash between the two, always after a restore that lost something', () => {
  expect(holds(real)).toMatchObject({ failed: false });
});

test('the property has seen both: worlds that are frozen and worlds that are not, with and without a restore', () => {
  const worlds = fc.sample(steps, { numRuns: 500, seed: 1 });
  const frozen = worlds.filter((all) => ahead(live(all))).length;
  expect(frozen).toBeGreaterThan(50);
  expect(frozen).toBeLessThan(450);
  expect(worlds.filter((all) => all.some(([what]) => what === 'restore') && !ahead(live(all))).length).toBeGreaterThan(20);
});

test.each<[string, Frozen]>([
  ['compared by the number of rows', ({ lines, rows }) => sendsOf(lines).length > rows.size],
  ['only starts are looked at', ({ lines, rows }) => sendsOf(lines).some(({ ref }) => !rows.has(ref))],
  ['whether the database is ahead freezes too', (world) => real(world) || [...world.rows.keys()].some((ref) => !sendsOf(world.lines).some((one) => one.ref === ref))],
  ['only the last line is looked at', ({ lines, rows }) => real({ lines: lines.slice(-1), rows, backup: new Map(), made: 0 })],
])('planted: %s', (_name, mutant) => {
  expect(holds(mutant)).toMatchObject({ failed: true });
});

test.each<[string, readonly JournalledSend[], boolean]>([
  ['nothing was written', [started('1'), started('2', 'accepted')], true],
  ['another hand-off began', [started('1'), started('2', 'accepted'), started('3')], false],
  ['one ended', [started('1', 'accepted'), started('2', 'accepted')], false],
  ['as many are of others', [started('1'), started('3', 'accepted')], false],
  ['one is gone', [started('1')], false],
])('a journal read again tells the same or not: %s', (_name, after, same) => {
  expect(tellsTheSame([started('1'), started('2', 'accepted')], after)).toBe(same);
});
