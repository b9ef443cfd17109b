import { day } from '../kernel/day.ts';
import type { SendFacts } from '../dunning/send-facts.ts';
import type { Instant } from '../kernel/clock.ts';

/** A send of the journal for tests, with what is changed of it. */
export const aSend = (changed: Partial<SendFacts> = {}): SendFacts => ({
  organisation: 'duval', action: '7', fence: 1, actionKey: '3/EUR/standard/2/email/11.0/accountsPayable', customer: 'C1', channel: 'email', role: 'accountsPayable', purpose: 'dunning',
  scenario: 'standard', scenarioVersion: 1, step: 2, stepKey: 'k2', offsetDays: 5, template: 'reminder1', tone: 'neutral', formalNotice: false, chargesAllowed: true, currency: 'EUR', total: 12_000n,
  anchor: 'C1|FA1', payment: null, items: [{ naturalKey: 'C1|FA1', amount: 12_000n, dueOn: day('2026-02-01'), creditedStep: 2, creditedKey: 'k2', creditedOffset: 5 }],
  messageId: 'm7@duval.example', sha256: 'a'.repeat(64), recipientSha256: 'b'.repeat(64), day: day('2026-03-02'), at: '2026-03-02T08:00:00.000Z' as Instant, test: false, ...changed,
});
