import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { simpleParser } from 'mailparser';
import { day } from '#core/kernel/day.ts';
import type { ImportId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { imputedOf } from '#server/charges/charges-store.ts';
import { listActions } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { addHold } from '#server/holds/holds.ts';
import type { NewHold } from '#server/holds/holds.ts';
import { addPlan } from '#server/holds/plans.ts';
import { byOn, itemOf, pay } from '#server/holds/testing/given-holds.ts';
import { undoImport } from '#server/intake/undo-import.ts';
import { placeCertain } from '#server/matching/automatic.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { camt053Of } from '#server/testing/bank-files.ts';
import { crossed } from '#server/testing/crossing.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, importText } from '#server/testing/given.ts';
import { plantInSql } from '#server/testing/mutant.ts';
import { approveOn, givenDebtors, postOffice, runOn, sendAt, statesOf } from '#server/testing/outbox.ts';

/** Bugs in the code itself: which day it is at a place. Null: the sound one. */
const bug = vi.hoisted((): { day: 'utc' | 'paris' | null } => ({ day: null }));
vi.mock('#core/dunning/local-time.ts', async (load) => {
  const sound = await load<typeof import('#core/dunning/local-time.ts')>();
  return {
    localTime: (place: Parameters<typeof sound.localTime>[0], instant: string): ReturnType<typeof sound.localTime> => {
      const there = sound.localTime(place, instant);
      if (bug.day === null) return there;
      return { ...there, day: bug.day === 'utc' ? day(instant.slice(0, 10)) : sound.localTime({ country: 'FR', postalCode: null }, instant).day };
    },
  };
});

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const inside = <T>(organisation: OrganisationId, work: (t: Tenant) => Promise<T>): Promise<T> => db.database.inTenant(organisation, work);
const CUSTOMERS = [{ code: 'C1', email: 'compta@alpha.example' }, { code: 'C2', email: 'compta@beta.example' }] as const;
const TODAY = '2026-03-02';
const SENT = ['C1 sent', 'C2 sent'];

describe('A1: what was paid is not asked for', () => {
  const paid = { customers: CUSTOMERS, on: TODAY, at: TODAY, between: (organisation: OrganisationId) => inside(organisation, (t) => pay(t, 'FA-C1', { cents: 120_00, on: TODAY })) };
  const partly = { ...paid, between: (organisation: OrganisationId) => inside(organisation, (t) => pay(t, 'FA-C1', { cents: 50_00, on: TODAY })) };
  const bugs = [{ from: 'i.amount - i.allocated + coalesce(later.amount, 0) as open', to: `case when i.side = 'debit' then i.amount else i.amount - i.allocated end as open` }];

  test('A1: paid between approval and claim, whole or in part; a claim that does not look at allocations sends it', async () => {
    expect(await crossed(db.database, paid)).toEqual(['C1 cancelled paid', 'C2 sent']);
    expect(await crossed(db.database, partly)).toEqual(['C1 cancelled amountChanged', 'C2 sent']);
    expect(await crossed(db.database, { ...paid, bugs })).toEqual(SENT);
    expect(await crossed(db.database, { ...partly, bugs })).toEqual(SENT);
  });

  /** A payment that is being written while the worker claims: its transaction ends 400 ms after the claim began. */
  async function raced(planted: readonly { from: string; to: string }[] | null): Promise<string[]> {
    const organisation = await givenDebtors(db.database, CUSTOMERS);
    await runOn(db.database, organisation, TODAY);
    await approveOn(db.database, organisation, TODAY);
    const mutant = planted === null ? null : plantInSql(db.database, planted);
    try {
      let sending: Promise<unknown> = Promise.resolve();
      await inside(organisation, async (t) => {
        await pay(t, 'FA-C1', { cents: 120_00, on: TODAY });
        sending = sendAt(db.database, organisation, { at: TODAY, carriers: { mail: postOffice().carrier, letter: null } });
        await new Promise((resolve) => setTimeout(resolve, 400));
      });
      await sending;
    } finally {
      mutant?.remove();
    }
    return statesOf(db.database, organisation);
  }

  test('A1: a payment under way when the worker claims wins; without the locks of the claim it loses', async () => {
    expect(await raced(null)).toEqual(['C1 cancelled paid', 'C2 sent']);
    const unlocked = [{ from: 'order by c.customer_id for update', to: 'order by c.customer_id' }, { from: 'order by i.item_id for update', to: 'order by i.item_id' }];
    expect(await raced(unlocked)).toEqual(SENT);
  });
});

describe('A2-A6: what somebody said between approval and claim holds', () => {
  const BASE = { kind: 'promise', reason: null, amount: null, from: day(TODAY), until: day('2026-03-06'), note: null } as const;
  const held = (rest: Partial<NewHold>) => (organisation: OrganisationId): Promise<unknown> => inside(organisation, async (t) => {
    const { itemId, customerId } = await itemOf(t, 'FA-C1');
    return addHold(t, { ...BASE, customerId, itemId, ...rest }, byOn(TODAY));
  });
  const planned = (organisation: OrganisationId): Promise<unknown> => inside(organisation, async (t) => {
    const { itemId, customerId } = await itemOf(t, 'FA-C1');
    return must(await addPlan(t, { customerId, items: [itemId], from: day(TODAY), acceptedBy: 'M. Roux', note: null, instalments: [{ dueOn: day('2026-04-07'), minor: 120_00n }] }, byOn(TODAY)));
  });

  test.each<[string, (organisation: OrganisationId) => Promise<unknown>, string]>([
    ['A2: a dispute', held({ kind: 'dispute', reason: 'price', until: null }), 'disputed'], ['A2: a part in dispute', held({ kind: 'dispute', reason: 'price', amount: 50_00n, until: null }), 'amountChanged'],
    ['A3: a pause', held({ kind: 'pause', itemId: null, reason: 'accord', until: day('2026-03-31') }), 'paused'], ['A4: a promise', held({}), 'promised'], ['A5: a plan', planned, 'planned'],
    ['A6: insolvency', held({ kind: 'insolvency', itemId: null, until: null }), 'insolvent'],
  ])('%s stops what was approved; holds read when planning only, it would leave', async (...[, between, reason]) => {
    const crossing = { customers: CUSTOMERS, on: TODAY, at: TODAY, between };
    expect(await crossed(db.database, crossing)).toEqual([`C1 cancelled ${reason}`, 'C2 sent']);
    expect(await crossed(db.database, { ...crossing, bugs: [{ from: 'h.from_on <= $', to: 'false and h.from_on <= $' }] })).toEqual(SENT);
  });
});

describe('A4: a promise runs to the end of its day where the debtor is', () => {
  /** Promised for Thursday the 16th, two working days of grace: until Monday the 20th. Run and approved on the 21st of the company, in Paris. */
  async function sentAt(postalCode: string, at: string, email: string | null = 'compta@alpha.example'): Promise<string[]> {
    const organisation = await givenDebtors(db.database, [{ code: 'C1', email }], '2026-04-14');
    await inside(organisation, async (t) => {
      await t.run(t.sql`${t.update('customer', 'c')} set postal_code = ${postalCode} where ${t.own('c')}`);
      const { itemId, customerId } = await itemOf(t, 'FA-C1');
      await addHold(t, { kind: 'promise', reason: null, amount: null, from: day('2026-04-14'), until: day('2026-04-16'), note: null, customerId, itemId }, byOn('2026-04-14'));
    });
    expect(await runOn(db.database, organisation, '2026-04-20')).toEqual([]);
    await runOn(db.database, organisation, '2026-04-21');
    await approveOn(db.database, organisation, '2026-04-21');
    await sendAt(db.database, organisation, { at, today: day('2026-04-21'), carriers: { mail: postOffice().carrier, letter: async ({ name }) => name } });
    return statesOf(db.database, organisation);
  }

  test.each([
    ['Paris, at nine', '75011', '2026-04-21T07:00:00.000Z', 'sent'],
    ['Réunion, nine in the morning of the 21st, when Paris sleeps', '97400', '2026-04-21T05:00:00.000Z', 'sent'],
    ['Guadeloupe, half past six in the evening of the 20th: it is the 21st in Paris', '97110', '2026-04-20T22:30:00.000Z', 'approved'],
    ['Guadeloupe, the morning after', '97110', '2026-04-21T14:00:00.000Z', 'sent'],
    ['Tahiti, half past six in the evening of the 20th: it is the 21st in Paris and in Greenwich', '98714', '2026-04-21T04:30:00.000Z', 'approved'],
    ['Tahiti, the morning after', '98714', '2026-04-21T19:30:00.000Z', 'sent'],
  ])('A4: %s', async (...[, postalCode, at, state]) => {
    expect(await sentAt(postalCode, at)).toEqual([`C1 ${state}`]);
  });

  test('A4: a letter to Tahiti is not drawn either while its promise runs there; it has no hours', async () => {
    expect(await sentAt('98714', '2026-04-21T08:00:00.000Z', null)).toEqual(['C1 approved']);
    expect(await sentAt('98714', '2026-04-21T11:00:00.000Z', null)).toEqual(['C1 sent']);
  });

  test('A4: compared in UTC, or by the day of the company, a promise would be over while its day still runs', async () => {
    try {
      bug.day = 'utc';
      expect(await sentAt('98714', '2026-04-21T04:30:00.000Z')).toEqual(['C1 sent']);
      bug.day = 'paris';
      expect(await sentAt('97110', '2026-04-20T22:30:00.000Z')).toEqual(['C1 sent']);
    } finally {
      bug.day = null;
    }
  });
});

describe('A8: only what was taken into the books is fresh', () => {
  async function stoppedAfterBadLedgers(): Promise<string | null> {
    const organisation = await givenDebtors(db.database, CUSTOMERS);
    const undone = await importText(db.database, organisation, { today: '2026-06-15', text: fecOf([{ code: 'C1', piece: 'FA-NEW', on: '2026-06-10', debit: '10,00' }]) });
    await undoImport(db.database, { organisation, importId: undone.importId as ImportId, clock: clockAt('2026-06-15'), actor: 'test' });
    const refused = await importText(db.database, organisation, { today: '2026-06-16', text: 'ceci n’est pas un grand livre', name: 'livre.txt' });
    expect([undone.status, refused.status]).toEqual(['applied', 'refused']);
    return (await runDunning(db.database, { organisation, today: day('2026-06-16'), clock: clockAt('2026-06-16'), actor: 'test', dryRun: true })).stopped;
  }

  test('A8: a ledger refused or undone makes nothing fresh; counted, the run goes on over an old one', async () => {
    expect(await stoppedAfterBadLedgers()).toBe('ledgerStale');
    const planted = plantInSql(db.database, [{ from: `i.status = 'applied' and i.covers_until is not null`, to: 'i.covers_until is not null' }]);
    try {
      expect(await stoppedAfterBadLedgers()).toBeNull();
    } finally {
      planted.remove();
    }
  });
});

describe('A9: money on its way suspends', () => {
  const arrives = (pending: boolean, on = TODAY) => async (organisation: OrganisationId): Promise<void> => {
    await inside(organisation, (t) => t.run(t.sql`${t.update('customer', 'c')} set name = 'Menuiserie Kerbrat' where ${t.own('c')} and c.code = 'C1'`));
    const text = camt053Of({ from: on, until: on, opening: 0, movements: [{ on, cents: 100_00, name: 'MENUISERIE KERBRAT', text: 'VIREMENT', pending }] });
    expect((await importText(db.database, organisation, { today: TODAY, name: 'releve.xml', text, newAccount: true })).status).toBe('applied');
    await placeCertain(db.database, { organisation, clock: clockAt(TODAY), today: day(TODAY), actor: 'test' });
  };
  const crossing = { customers: CUSTOMERS, on: TODAY, at: TODAY };

  test.each<[string, boolean, string]>([['booked and placed by nobody', false, 'booked'], ['announced by the bank', true, 'pending']])(
    'A9: money likely theirs, %s, stops the run and what was approved; pending taken for nothing, it would not', async (_name, pending, status) => {
      expect(await crossed(db.database, { ...crossing, before: arrives(pending) })).toEqual(['C2 sent']);
      expect(await crossed(db.database, { ...crossing, between: arrives(pending) })).toEqual(['C1 approved', 'C2 sent']);
      expect(await crossed(db.database, { ...crossing, between: arrives(pending), bugs: [{ from: `l.status = '${status}' and l.booked_on`, to: 'false and l.booked_on' }] })).toEqual(SENT);
    });

  test('A9: announced money is placed by nobody, whatever it names; once booked it pays, and only once', async () => {
    const organisation = await givenDebtors(db.database, CUSTOMERS);
    const statement = async (on: string, pending: boolean): Promise<string[]> => {
      const text = camt053Of({ id: on, from: on, until: on, opening: 0, movements: [{ on, cents: 120_00, name: 'Client C1', text: 'FACTURE FA-C1', endToEnd: 'FA-C1', pending }] });
      await importText(db.database, organisation, { today: on, name: `releve-${on}.xml`, text, newAccount: true });
      await placeCertain(db.database, { organisation, clock: clockAt(on), today: day(on), actor: 'test' });
      return (await inside(organisation, (t) => t.rows<{ said: string }>(t.sql`
        select l.status || case when l.voided_at is not null then ' gone' when l.item_id is not null then ' placed' when l.likely_customer_id is not null then ' likely' else '' end as said
        from ${t.from('bank_line')} l order by l.bank_line_id`))).map(({ said }) => said);
    };
    expect(await statement(TODAY, true)).toEqual(['pending likely']);
    expect(await statement('2026-03-03', false)).toEqual(['pending gone', 'booked placed']);
    expect(await inside(organisation, (t) => itemOf(t, 'FA-C1'))).toMatchObject({ open: 0n });
  });

  test('A9: what the bank announced and never booked holds nobody back once its days are over', async () => {
    expect(await crossed(db.database, { ...crossing, before: arrives(true, '2026-02-20') })).toEqual(SENT);
    expect(await crossed(db.database, { ...crossing, before: arrives(true, '2026-02-25') })).toEqual(['C2 sent']);
    expect(await crossed(db.database, { ...crossing, before: arrives(true, '2026-03-20') })).toEqual(SENT);
  });
});

describe('A12: neither interest nor the indemnity is claimed from a consumer', () => {
  const CLAIMS = /40,00|40\s€|indemnité forfaitaire|pénalités/i;

  /** What a formal notice says to a business and to a consumer, and what is computed of their invoices. */
  async function notices(bugs: readonly { from: string; to: string }[] | null): Promise<{ business: boolean; consumer: boolean | string; computed: string[] }> {
    const organisation = await givenDebtors(db.database, CUSTOMERS);
    await inside(organisation, (t) => t.run(t.sql`${t.update('customer', 'c')} set kind = 'consumer' where ${t.own('c')} and c.code = 'C2'`));
    await runOn(db.database, organisation, TODAY);
    await inside(organisation, (t) => t.run(t.sql`${t.update('action', 'a')} set formal_notice = true, template_code = 'formalNotice' where ${t.own('a')}`));
    await approveOn(db.database, organisation, TODAY);
    const post = postOffice();
    const planted = bugs === null ? null : plantInSql(db.database, bugs);
    try {
      await sendAt(db.database, organisation, { at: '2026-03-02T10:30:00.000Z', carriers: { mail: post.carrier, letter: null } });
      const computed = await inside(organisation, async (t) => [...must(await imputedOf(t, { document: 'FA-C1' }, day(TODAY))), ...must(await imputedOf(t, { document: 'FA-C2' }, day(TODAY)))]
        .map(({ customer, imputed }) => `${customer} ${imputed.charges.interest.minor > 0n} ${imputed.charges.indemnity.minor}`));
      const said = async (to: string): Promise<boolean | null> => {
        const mail = post.taken.find((one) => one.to === to);
        if (mail === undefined) return null;
        const { text, html, attachments } = await simpleParser(Buffer.from(mail.bytes));
        const pages = await Promise.all(attachments.filter(({ filename }) => filename?.endsWith('.pdf') === true).map(({ content }) => textOf(content)));
        return CLAIMS.test([text ?? '', String(html), ...pages].join('\n'));
      };
      const [state] = (await inside(organisation, (t) => listActions(t))).filter(({ customer }) => customer === 'C2').map((row) => `${row.state} ${row.state_reason}`);
      return { business: (await said('compta@alpha.example')) === true, consumer: (await said('compta@beta.example')) ?? state ?? 'none', computed };
    } finally {
      planted?.remove();
    }
  }

  test('A12: in the e-mail, its letter and what the command computes; claimed by default, the message is refused, and with the kind lost too it claims', async () => {
    expect(await notices(null)).toEqual({ business: true, consumer: false, computed: ['C1 true 4000', 'C2 false 0'] });
    expect(await notices([{ from: 'a.charges_allowed', to: 'true as charges_allowed' }])).toMatchObject({ consumer: 'failed letters.consumerCharges' });
    expect(await notices([{ from: 'c.kind', to: `'business'::text as kind` }, { from: 'a.charges_allowed', to: 'true as charges_allowed' }])).toEqual({ business: true, consumer: true, computed: ['C1 true 4000', 'C2 true 4000'] });
  });
});

/** The text of every page of a PDF. */
async function textOf(pdf: Uint8Array): Promise<string> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const pages = await Promise.all(Array.from({ length: document.numPages }, async (_, index) => (await (await document.getPage(index + 1)).getTextContent()).items));
  return pages.flat().map((item) => ('str' in item ? item.str : '')).join(' ');
}
