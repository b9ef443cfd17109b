import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { OrganisationId } from '#core/kernel/id.ts';
import { recordBounces } from '#server/channels/bounces/record-bounce.ts';
import { closeHalt, openHalt } from '#server/channels/halts.ts';
import { listActions } from '#server/dunning/actions.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { crossed } from '#server/testing/crossing.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { plantInSql } from '#server/testing/mutant.ts';
import { approveOn, debtors, givenDebtors, postOffice, runOn, sendAt, setSending } from '#server/testing/outbox.ts';

/** Bugs in the code itself; all false: the sound one. */
const bug = vi.hoisted(() => ({ sundaysForgotten: false, breakerTheWrongWay: false }));
vi.mock('#core/dunning/contact-hours.ts', async (load) => {
  const sound = await load<typeof import('#core/dunning/contact-hours.ts')>();
  return {
    ...sound,
    closedBecause: (...given: Parameters<typeof sound.closedBecause>): ReturnType<typeof sound.closedBecause> => {
      const because = sound.closedBecause(...given);
      return bug.sundaysForgotten && because === 'weekend' ? null : because;
    },
    mayContactAt: (...given: Parameters<typeof sound.mayContactAt>): ReturnType<typeof sound.mayContactAt> => {
      const contactable = sound.mayContactAt(...given);
      return bug.sundaysForgotten && !contactable.may && contactable.because === 'weekend' ? { may: true } : contactable;
    },
  };
});
vi.mock('#core/dunning/breaker.ts', async (load) => {
  const sound = await load<typeof import('#core/dunning/breaker.ts')>();
  return {
    ...sound,
    breakerCause: (record: Parameters<typeof sound.breakerCause>[0], limits: Parameters<typeof sound.breakerCause>[1]): ReturnType<typeof sound.breakerCause> => {
      if (!bug.breakerTheWrongWay) return sound.breakerCause(record, limits);
      return record.mails >= sound.BREAKER_MAILS_MIN && record.bounces * 1000 < record.mails * limits.bouncesPerThousand ? 'bounces' : null;
    },
  };
});

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const inside = <T>(organisation: OrganisationId, work: (t: Tenant) => Promise<T>): Promise<T> => db.database.inTenant(organisation, work);
const TODAY = '2026-03-02';
const CUSTOMERS = [{ code: 'C1', email: 'compta@alpha.example' }, { code: 'C2', email: 'compta@beta.example' }] as const;
const mailOnly = (post: ReturnType<typeof postOffice>): { mail: typeof post.carrier; letter: null } => ({ mail: post.carrier, letter: null });

