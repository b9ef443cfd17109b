import { expect, test } from 'vitest';
import { keyHere } from './send-facts.ts';

const HERE = { customer: '70', anchor: '99', payment: '55' };

test.each([
  ['a reminder', '3/EUR/standard/2/email/11.2/accountsPayable', 'dunning', '70/EUR/standard/2/email/99.2/accountsPayable'],
  ['of one item', '3/EUR/item/2/letter/11.0/postal/11', 'dunning', '70/EUR/item/2/letter/99.0/postal/99'],
  ['a copy', '3/EUR/standard/2/email/11.0/accountsPayable/copy/8', 'copy', '70/EUR/standard/2/email/99.0/accountsPayable/copy/8'],
  ['thanks', '3/EUR/thanks/41/email', 'thankYou', '70/EUR/thanks/55/email'],
] as const)('the key of %s with the numbers of this database', (...[, actionKey, purpose, expected]) => {
  expect(keyHere({ actionKey, purpose }, HERE)).toBe(expected);
});
