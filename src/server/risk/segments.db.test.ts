import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { CustomerId, OrganisationId } from '#core/kernel/id.ts';
import { DEFAULT_THRESHOLDS } from '#core/risk/segment.ts';
import { verify } from '#server/audit/verify.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import type { ShortLine } from '#server/testing/given.ts';
import { chooseSegment, countSegments, customerSegment, recomputeSegments, saveThresholds, segmentsOfTheDay } from './segments.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const by = (today: string) => ({ clock: clockAt(today), actor: 'test' });
const recompute = (organisation: OrganisationId, today: string) => recomputeSegments(db.database, { organisation, today: day(today), ...by(today) });

/** Four invoices on 30-day terms paid so many days after their due day, lettered with the day of the payment. */
const paidLate = (code: string, late: readonly number[]): ShortLine[] => late.flatMap((days, index) => {
  const month = `2025-${String(index + 7).padStart(2, '0')}`;
  const paidOn = new Date(Date.UTC(2025, index + 6, 1 + 30 + days)).toISOString().slice(0, 10);
  return [
    { code, piece: `${code}F${index}`, on: `${month}-01`, debit: '100,00', letter: `${code}${'ABCD'[index] ?? ''}` },
    { code, piece: `${code}R${index}`, on: paidOn, credit: '100,00', letter: `${code}${'ABCD'[index] ?? ''}` },
  ];
});

async function given(): Promise<OrganisationId> {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, {
    today: '2026-03-02', terms: '30d', text: fecOf([
      ...paidLate('GOOD', [0, 1, 2, 0]), ...paidLate('LATE', [20, 25, 10, 15]), ...paidLate('RISK', [60, 50, 55, 45]), ...paidLate('FEW', [0, 0]),
      { code: 'OPEN', piece: 'O1', on: '2025-11-01', debit: '70,00' }, { code: 'NONE', piece: 'N1', on: '2026-02-20', debit: '10,00' },
    ]),
  });
  return organisation;
}

const segments = async (organisation: OrganisationId): Promise<Record<string, string | null>> => Object.fromEntries((await db.database.inTenant(organisation, (t) => t.rows<{ code: string; segment: string | null }>(t.sql`
  select c.code, coalesce(c.segment_override, c.segment) as segment from ${t.from('customer')} c order by c.code`))).map(({ code, segment }) => [code, segment]));
const idOf = async (organisation: OrganisationId, code: string): Promise<CustomerId> => {
  const row = await db.database.inTenant(organisation, (t) => t.one<{ customer_id: CustomerId }>(t.sql`select c.customer_id from ${t.from('customer')} c where c.code = ${code}`));
  if (row === null) throw new Error(`no customer ${code}`);
  return row.customer_id;
};

test('segments follow from dated allocations, once a day, with their history and the reason in words', async () => {
  const organisation = await given();
  expect(await recompute(organisation, '2026-03-02')).toEqual({ customers: 6, changed: 6 });
  expect(await segments(organisation)).toEqual({ GOOD: 'goodPayer', LATE: 'oftenLate', RISK: 'atRisk', FEW: 'new', OPEN: 'atRisk', NONE: 'new' });
  expect(await recompute(organisation, '2026-03-02')).toEqual({ customers: 6, changed: 0 });
  expect(await segmentsOfTheDay(db.database, { organisation, today: day('2026-03-02'), ...by('2026-03-02') })).toBeNull();
  expect(await segmentsOfTheDay(db.database, { organisation, today: day('2026-03-03'), ...by('2026-03-03') })).toEqual({ customers: 6, changed: 0 });
  const late = await db.database.inTenant(organisation, async (t) => customerSegment(t, await idOf(organisation, 'LATE'), day('2026-03-02')));
  expect(late).toMatchObject({ rule: { segment: 'oftenLate', facts: { averageLateDays: '17.5', onTimePercent: 0, payments: 4 } }, chosen: null, since: '2026-03-02', history: [{ segment: 'oftenLate', on: '2026-03-02', actor: 'test' }] });
  expect(await db.database.inTenant(organisation, countSegments)).toMatchObject({ goodPayer: 1, oftenLate: 1, atRisk: 2, new: 2, strategic: 0 });
  expect((await db.database.inTenant(organisation, verify)).filter(({ ok }) => !ok)).toEqual([]);
});

test('as of an earlier day only what was known then counts', async () => {
  const organisation = await given();
  await recompute(organisation, '2025-09-15');
  expect(await segments(organisation)).toMatchObject({ GOOD: 'new', RISK: 'new', NONE: 'new' });
});

test('a person’s choice survives every computation and is shown as such; taken back, the rule’s is there', async () => {
  const organisation = await given();
  await recompute(organisation, '2026-03-02');
  const customer = await idOf(organisation, 'RISK');
  const choose = (segment: 'strategic' | null, note: string | null) => db.database.inTenant(organisation, (t) => chooseSegment(t, { customer, segment, note, today: day('2026-03-03') }, by('2026-03-03')));
  expect(await choose('strategic', 'client du siège')).toBe(true);
  await recompute(organisation, '2026-03-04');
  const seen = () => db.database.inTenant(organisation, (t) => customerSegment(t, customer, day('2026-03-04')));
  expect(await seen()).toMatchObject({ chosen: 'strategic', rule: { segment: 'atRisk' }, history: [{ segment: 'strategic', given: { because: 'person', facts: { note: 'client du siège' } } }, { segment: 'atRisk' }] });
  expect((await segments(organisation))['RISK']).toBe('strategic');
  await choose(null, null);
  expect(await seen()).toMatchObject({ chosen: null, history: [{ segment: null }, { segment: 'strategic' }, { segment: 'atRisk' }] });
  expect((await segments(organisation))['RISK']).toBe('atRisk');
  expect(await db.database.inTenant(organisation, (t) => chooseSegment(t, { customer: '999999' as CustomerId, segment: 'new', note: null, today: day('2026-03-03') }, by('2026-03-03')))).toBe(false);
});

test('thresholds that contradict each other are refused; others hold at the next computation, the same day too', async () => {
  const organisation = await given();
  const computing = { organisation, today: day('2026-03-02'), ...by('2026-03-02') };
  await recompute(organisation, '2026-03-02');
  const save = (change: object) => db.database.inTenant(organisation, (t) => saveThresholds(t, { ...DEFAULT_THRESHOLDS, ...change }, by('2026-03-02')));
  expect(await save({ goodLateDaysMax: 20, riskLateDaysMin: 15 })).toHaveLength(1);
  expect(await save({ goodLateDaysMax: 20, goodOnTimePercentMin: 50, onTimeDays: 15 })).toEqual([]);
  expect(await segmentsOfTheDay(db.database, computing)).toEqual({ customers: 6, changed: 1 });
  expect((await segments(organisation))['LATE']).toBe('goodPayer');
});

test('a payment taken back does not count', async () => {
  const organisation = await given();
  await db.database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, origin, reverses, recorded_at, actor')}
    select ${t.org}, l.debit_item_id, l.credit_item_id, -l.amount, '2026-02-01'::date, 'person', l.allocation_id, now(), 'test'
    from ${t.from('allocation')} l join ${t.from('item')} d on d.item_id = l.debit_item_id join ${t.from('customer')} c on c.customer_id = d.customer_id where c.code = 'GOOD' and d.document in ('GOODF2', 'GOODF3')`));
  await recompute(organisation, '2026-01-31');
  expect((await segments(organisation))['GOOD']).toBe('goodPayer');
  await recompute(organisation, '2026-02-02');
  expect((await segments(organisation))['GOOD']).not.toBe('goodPayer');
});
