import { describe, expect, test } from 'vitest';
import { hasList, hostileInputs, INTAKE_SURFACES, testsByInput, untested } from './hostile.ts';

test('an id in a comment is no test, one in a table of cases is', () => {
  const tests = testsByInput();
  expect(tests.get('S1-001')).toContain('src/core/intake/table/hostile-rows.test.ts');
  expect(tests.has('S1-999')).toBe(false);
});

for (const surfaces of hasList() ? [INTAKE_SURFACES] : []) {
  describe('the list of hostile inputs', () => {
    test('holds the inputs of the three surfaces of import', () => {
      expect(hostileInputs(surfaces).length).toBeGreaterThanOrEqual(200);
    });

    test('every one of them is named by a test', () => {
      expect(untested(surfaces).map(({ id, input }) => `${id} ${input}`)).toEqual([]);
    });
  });
}
