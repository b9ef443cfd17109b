import { expect, test } from 'vitest';
import { money } from '../kernel/money.ts';
import type { StepConditions } from './scenario.ts';
import { conditionsInWords, dayInWords, templateName } from './scenario-words.ts';

test.each<[string, string, StepConditions | undefined]>([
  ['', '', undefined],
  ['au moins 250,50 EUR en retard', '250.50 EUR or more overdue', { overdueTotals: [{ from: money(25_050n, 'EUR'), below: null }] }],
  ['moins de 4000 JPY en retard', 'under 4000 JPY overdue', { overdueTotals: [{ from: null, below: money(4000n, 'JPY') }] }],
  ['en retard de 0,01 EUR à moins de 5,00 EUR', '0.01 EUR to under 5.00 EUR overdue', { overdueTotals: [{ from: money(1n, 'EUR'), below: money(500n, 'EUR') }] }],
  ['de 10 à 20 jours de retard', '10 to 20 days late', { ageFrom: 10, ageTo: 20 }],
  ['au plus 0 jours de retard', '0 days late at most', { ageTo: 0 }],
  ['profil à risque, nouveau ; sauf profil stratégique ; langue anglais', 'profile at risk, new ; not profile strategic ; language English', { segmentsIn: ['atRisk', 'new'], segmentsOut: ['strategic'], languages: ['en'] }],
])('« %s », "%s"', (fr, en, conditions) => {
  const words = conditionsInWords(conditions);
  expect([words.map((one) => one.fr).join(' ; '), words.map((one) => one.en).join(' ; ')]).toEqual([fr, en]);
});

test('days and texts by name; a text of one’s own is named as its owner did', () => {
  expect([dayInWords({ anchor: 'issueDate', offsetDays: -3 }).fr, dayInWords({ anchor: 'previousStep', offsetDays: 8 }).en]).toEqual(['date de facture - 3 j', 'step before + 8 d']);
  expect([templateName('reminder1').fr, templateName('ma-relance').fr]).toEqual(['1re relance', 'ma-relance']);
});
