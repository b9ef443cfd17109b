import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRecipient } from './email-address.ts';

test.each([
  ['S4-001 two addresses by comma', 'a@b.com, c@evil.com'],
  ['S4-002 two addresses by semicolon', 'a@b.com;c@evil.com'],
  ['S4-003 closed bracket and a second path', 'a@b.com>,<c@evil.com'],
  ['S4-004 CRLF and a Bcc header', 'a@b.com\r\nBcc: evil@x.com'],
  ['S4-004 the same, escaped', 'a@b.com\\r\\nBcc: evil@x.com'],
  ['S4-005 LF and a second RCPT', 'a@b.com\nRCPT TO:<c@evil.com>'],
  ['S4-006 NUL', 'a@b.com\0c@evil.com'],
  ['S4-007 an address as display name', '"a@b.com" <c@evil.com>'],
  ['S4-008 a group', 'group: a@b.com, c@evil.com;'],
  ['S4-009 a comment in the domain', 'user@good.com(x)evil.com'],
  ['S4-010 a quoted local part and a comment', '"user"@good.com(x)evil.com'],
  ['S4-011 a comment between labels', 'user@good(c).evil.com'],
  ['S4-012 a space in the domain', 'user@good .com'],
  ['S4-013 full-width letters', 'user@ｇood.com'],
  ['S4-014 a soft hyphen', 'user@goo\u00ADd.com'],
  ['S4-015 a domain that is no A-label', 'user@straße.de'],
  ['S4-016 an address in a quoted local part', '"x@evil.com y"@good.com'],
  ['S4-017 an address literal', 'a@[127.0.0.1]'],
  ['S4-018 an empty label', 'a@b..com'],
  ['S4-019 a leading dot', '.a@b.com'],
  ['S4-020 a trailing dot', 'a@b.com.'],
  ['S4-021 65 octets of local part', `${'a'.repeat(65)}@b.com`],
  ['S4-022 the word undefined', 'undefined'],
  ['S4-023 nothing', ''],
  ['S4-024 direction override', 'a\u202E@moc.b'],
  ['S4-025 encoded word', '=?utf-8?q?a=40b.com?= <c@evil.com>'],
  ['encoded word as local part', '=?utf-8?q?a=40b.com?=@evil.com'],
  ['percent route', 'user%evil.com@good.com'],
  ['bang route', 'evil.com!user@good.com'],
  ['no dot in the domain', 'user@localhost'],
  ['bare IPv4', 'user@127.0.0.1'],
  ['two at signs', 'a@b@c.com'],
  ['surrounding spaces', ' a@b.com '],
  ['leading hyphen in a label', 'a@-b.com'],
  ['fake A-label', 'a@ab--c.com'],
  ['label of 64', `a@${'b'.repeat(64)}.com`],
  ['255 characters', `${'a'.repeat(60)}@${`${'b'.repeat(60)}.`.repeat(3)}${'c'.repeat(8)}.com`],
])('%s is refused in both languages', (_name, text) => {
  const parsed = parseRecipient(text);
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  expect(parsed.error.code).toBe('channels.recipient');
  expect(parsed.error.message.fr).toMatch(/adresse e-mail/);
  // The refused text is shown without a control or a direction mark of its own.
  expect(parsed.error.message.en).toMatch(/^[\x20-\x7e’]*$/);
});

test.each([
  'a@b.com', 'prenom.nom+relance@exemple.fr', 'o\'brien@sub.domain.co.uk', 'x@xn--strae-oqa.de', `${'a'.repeat(64)}@b.com`, 'a@b.xn--p1ai', '1@2.fr', 'A.B@Exemple.FR',
])('%s is one address and stays as it is', (text) => {
  expect(parseRecipient(text)).toEqual({ ok: true, value: text });
});

test('whatever is accepted has one @, no white space, no bracket, no separator and only ASCII', () => {
  const piece = fc.constantFrom('a', 'b.', '@', 'good.com', ',', ';', '<', '>', '"', '(', ')', ' ', '\r\n', '\0', 'é', '.', '-', ':', '\\', '[', ']', '%', 'xn--', 'é.com');
  const checked = fc.check(
    fc.property(fc.oneof(fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')), fc.emailAddress(), fc.string()), (text) => {
      const parsed = parseRecipient(text);
      return !parsed.ok || /^[!-~]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+$/.test(text) && !/[,;<>"()\\[\]:]/.test(text) && text.split('@').length === 2;
    }),
    { numRuns: 3000, seed: 20_261_122 },
  );
  expect(checked).toMatchObject({ failed: false, counterexample: null });
});
