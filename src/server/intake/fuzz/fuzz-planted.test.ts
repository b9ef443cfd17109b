import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { ok } from '#core/kernel/result.ts';
import { readInvoiceXml } from '../read-einvoice-xml.ts';
import { unpackArchive } from '../read-xlsx-archive.ts';
import { runFuzz } from './fuzz.ts';
import type { FuzzFailure, FuzzReport } from './fuzz.ts';
import type { Outcome } from './outcome.ts';
import type { Subject } from './subject.ts';
import { archiveSubjects } from './subjects-archive.ts';
import { bankSubjects, readBankBytes } from './subjects-bank.ts';
import type { BankBytesReader } from './subjects-bank.ts';
import { readFecPieces, tableSubjects } from './subjects-table.ts';
import type { FecPiecesReader } from './subjects-table.ts';
import { readCamtKept, xmlSubjects } from './subjects-xml.ts';
import type { XmlReaders } from './subjects-xml.ts';

type Bank = ReturnType<BankBytesReader>;

/** The reading with other words about whether its statements balance. */
const balancing = (reading: Bank, isBalanced: (difference: bigint, last: bigint) => boolean): Bank => {
  const last = reading.lines.at(-1)?.minor ?? 0n;
  const statements = reading.statements.map((one) => {
    const difference = (one.closing?.minor ?? 0n) - (one.opening?.minor ?? 0n) - one.movement;
    return one.opening === null || one.closing === null ? one : { ...one, balanced: isBalanced(difference, last) };
  });
  return { ...reading, statements };
};

const bank = (name: string, fault: (reading: Bank) => Bank): Subject => named(bankSubjects((format, bytes) => fault(readBankBytes(format, bytes))), name);
const fec = (fault: FecPiecesReader): Subject => named(tableSubjects(fault), 'fec');
const xml = (name: string, readers: Partial<XmlReaders>): Subject => named(xmlSubjects({ camt: readCamtKept, invoice: readInvoiceXml, ...readers }), name);

