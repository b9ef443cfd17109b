import { expect, test } from 'vitest';
import type { JournalLine } from '#core/channels/journal-lines.ts';
import { aSend } from '#core/channels/given-journal.ts';
import type { SendJournal } from '#core/channels/send-journal.ts';
import type { SendFacts } from '#core/dunning/send-facts.ts';
import { day } from '#core/kernel/day.ts';
import { must } from '#core/kernel/result.ts';
import { reconcileOn } from '#server/channels/journal/reconcile.ts';
import type { Reconciling } from '#server/channels/journal/reconcile.ts';
import { MemoryBooks } from './memory-books.ts';
import { emptyFolder, foundedRow, MemoryInstallation } from './memory-installation.ts';
import { SimTime } from './sim-time.ts';

const TODAY = day('2026-03-02');
const time = new SimTime(`${TODAY}T09:00:00.000Z`);
const by = { at: time.now(), actor: 'user:1' };

/** What left of a debtor of `given`, as its journal says. */
const left = (code: string, action: string): SendFacts => aSend({
  organisation: 'T', action, customer: code, anchor: `${code}-1`, items: aSend().items.map((item) => ({ ...item, naturalKey: `${code}-1` })), day: TODAY, at: time.now(),
});

/** Books restored from a backup, with proposals that were made since, automatic steps allowed, beside a journal that knows a message of one debtor. */
async function given(): Promise<{ installation: MemoryInstallation; books: MemoryBooks; state: () => Promise<unknown> }> {
  const row = foundedRow('sim');
  const installation = new MemoryInstallation({ ...row, opened: row.server, server: { ...row.server, database: '2' } }, { journal: emptyFolder('sim'), names: (() => {
    let named = 0;
    return () => `name ${named += 1}`;
  })() });
  const books = new MemoryBooks({ organisation: 'T', time, scope: 'standard', installation, isAlive: () => false });
  await books.setSettings({ globalStop: false, contactCap: null, closedDays: [], approveEverything: false });
  for (const code of ['C1', 'C2', 'C3']) {
    await books.addDebtor({ code, kind: 'business', place: { country: 'FR', postalCode: '44000' }, email: `a@${code.toLowerCase()}.example`, hasAddress: true });
    await books.addItem({ customer: code, document: `${code}-1`, currency: 'EUR', amount: 12_000n, issuedOn: day('2026-01-05'), dueOn: day('2026-02-04') });
  }
  await books.imported(TODAY);
  await books.plan(TODAY, true);
  const { journal } = installation;
  journal.lines.push(
    { k: 'head', v: 1, epoch: row.epoch, installation: row.installation, server: row.server, place: journal.place, at: time.now() },
    { k: 'start', epoch: row.epoch, send: left('C1', '700') }, { k: 'end', epoch: row.epoch, organisation: 'T', action: '700', fence: 1, outcome: 'accepted', at: time.now() },
  );
  const state = async (): Promise<unknown> => {
    const copy = structuredClone(books.copy());
    // A sequence goes on, whatever becomes of the transaction.
    copy.tables.actions.numbers.next = 0;
    return { lines: await books.stateLines(), copy, row: { ...installation.row } };
  };
  return { installation, books, state };
}

const HOW: Reconciling = { how: 'applied', reason: 'sim', by };

test.each(['applied', 'adopted'] as const)('what a reconciliation wrote leaves nothing behind when another program sent meanwhile; tried again, it is written: %s', async (how) => {
  const { installation, books, state } = await given();
  expect((await books.stateLines()).filter((line) => / (proposed|approved) /.test(line))).toHaveLength(3);
  const late: JournalLine = { k: 'start', epoch: installation.row.epoch, send: left('C2', '701') };
  const journal = installation.journalHere();
  const meddled: SendJournal = { ...journal, begin: (head) => {
    installation.journal.lines.push(late);
    return journal.begin(head);
  } };
  // Frozen before, so that only what the reconciliation itself writes is compared.
  await installation.store.freeze({ because: 'restored', unknown: [], unproven: false, reason: null }, by);
  const before = await state();
  const refused = await reconcileOn(installation.store, meddled, { ...HOW, how });
  expect(refused.ok ? '' : refused.error.en).toContain('Another program sent');
  expect(await state()).toEqual(before);
  expect(must(await reconcileOn(installation.store, installation.journalHere(), { ...HOW, how }))).toMatchObject([{ code: 'T', sent: 1, parked: 1 }]);
  expect(installation.frozen).toBe(false);
  expect((await books.stateLines()).filter((line) => line.startsWith('action')).map((line) => `${line.split(' ')[1] ?? ''} ${/ (sent|unknown|cancelled) /.exec(line)?.[1] ?? ''}`).toSorted())
    .toEqual(['C1 cancelled', 'C1 sent', 'C2 cancelled', 'C2 unknown', 'C3 cancelled']);
  expect(books.copy().settings.approveEverything).toBe(how === 'adopted');
});

test('what was noted while a journal was begun is undone when it throws', async () => {
  const installation = new MemoryInstallation(foundedRow('sim'), { journal: emptyFolder('sim'), names: () => 'name' });
  await expect(installation.store.beginning(async (noteOpened) => {
    await noteOpened(installation.row.server);
    throw new Error('no space');
  })).rejects.toThrow('no space');
  expect(installation.row.opened).toBeNull();
});