describe('C2: nothing leaves on a closed day or in quiet hours, where the debtor is', () => {
  const HERE_ALONE = [{ from: 'c.country, c.postal_code, c.scenario_code', to: 'c.country, null::text as postal_code, c.scenario_code' }];

  test.each<[string, { on: string; at: string; postalCode: string }]>([
    ['Good Friday is kept in Moselle', { on: '2026-04-02', at: '2026-04-03T08:00:00.000Z', postalCode: '57000' }], ['Saint Stephen’s day in Alsace', { on: '2025-12-24', at: '2025-12-26T08:00:00.000Z', postalCode: '68100' }],
    ['the abolition of slavery in Réunion', { on: '2027-12-17', at: '2027-12-20T08:00:00.000Z', postalCode: '97400' }], ['five in the morning in Guadeloupe', { on: TODAY, at: '2026-03-03T09:00:00.000Z', postalCode: '97110' }],
    ['nine in the evening in Réunion', { on: TODAY, at: '2026-03-03T17:00:00.000Z', postalCode: '97400' }],
  ])('C2: %s; with the region forgotten it leaves', async (_name, { on, at, postalCode }) => {
    const invoices = (piece: string): { piece: string; on: string; debit: string }[] => [{ piece, on: `${on.slice(0, 4)}-01-05`, debit: '120,00' }];
    const crossing = { customers: CUSTOMERS.map((one) => ({ ...one, invoices: invoices(`FA-${one.code}`) })), on, at, postalCodes: { C1: postalCode } };
    expect(await crossed(db.database, crossing)).toEqual(['C1 approved', 'C2 sent']);
    expect(await crossed(db.database, { ...crossing, bugs: HERE_ALONE })).toEqual(['C1 sent', 'C2 sent']);
  });

  test('C2: on a Sunday nothing leaves, nor on what is Sunday evening in Tahiti and Monday in Paris; with Sundays forgotten it does', async () => {
    const sunday = { customers: CUSTOMERS, on: '2026-03-06', at: '2026-03-08T09:00:00.000Z' };
    expect(await crossed(db.database, sunday)).toEqual(['C1 approved', 'C2 approved']);
    // Saturday, half past one in the night, in Réunion; the company still has its Friday.
    const night = { customers: CUSTOMERS.slice(0, 1), on: '2026-03-06', at: '2026-03-06T21:30:00.000Z', postalCodes: { C1: '97400' } };
    expect(await crossed(db.database, night)).toEqual(['C1 approved']);
    try {
      bug.sundaysForgotten = true;
      expect(await crossed(db.database, sunday)).toEqual(['C1 sent', 'C2 sent']);
      expect(await crossed(db.database, night)).toEqual(['C1 sent']);
    } finally {
      bug.sundaysForgotten = false;
    }
    const monday = await givenDebtors(db.database, CUSTOMERS.slice(0, 1));
    await inside(monday, (t) => t.run(t.sql`${t.update('customer', 'c')} set postal_code = '98714' where ${t.own('c')}`));
    await runOn(db.database, monday, '2026-03-09');
    await approveOn(db.database, monday, '2026-03-09');
    const post = postOffice();
    await sendAt(db.database, monday, { at: '2026-03-09T04:30:00.000Z', carriers: mailOnly(post) });
    expect(post.taken).toEqual([]);
    await sendAt(db.database, monday, { at: '2026-03-09T19:30:00.000Z', carriers: mailOnly(post) });
    expect(post.taken).toHaveLength(1);
  });
});

