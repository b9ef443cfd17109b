import { expect, test } from 'vitest';
import type { SendingSettingsView } from '#core/api/sending.ts';
import { sendingSettings, sendingValues } from './sending-values.ts';

const OFF: SendingSettingsView = { testAddress: null, fourEyes: false, rates: null, approvalDays: 7, breaker: { bouncesPerThousand: 20, complaintsPerHundredThousand: 80 }, bankLimitDays: null, bankAccountsLeftOut: [] };
const ON: SendingSettingsView = {
  testAddress: 'essais@duval.test', fourEyes: true, rates: { perHour: 10, perDay: 20, perDomainHour: 5, perDomainDay: 6 }, approvalDays: 3, breaker: { bouncesPerThousand: 10, complaintsPerHundredThousand: 40 }, bankLimitDays: 5,
  bankAccountsLeftOut: ['FR14'],
};

test('what the server gave comes back as it was, all of it on or off', () => {
  for (const settings of [OFF, ON]) expect(sendingSettings(sendingValues(settings))).toEqual(settings);
});

test('what is switched off is gone, whatever its fields still hold; what is typed becomes numbers', () => {
  expect(sendingSettings({ ...sendingValues(ON), testing: false, limited: false, bankLooked: false })).toMatchObject({ testAddress: null, rates: null, bankLimitDays: null });
  expect(sendingSettings({ ...sendingValues(ON), testAddress: ' a@duval.test ', perHour: '30' })).toMatchObject({ testAddress: 'a@duval.test', rates: { perHour: 30 } });
});
