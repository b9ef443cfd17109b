import { expect, test } from 'vitest';
import { timestampRequest } from './timestamp-request.ts';

test('a request says version 1, SHA-256, the hash and that the certificate is wanted, in DER', () => {
  const hash = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  expect(timestampRequest(hash).toString('hex')).toBe(`30390201013031300d060960864801650304020105000420${hash.toString('hex')}0101ff`);
  expect(() => timestampRequest(hash.subarray(1))).toThrow('32 bytes');
});