describe('C4: rates, and the breaker', () => {
  const minute = (at: number): string => new Date(Date.parse('2026-03-02T08:00:00.000Z') + at * 60_000).toISOString();

  /** E-mails that left in twenty minutes under sixty an hour. */
  async function inTwentyMinutes(bugs: readonly { from: string; to: string }[]): Promise<number> {
    const organisation = await givenDebtors(db.database, debtors(40));
    await setSending(db.database, organisation, { rates: { perHour: 60, perDay: 150, perDomainHour: 24, perDomainDay: 1000 } });
    await runOn(db.database, organisation, TODAY);
    await approveOn(db.database, organisation, TODAY);
    const post = postOffice();
    const planted = plantInSql(db.database, bugs);
    try {
      for (let at = 0; at < 20; at += 2) await sendAt(db.database, organisation, { at: minute(at), carriers: mailOnly(post) });
    } finally {
      planted.remove();
    }
    return post.taken.length;
  }

  test('C4: sixty an hour are five in each five minutes; with what was tried not counted, or over no window, all leave', async () => {
    expect(await inTwentyMinutes([])).toBe(20);
    expect(await inTwentyMinutes([{ from: `s.outcome is distinct from 'released'`, to: 'false' }])).toBe(40);
    expect(await inTwentyMinutes([{ from: `interval '1 day' and`, to: `interval '0 days' and` }])).toBe(40);
  });

  /** Sixty e-mails went out and so many came back; then a person let e-mail go again, and one more came back. Whether the breaker was open, and is. */
  async function breakerAfter(bounced: number, bugs: readonly { from: string; to: string }[] = []): Promise<[boolean, boolean]> {
    const organisation = await givenDebtors(db.database, debtors(60));
    await runOn(db.database, organisation, TODAY);
    await approveOn(db.database, organisation, TODAY);
    await sendAt(db.database, organisation, { at: TODAY, carriers: mailOnly(postOffice()) });
    const sent = await inside(organisation, (t) => listActions(t, { state: 'sent' }));
    expect(sent).toHaveLength(60);
    const by = { clock: clockAt('2026-03-03'), actor: 'user:1' };
    const back = (of: typeof sent): Promise<unknown> => inside(organisation, (t) => recordBounces(t, by, of.map(({ action_id: action, recipient }) => (
      { action, address: recipient ?? '', kind: 'hard', status: '5.1.1', diagnostic: 'no such user', source: 'report' }))));
    const planted = plantInSql(db.database, bugs);
    try {
      await back(sent.slice(0, bounced));
      const first = await inside(organisation, openHalt);
      await inside(organisation, (t) => closeHalt(t, { reason: 'Adresses corrigées', by }));
      await back(sent.slice(bounced, bounced + 1));
      return [first !== null, (await inside(organisation, openHalt)) !== null];
    } finally {
      planted.remove();
    }
  }

  test('C4: the breaker opens at two per cent and is counted anew once a person let e-mail go; compared the wrong way, or over no window, it is not', async () => {
    expect(await breakerAfter(5)).toEqual([true, false]);
    expect(await breakerAfter(1)).toEqual([false, false]);
    expect(await breakerAfter(5, [{ from: 's.claimed_at > coalesce(', to: 'now() > coalesce(' }])).toEqual([true, true]);
    try {
      bug.breakerTheWrongWay = true;
      expect(await breakerAfter(5)).toEqual([false, false]);
    } finally {
      bug.breakerTheWrongWay = false;
    }
  });
});

describe('what a person switched on is looked at when something leaves', () => {
  test('in test mode nothing reaches a customer; read when planning only, it would', async () => {
    const reached = async (bugs: readonly { from: string; to: string }[]): Promise<string[]> => {
      const organisation = await givenDebtors(db.database, CUSTOMERS);
      await runOn(db.database, organisation, TODAY);
      await approveOn(db.database, organisation, TODAY);
      await setSending(db.database, organisation, { testAddress: 'essais@ateliers-duval.test' });
      const post = postOffice();
      const planted = plantInSql(db.database, bugs);
      try {
        await sendAt(db.database, organisation, { at: TODAY, carriers: mailOnly(post) });
      } finally {
        planted.remove();
      }
      return [...new Set(post.taken.map(({ to }) => String(to)))].toSorted();
    };
    expect(await reached([])).toEqual(['essais@ateliers-duval.test']);
    expect(await reached([{ from: 'p.dunning, p.sending from', to: `p.dunning, p.sending - 'testAddress' as sending from` }])).toEqual(['compta@alpha.example', 'compta@beta.example']);
  });

  test('two persons: a formal notice approved by one person waits for the second; with the number taken for granted, it would leave', async () => {
    const left = async (bugs: readonly { from: string; to: string }[]): Promise<number> => {
      const organisation = await givenDebtors(db.database, CUSTOMERS.slice(0, 1));
      await runOn(db.database, organisation, TODAY);
      await inside(organisation, (t) => t.run(t.sql`${t.update('action', 'a')} set formal_notice = true where ${t.own('a')}`));
      await approveOn(db.database, organisation, TODAY);
      await setSending(db.database, organisation, { fourEyes: true });
      const post = postOffice();
      const planted = plantInSql(db.database, bugs);
      try {
        await sendAt(db.database, organisation, { at: TODAY, carriers: mailOnly(post) });
      } finally {
        planted.remove();
      }
      return post.taken.length;
    };
    expect(await left([])).toBe(0);
    expect(await left([{ from: 'a.approvals_needed, a.purpose', to: '2::smallint as approvals_needed, a.purpose' }])).toBe(1);
  });
});
