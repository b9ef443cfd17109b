import { expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import { decideAccount } from './decide.ts';
import { WAIT_REASONS } from './decision.ts';
import { explainDecision, explanation } from './explain.ts';
import type { AccountFacts, PolicyFacts } from './facts.ts';
import { amountInWords, dayInWords } from './formats.ts';
import { decisionOf, givenAccount, givenHold, givenId, givenItem, givenPolicy, givenStep, givenStepDone, WITHOUT_FALLBACK } from './given.ts';
import { STANDARD_SCENARIO } from './ready-scenarios.ts';

const first = givenStep(2);
type Case = { today?: string; policy?: Partial<PolicyFacts>; account?: Partial<AccountFacts> };
const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, ' ');
const say = ({ today = '2026-03-09', policy, account }: Case, language: 'fr' | 'en'): string =>
  plain(explainDecision(decisionOf(decideAccount(givenPolicy(today, policy), givenAccount(account))), language));
const pending = (state: 'proposed' | 'unknown'): Partial<AccountFacts> => ({ items: [givenItem({ pendingAction: { actionId: givenId(9), state, step: 2 } })] });

test.each<[string, Case, string, string]>([
  ['paid', { account: { items: [givenItem({ open: 0n })] } }, 'F-1 est entièrement réglée : rien à relancer.', 'F-1 is fully paid: nothing to chase.'],
  ['notDue', { today: '2026-02-20' }, 'F-1 (1 000,00 €, à échéance le 2 mars 2026) n’est pas encore à relancer : un rappel avant échéance est prévu le 27 février 2026.', 'F-1 (€1,000.00, due on 2 March 2026) is not to be chased yet: a notice before the due date is planned on 27 February 2026.'],
  ['insolvent', { account: { holds: [givenHold('insolvency')] } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) n’est pas relancée : le client est en procédure collective depuis le 1er janvier 2026 ; la créance se déclare au mandataire.', 'F-1 (€1,000.00, due on 2 March 2026) is not chased: the customer has been in insolvency proceedings since 1 January 2026; the claim is to be filed with the administrator.'],
  ['legal', { account: { inLegalCase: true } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) n’est pas relancée : le client a un dossier contentieux ouvert, qui prend la suite.', 'F-1 (€1,000.00, due on 2 March 2026) is not chased: the customer has an open legal case, which takes over.'],
  ['paused', { account: { holds: [givenHold('pause', { until: day('2026-03-20') })] } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) n’est pas relancée : les relances de ce client sont suspendues jusqu’au 20 mars 2026 inclus.', 'F-1 (€1,000.00, due on 2 March 2026) is not chased: dunning of this customer is paused until 20 March 2026 included.'],
  ['disputed', { account: { holds: [givenHold('dispute', { itemId: givenId(1) })] } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) n’est pas relancée : elle est en litige depuis le 1er janvier 2026.', 'F-1 (€1,000.00, due on 2 March 2026) is not chased: it has been disputed since 1 January 2026.'],
  ['disputed', { account: { holds: [givenHold('dispute', { creditNoteExpected: true })] } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) n’est pas relancée : elle est en litige depuis le 1er janvier 2026, le litige est accepté et l’avoir est attendu.', 'F-1 (€1,000.00, due on 2 March 2026) is not chased: it has been disputed since 1 January 2026, the dispute is accepted and the credit note is expected.'],
  ['planned', { account: { holds: [givenHold('plan', { until: day('2026-03-31'), graceDays: 5 })] } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) n’est pas relancée : un échéancier la couvre pour le 31 mars 2026, avec 5 jours ouvrés de tolérance.', 'F-1 (€1,000.00, due on 2 March 2026) is not chased: a payment plan covers it by 31 March 2026, with 5 working days of grace.'],
  ['promised', { account: { holds: [givenHold('promise', { until: day('2026-03-15') })] } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) n’est pas relancée : le client a promis de payer pour le 15 mars 2026.', 'F-1 (€1,000.00, due on 2 March 2026) is not chased: the customer promised to pay by 15 March 2026.'],
  ['paymentPending', { account: { pendingPayments: [{ kind: 'portal', itemId: null, currency: 'EUR', amount: 50_000n, until: day('2026-03-12') }] } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) n’est pas relancée : un paiement en ligne de 500,00 € est en cours jusqu’au 12 mars 2026.', 'F-1 (€1,000.00, due on 2 March 2026) is not chased: an online payment of €500.00 is under way until 12 March 2026.'],
  ['creditCovers', { account: { credits: [{ currency: 'EUR', amount: 123_456n }] } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) n’est pas relancée : le client a 1 234,56 € de crédits non lettrés, qui couvrent les 1 000,00 € à relancer. Lettrez-les d’abord.', 'F-1 (€1,000.00, due on 2 March 2026) is not chased: the customer has €1,234.56 of unallocated credits, which cover the €1,000.00 to be chased. Allocate them first.'],
  ['belowMinimum', { account: { scenario: { ...STANDARD_SCENARIO, minimumAmount: money(150_000n, 'EUR') } } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) n’est pas relancée : le client doit 1 000,00 € en retard, moins que le minimum de 1 500,00 € du scénario.', "F-1 (€1,000.00, due on 2 March 2026) is not chased: the customer owes €1,000.00 overdue, below the scenario's minimum of €1,500.00."],
  ['stepDone', { account: { items: [givenItem({ lastStepDone: givenStepDone(first, '2026-03-09') })] } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) attend : l’étape 2 est faite depuis le 9 mars 2026 ; l’étape 3 vient le 17 mars 2026.', 'F-1 (€1,000.00, due on 2 March 2026) waits: step 2 was done on 9 March 2026; step 3 comes on 17 March 2026.'],
  ['noContact', { account: { contacts: [], scenario: WITHOUT_FALLBACK } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) devait recevoir l’étape 2, mais aucun contact ayant le bon rôle ne peut être joint par e-mail. Complétez les contacts du client.', "F-1 (€1,000.00, due on 2 March 2026) was to get step 2, but no contact with the right role can be reached by e-mail. Complete the customer's contacts."],
  ['channelRefused', { account: { contacts: givenAccount().contacts.map((contact) => ({ ...contact, bouncedChannels: ['email' as const] })), scenario: WITHOUT_FALLBACK } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) devait recevoir l’étape 2 par e-mail, mais l’adresse ne fonctionne plus. Corrigez le contact ou donnez à l’étape un canal de secours.', 'F-1 (€1,000.00, due on 2 March 2026) was to get step 2 by e-mail, but the address no longer works. Correct the contact or give the step a fallback channel.'],
  ['capReached', { policy: { contactCap: { contacts: 1, windowDays: 7 } }, account: { recentContacts: [{ channel: 'call', on: day('2026-03-06'), currency: null }] } }, 'F-1 (1 000,00 €, échue le 2 mars 2026) attend jusqu’au 13 mars 2026 : le client a déjà 1 contact fait ou prévu, pour un maximum de 1 en 7 jours.', 'F-1 (€1,000.00, due on 2 March 2026) waits until 13 March 2026: the customer already has 1 contact made or planned, for at most 1 in 7 days.'],
  ['closedDay', { today: '2026-04-06' }, 'F-1 (1 000,00 €, échue le 2 mars 2026) : l’étape 2 attend le 7 avril 2026, car c’est aujourd’hui férié chez le client.', 'F-1 (€1,000.00, due on 2 March 2026): step 2 waits for 7 April 2026, because today is a public holiday where the customer is.'],
  ['ledgerStale', { policy: { ledger: { ageDays: 3, limitDays: 1 } } }, 'Aucune relance ne part, F-1 (1 000,00 €, échue le 2 mars 2026) comprise : le grand livre client n’a pas été importé depuis 3 jours ouvrés, pour une limite de 1 jour ouvré. Importez le fichier du jour.', "Nothing goes out, F-1 (€1,000.00, due on 2 March 2026) included: the customer ledger was last imported 3 working days ago, for a limit of 1. Import today's file."],
  ['awaitingApproval', { account: pending('proposed') }, 'F-1 (1 000,00 €, échue le 2 mars 2026) : l’action 9 (étape 2) attend l’approbation d’une personne ; rien d’autre n’est proposé d’ici là.', 'F-1 (€1,000.00, due on 2 March 2026): action 9 (step 2) awaits the approval of a person; nothing else is proposed meanwhile.'],
  ['stepDue', {}, 'F-1 (1 000,00 €, échue le 2 mars 2026) est en retard de 7 jours : étape 2 par e-mail, 1 000,00 € demandés.', 'F-1 (€1,000.00, due on 2 March 2026) is 7 days late: step 2 by e-mail, asking €1,000.00.'],
])('%s', (...[name, given, fr, en]) => {
  expect(decisionOf(decideAccount(givenPolicy(given.today ?? '2026-03-09', given.policy), givenAccount(given.account))).reason).toBe(name);
  expect(say(given, 'fr')).toBe(fr);
  expect(say(given, 'en')).toBe(en);
});

test('the list above has every reason', () => expect(WAIT_REASONS).toHaveLength(18));

test('a longer case: several items, firmer, a notice, the end of the scenario, an unknown answer', () => {
  const holds = [givenHold('promise', { until: day('2026-03-05') })];
  expect(say({ account: { holds, items: [givenItem(), givenItem({ number: 2, dueOn: day('2026-03-06'), open: 5n })] } }, 'fr')).toBe(
    'F-1 (1 000,00 €, échue le 2 mars 2026) est en retard de 7 jours : étape 2 par e-mail, 1 000,00 € demandés, plus ferme car un engagement n’a pas été tenu. Le message cite 2 pièces, 1 000,05 € en tout.',
  );
  expect(say({ today: '2026-02-27' }, 'en')).toBe('F-1 (€1,000.00, due on 2 March 2026) is due in 3 days: step 1 by e-mail, asking €1,000.00.');
  const finished = { ...givenStepDone(first, '2026-03-06'), number: 5, offsetDays: 45 };
  expect(say({ account: { items: [givenItem({ lastStepDone: finished })] } }, 'fr')).toContain('le scénario n’a plus d’étape');
  expect(say({ account: pending('unknown') }, 'en')).toContain('a person must say whether it went out');
  expect(say({ policy: { bank: { ageDays: null, limitDays: 3 } } }, 'fr')).toContain('les relevés bancaires n’ont pas été importés une seule fois');
});

test('what was stored is enough to write the sentence again', () => {
  const decision = decisionOf(decideAccount(givenPolicy('2026-03-09'), givenAccount()));
  expect(explanation(JSON.parse(JSON.stringify(decision)))).toEqual(explanation(decision));
});

test('days and amounts in words', () => {
  expect([dayInWords('2026-08-01', 'fr'), dayInWords('2026-08-01', 'en')]).toEqual(['1er août 2026', '1 August 2026']);
  expect(['1234567.50', '999.00', '-1234.00'].map((amount) => plain(amountInWords(amount, 'EUR', 'fr')))).toEqual(['1 234 567,50 €', '999,00 €', '-1 234,00 €']);
  expect([plain(amountInWords('1500', 'JPY', 'fr')), plain(amountInWords('1234.567', 'TND', 'en'))]).toEqual(['1 500 JPY', 'TND 1,234.567']);
});
