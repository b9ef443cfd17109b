import type { RatesView, SendingSettingsView } from '#core/api/sending.ts';

/** How messages are sent, as its form holds it: what may be absent has a switch beside it. */
export type SendingValues = {
  testing: boolean; testAddress: string; fourEyes: boolean; limited: boolean; perHour: number | string; perDay: number | string; perDomainHour: number | string; perDomainDay: number | string;
  approvalDays: number | string; bouncesPerThousand: number | string; complaintsPerHundredThousand: number | string; bankLooked: boolean; bankLimitDays: number | string; leftOut: string[];
};

/** Offered when a limit is switched on for the first time: what a small relay of a hosting firm takes. */
const FIRST_RATES: RatesView = { perHour: 200, perDay: 1000, perDomainHour: 50, perDomainDay: 200 };
/** Working days offered when the bank is looked at. */
const FIRST_BANK_DAYS = 3;

/** Settings to form. */
export function sendingValues(of: SendingSettingsView): SendingValues {
  return {
    testing: of.testAddress !== null, testAddress: of.testAddress ?? '', fourEyes: of.fourEyes, limited: of.rates !== null, ...(of.rates ?? FIRST_RATES), approvalDays: of.approvalDays,
    bouncesPerThousand: of.breaker.bouncesPerThousand, complaintsPerHundredThousand: of.breaker.complaintsPerHundredThousand, bankLooked: of.bankLimitDays !== null, bankLimitDays: of.bankLimitDays ?? FIRST_BANK_DAYS,
    leftOut: [...of.bankAccountsLeftOut],
  };
}

/** Form to settings, whole: nothing is switched off by being left out. */
export function sendingSettings(values: SendingValues): SendingSettingsView {
  return {
    testAddress: values.testing ? values.testAddress.trim() : null, fourEyes: values.fourEyes,
    rates: values.limited ? { perHour: Number(values.perHour), perDay: Number(values.perDay), perDomainHour: Number(values.perDomainHour), perDomainDay: Number(values.perDomainDay) } : null,
    approvalDays: Number(values.approvalDays), breaker: { bouncesPerThousand: Number(values.bouncesPerThousand), complaintsPerHundredThousand: Number(values.complaintsPerHundredThousand) },
    bankLimitDays: values.bankLooked ? Number(values.bankLimitDays) : null, bankAccountsLeftOut: values.leftOut,
  };
}
