import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { altered, codesOf, readCdarText } from '../testing/invoice-texts.ts';
import type { LifecycleMessage } from './einvoice.ts';
import { LIFECYCLE_ACTIONS, LIFECYCLE_REASONS, lifecycleAction, lifecycleReason } from './lifecycle-reasons.ts';
import { LIFECYCLE_STATUSES, lifecycleStatus } from './lifecycle-status.ts';

const folder = join(import.meta.dirname, '../../../../fixtures/cdar');
const fixture = (name: string): string => readFileSync(join(folder, name), 'utf8');

function messageOf(name: string): LifecycleMessage {
  const { message, problems } = readCdarText(fixture(name));
  expect(problems).toEqual([]);
  if (message === null) throw new Error(name);
  return message;
}

/** `on` is the day of the status. */
const STATUSES = [
  { name: '200_deposee.xml', number: 'F2026-0101', status: '200', phase: '305', on: '2026-09-01', effect: 'none' },
  { name: '205_approuvee.xml', number: 'F2026-0101', status: '205', phase: '23', on: '2026-09-07', effect: 'accepted' },
  { name: '206_approuvee_partiellement.xml', number: 'F2026-0103', status: '206', phase: '23', on: '2026-09-10', effect: 'partlyAccepted' },
  { name: '207_en_litige.xml', number: 'F2026-0103', status: '207', phase: '23', on: '2026-09-11', effect: 'holdDispute' },
  { name: '208_suspendue.xml', number: 'F2026-0104', status: '208', phase: '23', on: '2026-09-12', effect: 'holdPause' },
  { name: '210_refusee.xml', number: 'F2026-0102', status: '210', phase: '23', on: '2026-09-13', effect: 'refused' },
  { name: '211_paiement_transmis.xml', number: 'F2026-0101', status: '211', phase: '23', on: '2026-09-30', effect: 'paymentSent' },
  { name: '212_encaissee.xml', number: 'F2026-0101', status: '212', phase: '23', on: '2026-10-02', effect: 'cashed' },
];

test.each(STATUSES)('$name', ({ name, number, status, phase, on, effect }) => {
  const message = messageOf(name);
  expect(message.phase).toBe(phase);
  expect(message.documents).toHaveLength(1);
  expect(message.documents[0]).toMatchObject({ number, status, statedOn: on, issuerSiren: '000900019' });
  expect(message.documents[0]?.issuedOn).toMatch(/^2026-09-0\d$/);
  expect(lifecycleStatus(status)?.effect).toBe(effect);
});

test('a dispute says who, when, why, what is asked, and the words of the buyer', () => {
  const message = messageOf('207_en_litige.xml');
  expect(message).toMatchObject({
    identification: 'F2026-0103_207', issuedOn: '2026-09-11', issuedAt: '2026-09-11T14:30:00', from: { siren: '000900027', name: 'Hôtel du Phare SAS', role: 'BY' },
  });
  expect(message.documents[0]?.reasons).toEqual([
    { code: 'QTE_ERR', text: 'Quantité facturée supérieure à la quantité livrée', action: 'CNP', notes: ['Bon de livraison BL-77 : 9 colis sur 10'], amounts: [] },
  ]);
});

test('the day of the status is the one it was given, not the one the message was made', () => {
  const message = messageOf('205_approuvee.xml');
  expect(message).toMatchObject({ issuedOn: '2026-09-08', issuedAt: '2026-09-08T09:30:00' });
  expect(message.documents[0]).toMatchObject({ statedOn: '2026-09-07', statedAt: '2026-09-07T17:00:00' });
});

test('a status without a day of its own has the one of the message', () => {
  const { message, problems } = readCdarText(altered(fixture('205_approuvee.xml'), '<ram:IssueDateTime><udt:DateTimeString format="204">20260907170000</udt:DateTimeString></ram:IssueDateTime>', ''));
  expect(problems).toEqual([]);
  expect(message?.documents[0]).toMatchObject({ statedOn: '2026-09-08', statedAt: '2026-09-08T09:30:00' });
});

test('a partial approval says how much is approved and how much is not', () => {
  expect(messageOf('206_approuvee_partiellement.xml').documents[0]?.reasons[0]?.amounts).toEqual([
    { type: 'MAPTTC', minor: 89_801n, currency: 'EUR', on: null, percent: null },
    { type: 'MNATTC', minor: 10_200n, currency: 'EUR', on: null, percent: null },
  ]);
});