function named(subjects: readonly Subject[], name: string): Subject {
  const found = subjects.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no subject ${name}`);
  return found;
}

/** The judgement of a table reader with something done to its outcome. */
const table = (name: string, fault: (outcome: Outcome) => Outcome): Subject => {
  const subject = named(tableSubjects(), name);
  return { ...subject, read: async (bytes) => fault(await subject.read(bytes)) };
};

const busy = (seconds: number): void => {
  const started = process.cpuUsage();
  const spent = (): number => {
    const { user, system } = process.cpuUsage(started);
    return user + system;
  };
  while (spent() < seconds * 1_000_000) Math.sqrt(2);
};

/** Faulty readers, the words of the rule that must see them, and within how many cases. */
const PLANTED: readonly (readonly [string, Subject, RegExp, number])[] = [
  ['a FEC reader that throws on an empty field', fec((pieces) => {
    if (/\t\t\t\t\t/u.test(pieces.join(''))) throw new TypeError('field is undefined');
    return readFecPieces(pieces);
  }), /threw TypeError/u, 100],
  ['a FEC reader that leaves the last line out', fec((pieces) => {
    const { lines, summary } = readFecPieces(pieces);
    return { lines: lines.slice(0, -1), summary };
  }), /receivable lines: \d+ said, \d+ given/u, 100],
  ['a FEC reader that forgives a cent', fec((pieces) => {
    const { lines, summary } = readFecPieces(pieces);
    const near = summary.totalDebit !== summary.totalCredit && summary.totalDebit - summary.totalCredit < 1_000_000n;
    return near ? { lines, summary: { ...summary, accepted: true, problems: [] } } : { lines, summary };
  }), /debit and credit: \d+ said, \d+ given/u, 2_000],
  ['a FEC reader that hangs on a long line', fec((pieces) => {
    if (pieces.join('').length > 60_000) busy(2.1);
    return readFecPieces(pieces);
  }), /took \d/u, 2_000],
  ['a table reader that accepts what it refused', table('items-csv', (outcome) => ({ ...outcome, accepted: true })), /accepted with an error/u, 100],
  ['a table reader that refuses without a word', table('bank-csv', (outcome) => ({ ...outcome, problems: outcome.problems.filter(({ code }) => code !== 'intake.tableAmountUnreadable') })), /refused without an error/u, 2_000],
  ['a CFONB reader that ignores the sign of the last movement', bank('cfonb120', (reading) => balancing(reading, (difference, last) => difference === 0n || difference === 2n * last || difference === -2n * last)), /one amount was changed|its lines say/u, 2_000],
  ['a CFONB reader that computes the closing balance instead of reading it', bank('cfonb120', (reading) => ({
    ...reading, statements: reading.statements.map((one) => (one.opening === null || one.closing === null ? one : { ...one, balanced: true, closing: { ...one.closing, minor: one.opening.minor + one.movement } })),
  })), /one amount was changed/u, 200],
  ['an MT940 reader that forgives a difference under one euro', bank('mt940', (reading) => balancing(reading, (difference) => difference > -100n && difference < 100n)), /one amount was changed|its lines say/u, 2_000],
  ['an OFX reader that skips a movement without a name', bank('ofx', (reading) => {
    const kept = reading.lines.filter(({ counterparty }) => counterparty.name !== null);
    const left = reading.lines.length - kept.length;
    return { ...reading, lines: kept, summary: { ...reading.summary, lines: reading.summary.lines - left } };
  }), /money (?:in|out)|records seen/u, 500],
  ['a bank reader that names no line', bank('cfonb240', (reading) => ({ ...reading, summary: { ...reading.summary, problems: reading.summary.problems.map((one) => ({ ...one, line: one.line - 1 })) } })), /line -1/u, 500],
  ['a camt reader that drops the balance check', xml('camt', { camt: (bytes) => {
    const reading = readCamtKept(bytes);
    return { ...reading, statements: reading.statements.map((one) => ({ ...one, balanced: true })) };
  } }), /one amount was changed|balanced is true/u, 200],
  ['a camt reader without the warning of a balance that does not fit', xml('camt', { camt: (bytes) => {
    const reading = readCamtKept(bytes);
    return { ...reading, summary: { ...reading.summary, problems: reading.summary.problems.filter(({ code }) => code !== 'intake.statementUnbalanced') } };
  } }), /does not balance is not told/u, 500],
  ['an invoice reader that trusts the totals', xml('ubl', { invoice: (bytes) => {
    const read = readInvoiceXml(bytes);
    return read.reading === null ? read : { ...read, reading: { ...read.reading, contradictions: [] } };
  } }), /total with tax|amount due/u, 1_000],
  ['an invoice reader with one language', xml('cdar', { invoice: (bytes) => {
    const read = readInvoiceXml(bytes);
    return { ...read, problems: read.problems.map((one) => ({ ...one, message: { fr: one.message.en, en: one.message.en } })) };
  } }), /one sentence for both languages/u, 100],
  ['an archive reader that follows a name out of its folder', named(archiveSubjects((bytes, wanted) => {
    const unpacked = unpackArchive(bytes, wanted);
    return unpacked.ok ? ok(new Map([...unpacked.value].map(([name, content]) => [name.replace('1.xml', '../1.xml'), content]))) : unpacked;
  }), 'zip'), /unsafe name/u, 2_000],
];

/** Removes the input that was kept. */
const drop = ({ path }: FuzzFailure): void => rmSync(dirname(path), { recursive: true });

test.each(PLANTED)('%s is caught', { timeout: 60_000 }, async (...[, subject, rule, cases]) => {
  const { failure } = await runFuzz({ subject, seed: 7, count: cases });
  if (failure !== null) drop(failure);
  expect(failure?.faults.join('\n')).toMatch(rule);
});

test('the same numbers give the same cases, alone or in a longer run, and the smallest input is kept', async () => {
  const subject = named(tableSubjects((pieces) => {
    if (pieces.join('').includes('\t\t\t\t\t')) throw new TypeError('field is undefined');
    return readFecPieces(pieces);
  }), 'fec');
  const first: FuzzReport = await runFuzz({ subject, seed: 3, count: 1_000 });
  const { failure } = first;
  if (failure === null) throw new Error('the planted bug was not found');
  const again = await runFuzz({ subject, seed: 3, from: failure.index, count: 1 });
  expect(again.failure).toMatchObject({ index: failure.index, faults: failure.faults, changes: failure.changes, bytes: failure.bytes });
  expect(failure.bytes.toString()).toBe('\t\t\t\t\t');
  expect(readFileSync(failure.path)).toEqual(failure.bytes);
  drop(failure);
  if (again.failure !== null) drop(again.failure);
});
