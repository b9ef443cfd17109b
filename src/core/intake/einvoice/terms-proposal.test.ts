import { describe, expect, test } from 'vitest';
import { termsProposal } from './terms-proposal.ts';

describe('terms that say one delay', () => {
  test.each([
    ['30 jours net', '30d'],
    ['PAIEMENT 30 JOURS NET', '30d'],
    ['45 jours fin de mois', '45d,eom'],
    ['45 jours fin de mois. Pas d’escompte.', '45d,eom'],
    ['Règlement à 30 jours\nMerci de votre confiance', '30d'],
    ['30 days net; bank transfer', '30d'],
    ['Paiement à réception de facture.', '0d'],
    ['60 jours date de facture', '60d'],
  ])('%s', (text, terms) => {
    expect(termsProposal(text)).toBe(terms);
  });
});

describe('terms that say none, or more than one, propose nothing', () => {
  test.each([
    'Merci de votre confiance',
    'Un tiers à 30 jours. Le solde à 60 jours.',
    '30 jours net. 2 % d’escompte sous 8 jours.',
    '30 jours. Pénalités de retard : 10 % l’an.',
    'Zahlbar innerhalb 30 Tagen netto bis 04.07.2018, 3% Skonto innerhalb 10 Tagen bis 15.06.2018',
    '#SKONTO#TAGE=14#PROZENT=2.25#',
    '',
    'x'.repeat(20_000),
    Array.from({ length: 30 }, () => 'mot').join('\n'),
  ])('%s', (text) => {
    expect(termsProposal(text)).toBeNull();
  });
});