test('bank details that a buyer questions are words for a person', () => {
  expect(messageOf('208_suspendue.xml').documents[0]?.reasons[0]).toMatchObject({ notes: ['DIV BT-84: FR1420041010050500013M02606'], amounts: [] });
});

test('payment sent, and cashed by VAT rate', () => {
  expect(messageOf('211_paiement_transmis.xml').documents[0]?.reasons[0]?.amounts).toEqual([{ type: 'MPA', minor: 100_000n, currency: 'EUR', on: '2026-10-01', percent: null }]);
  expect(messageOf('212_encaissee.xml').documents[0]?.reasons[0]?.amounts.map(({ minor, percent }) => [minor, percent])).toEqual([[70_000n, '20.00'], [30_000n, '10.00']]);
});

test('a platform that says nothing of itself', () => {
  expect(messageOf('200_deposee.xml').from).toEqual({ siren: null, name: null, role: 'WK' });
});

test('several documents in one message, each with its status', () => {
  expect(messageOf('mixed_two_documents.xml').documents.map(({ number, status }) => [number, status])).toEqual([['F2026-0101', '204'], ['F2026-0103', '209']]);
});

test('several acknowledgements in one message: each has its day, mixed phases are none', () => {
  const second = fixture('205_approuvee.xml').replace(/.*(<rsm:AcknowledgementDocument>.*<\/rsm:AcknowledgementDocument>).*/s, '$1').replace('20260907170000', '20260909080000').replace('>23<', '>305<');
  const { message } = readCdarText(altered(fixture('205_approuvee.xml'), '</rsm:AcknowledgementDocument>', `</rsm:AcknowledgementDocument>${second}`));
  expect(message?.phase).toBeNull();
  expect(message?.documents.map(({ statedOn }) => statedOn)).toEqual(['2026-09-07', '2026-09-09']);
});

describe('what refuses a message', () => {
  const TEXT = fixture('207_en_litige.xml');

  test.each([
    ['MDT-87', altered(TEXT, '<ram:IssuerAssignedID>F2026-0103</ram:IssuerAssignedID>', ''), 'cdarMissing'],
    ['MDT-87', altered(TEXT, '>F2026-0103<', `>${'9'.repeat(5_000)}<`), 'cdarValueUnreadable'],
    ['MDT-105', altered(TEXT, '<ram:ProcessConditionCode>207</ram:ProcessConditionCode>', ''), 'cdarMissing'],
    ['MDT-105', altered(TEXT, '>207<', '>2O7<'), 'cdarValueUnreadable'],
    ['MDT-8', altered(TEXT, '<ram:IssueDateTime><udt:DateTimeString format="204">20260911143000</udt:DateTimeString></ram:IssueDateTime>', ''), 'cdarMissing'],
    ['MDT-8', altered(TEXT, '20260911143000', '20260911253000'), 'cdarValueUnreadable'],
    ['MDT-8', altered(TEXT, 'format="204">20260911143000', 'format="205">20260911143000'), 'cdarValueUnreadable'],
    ['MDT-100', altered(TEXT, '20260903', '20260931'), 'cdarValueUnreadable'],
    ['MDG-32', TEXT.replace(/<ram:ReferenceReferencedDocument>.*<\/ram:ReferenceReferencedDocument>/s, ''), 'cdarMissing'],
    ['MDT-3', altered(TEXT, 'CDV:invoice', 'CDV:directory'), 'cdarNotInvoice'],
    ['TestIndicator', altered(TEXT, '<rsm:ExchangedDocumentContext>', '<rsm:ExchangedDocumentContext><ram:TestIndicator><udt:Indicator>true</udt:Indicator></ram:TestIndicator>'), 'cdarTest'],
    ['MDT-215', altered(fixture('211_paiement_transmis.xml'), '>1000.00<', '>1 000,00<'), 'cdarValueUnreadable'],
    ['MDT-215', altered(fixture('211_paiement_transmis.xml'), 'currencyID="EUR">1000.00', 'currencyID="XXX">1000.00'), 'cdarValueUnreadable'],
    ['MDT-215', altered(fixture('211_paiement_transmis.xml'), '>1000.00<', '>1000.001<'), 'cdarValueUnreadable'],
  ])('%s', (words, text, code) => {
    const reading = readCdarText(text);
    expect(reading.message).toBeNull();
    const found = reading.problems.find((each) => each.code === `intake.${code}`);
    expect(found?.severity).toBe('error');
    expect(found?.message.fr).toContain(words);
    expect(found?.message.en).toContain(words);
  });

  test('one bad document refuses the whole message', () => {
    const text = fixture('mixed_two_documents.xml');
    expect(readCdarText(altered(text, '<ram:IssuerAssignedID>F2026-0103</ram:IssuerAssignedID>', '')).message).toBeNull();
  });
});

