import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { HoldId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { addPlan, previewPlan } from '#server/holds/plans.ts';
import { byOn, itemOf } from '#server/holds/testing/given-holds.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { openLetterMaker } from './pdf.ts';
import type { LetterMaker } from './pdf.ts';
import { planPdf } from './plan-schedule.ts';

let db: TestDatabase;
let letters: LetterMaker;
beforeAll(async () => {
  db = await testDatabase();
  letters = must(await openLetterMaker());
});
afterAll(() => db.drop());

async function given(count: number): Promise<{ organisation: OrganisationId; plan: HoldId }> {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { today: '2026-03-02', text: fecOf([
    { code: 'C1', piece: 'FA1', on: '2026-01-05', debit: '1000,00' }, { code: 'C1', piece: 'FA2', on: '2026-01-07', debit: '300,01' },
  ]) });
  const plan = await db.database.inTenant(organisation, async (t) => {
    const [a, b] = [await itemOf(t, 'FA1'), await itemOf(t, 'FA2')];
    const items = [a.itemId, b.itemId];
    const { instalments } = must(await previewPlan(t, { customerId: a.customerId, items, count, firstOn: day('2026-03-31'), period: { every: 'month' } }));
    return must(await addPlan(t, { customerId: a.customerId, items, instalments, from: day('2026-03-02'), acceptedBy: null, note: null }, byOn('2026-03-02')));
  });
  return { organisation, plan };
}

const draw = (of: { organisation: OrganisationId; plan: HoldId }, language: 'fr' | 'en') =>
  db.database.inTenant(of.organisation, (t) => planPdf(t, of.plan, { today: day('2026-03-02'), language, letters }), { readOnly: true });

async function textOf(pdf: Uint8Array): Promise<string> {
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const pages: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const content = await (await document.getPage(number)).getTextContent();
    pages.push(content.items.map((item) => ('str' in item ? item.str : '')).join(' '));
  }
  await document.loadingTask.destroy();
  return pages.join(' ').replaceAll(/\s+/g, ' ');
}

test('in French: the debt, its items, the instalments that sum to it, how to pay, what ends it, and where to sign', async () => {
  const pdf = must(await draw(await given(3), 'fr'));
  expect(pdf.pages).toBe(1);
  const text = await textOf(pdf.bytes);
  for (const part of ['Échéancier de paiement', 'reconnaît devoir', '1 300,01 €', 'FA1', 'FA2', '31/03/2026', '30/04/2026', '31/05/2026', '433,33 €', '433,35 €', 'FR14 2004 1010 0505 0001 3M02 606', '2 jours ouvrés', 'Bon pour accord', 'Claire Duval']) {
    expect(text).toContain(part);
  }
});

test('in English, and sixty instalments over several pages', async () => {
  const pdf = must(await draw(await given(60), 'en'));
  expect(pdf.pages).toBeGreaterThan(1);
  const text = await textOf(pdf.bytes);
  for (const part of ['Payment plan', 'acknowledges owing', '€1,300.01', '31 Mar 2026', '28 Feb 2027', '60 instalments', '2 working days', 'Agreed', 'No later than']) expect(text).toContain(part);
});

test('refused by a sentence that names what the company record lacks', async () => {
  const made = await given(2);
  await db.database.inTenant(made.organisation, (t) => t.run(t.sql`${t.update('entity', 'e')} set iban = null, siren = null where ${t.own('e')}`));
  const refused = await draw(made, 'fr');
  expect(refused).toMatchObject({ ok: false, error: [{ code: 'hold.planEntity', message: { fr: expect.stringContaining('le SIREN, l’IBAN'), en: expect.stringContaining('its SIREN, the IBAN') } }] });
});

test('the same plan on the same day is the same bytes', async () => {
  const made = await given(2);
  expect(must(await draw(made, 'fr')).sha256).toBe(must(await draw(made, 'fr')).sha256);
});
