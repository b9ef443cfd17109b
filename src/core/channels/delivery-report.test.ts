import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDeliveryReport } from './delivery-report.ts';
import type { Reported } from './delivery-report.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../../fixtures/bounces/${name}.eml`, import.meta.url), 'latin1');

test.each<[string, Pick<Reported, 'kind' | 'address' | 'status'>]>([
  ['unknown-user', { kind: 'hard', address: 'compta@beta.example', status: '5.1.1' }],
  ['exchange', { kind: 'hard', address: 'compta@beta.example', status: '5.1.10' }],
  ['gmail', { kind: 'hard', address: 'compta@beta.example', status: '5.1.1' }],
  ['mailbox-full', { kind: 'soft', address: 'compta@gamma.example', status: '5.2.2' }],
  ['policy', { kind: 'blocked', address: 'compta@delta.example', status: '5.7.1' }],
  ['complaint', { kind: 'complaint', address: 'compta@beta.example', status: null }],
])('%s: what it says, of whom, about which message', (name, said) => {
  expect(readDeliveryReport(fixture(name))).toMatchObject({ ok: true, value: { messageId: '<MESSAGE-ID@duval.example>', recipients: [said] } });
});

test('words of the server are unfolded and kept', () => {
  expect(readDeliveryReport(fixture('unknown-user'))).toMatchObject({ value: { recipients: [{ diagnostic: expect.stringMatching(/Recipient address rejected: User unknown$/) as string }] } });
});

test.each([['gmail', 'X-Original-Message-ID'], ['exchange', 'In-Reply-To']])('%s: with the message not brought back, the report is known by its %s', (name, field) => {
  const [report = ''] = fixture(name).split(/(?=\r\nContent-Type: message\/rfc822)/);
  expect(report).toContain(`${field}: <MESSAGE-ID@duval.example>`);
  expect(readDeliveryReport(report)).toMatchObject({ ok: true, value: { messageId: '<MESSAGE-ID@duval.example>' } });
  expect(readDeliveryReport(report.replaceAll('<MESSAGE-ID@duval.example>', ''))).toMatchObject({ ok: true, value: { messageId: null } });
});

test('an ordinary reply is no report, whatever its text says', () => {
  expect(readDeliveryReport(fixture('out-of-office'))).toMatchObject({ ok: false });
});

const withStatus = (action: string, status: string): string => fixture('policy').replace('Action: failed', `Action: ${action}`).replace('Status: 5.7.1', `Status: ${status}`);

test.each([
  ['failed', '5.1.1', 'hard'], ['failed', '5.1.10', 'hard'], ['failed', '5.0.0', 'hard'], ['failed', '5.1.6', 'hard'], ['failed', '5.4.4', 'hard'],
  ['failed', '5.2.2', 'soft'], ['failed', '4.4.7', 'soft'], ['failed', '5.7.26', 'blocked'], ['failed', '5.3.4', 'blocked'], ['failed', '5.1.7', 'blocked'],
  ['failed', 'none', 'blocked'], ['delayed', '4.4.1', 'soft'], ['delivered', '2.0.0', 'delivered'],
])('%s %s is %s', (action, status, kind) => {
  expect(readDeliveryReport(withStatus(action, status))).toMatchObject({ ok: true, value: { recipients: [{ kind }] } });
});

test('a report that relays or expands says nothing', () => {
  expect(readDeliveryReport(withStatus('relayed', '2.0.0'))).toMatchObject({ ok: false });
});

test('line ends, cuts and noise never break the reader', () => {
  const names = ['unknown-user', 'mailbox-full', 'policy', 'complaint'] as const;
  for (const name of names) expect(readDeliveryReport(fixture(name).replaceAll('\r\n', '\n'))).toEqual(readDeliveryReport(fixture(name)));
  const cut = fc.record({ name: fc.constantFrom(...names), from: fc.nat(2000), length: fc.nat(2000), noise: fc.string() });
  expect(fc.check(fc.property(cut, ({ name, from, length, noise }) => {
    const text = fixture(name);
    const report = readDeliveryReport(text.slice(0, from) + noise + text.slice(from + length));
    return !report.ok || report.value.recipients.every(({ address, diagnostic }) => address.length <= 254 && diagnostic.length <= 500);
  }))).toMatchObject({ failed: false });
  expect(readDeliveryReport('')).toMatchObject({ ok: false });
});