describe('what is doubtful is told, and kept', () => {
  const doubts = (text: string): { codes: string[]; message: LifecycleMessage | null } => {
    const reading = readCdarText(text);
    return { codes: codesOf(reading), message: reading.message };
  };

  test('a status nobody listed has no effect', () => {
    const { codes, message } = doubts(altered(fixture('205_approuvee.xml'), '>205<', '>299<'));
    expect(codes).toEqual(['cdarStatusUnknown']);
    expect(message?.documents[0]?.status).toBe('299');
    expect(lifecycleStatus('299')).toBeNull();
    expect(lifecycleStatus('constructor')).toBeNull();
  });

  test('a dispute without a reason, and with one nobody listed', () => {
    expect(doubts(fixture('207_en_litige.xml').replace('<ram:ReasonCode>QTE_ERR</ram:ReasonCode>', '')).codes).toEqual(['cdarReasonMissing']);
    const { codes, message } = doubts(altered(fixture('207_en_litige.xml'), 'QTE_ERR', 'LUNE_ERR'));
    expect(codes).toEqual(['cdarReasonUnknown']);
    expect(message?.documents[0]?.reasons[0]?.code).toBe('LUNE_ERR');
  });

  test('cashed without saying what, or at which rate', () => {
    expect(doubts(fixture('212_encaissee.xml').replace(/<ram:SpecifiedDocumentStatus>.*<\/ram:SpecifiedDocumentStatus>/s, '')).codes).toEqual(['cdarPaymentMissing']);
    expect(doubts(altered(fixture('212_encaissee.xml'), '<ram:ValuePercent>10.00</ram:ValuePercent>', '')).codes).toEqual(['cdarPaymentMissing']);
  });

  test('a detail of another status', () => {
    const { codes, message } = doubts(altered(fixture('207_en_litige.xml'), '<ram:RequestedActionCode>', '<ram:ProcessConditionCode>210</ram:ProcessConditionCode><ram:RequestedActionCode>'));
    expect(codes).toEqual(['cdarStatusesDiffer']);
    expect(message?.documents[0]?.status).toBe('207');
  });
});

test('every status, reason and action has both its names, and no two the same', () => {
  for (const list of [Object.values(LIFECYCLE_STATUSES).map(({ name }) => name), Object.values(LIFECYCLE_REASONS), Object.values(LIFECYCLE_ACTIONS)]) {
    expect(new Set(list.map(({ fr }) => fr)).size).toBe(list.length);
    expect(new Set(list.map(({ en }) => en)).size).toBe(list.length);
  }
  expect(lifecycleReason('QTE_ERR')?.fr).toBe('Quantité facturée erronée');
  expect(lifecycleReason('toString')).toBeNull();
  expect(lifecycleAction('CNF')?.en).toBe('Issue a full credit note');
});

test('effects: what stops dunning, and nothing else does', () => {
  const withEffect = (effect: string): string[] => Object.entries(LIFECYCLE_STATUSES).filter(([, each]) => each.effect === effect).map(([code]) => code);
  expect(withEffect('refused')).toEqual(['210', '213', '220', '501']);
  expect(withEffect('holdDispute')).toEqual(['207']);
  expect(withEffect('holdPause')).toEqual(['208', '221']);
  expect(withEffect('accepted')).toEqual(['205']);
  expect(withEffect('partlyAccepted')).toEqual(['206']);
  expect(withEffect('resumes')).toEqual(['209']);
});

test('every fixture is read without a doubt', () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.xml'));
  expect(names.length).toBeGreaterThanOrEqual(STATUSES.length);
  for (const name of names) expect(readCdarText(fixture(name)).problems).toEqual([]);
});
