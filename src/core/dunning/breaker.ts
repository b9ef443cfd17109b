/** E-mails the shares are taken over: the latest ones, as mailbox providers look at a sender's recent mail (reliability C4). */
export const BREAKER_WINDOW = 1000;

/** Hard bounces per thousand e-mails at which sending stops: providers review a sender at 5 %, and throttle well before. */
export const BOUNCES_PER_THOUSAND_MAX = 20;

/** Complaints per hundred thousand e-mails at which sending stops: 0.08 %, below the 0.10 % at which Gmail begins to refuse. */
export const COMPLAINTS_PER_HUNDRED_THOUSAND_MAX = 80;

/** Below so many e-mails a share says nothing: one bounce among three is a typing mistake, not a reputation. */
export const BREAKER_MAILS_MIN = 50;

/** And so many must have come back: four dead addresses are a list to tidy, whatever they are a share of. */
export const BREAKER_BOUNCES_MIN = 5;

/** Until the window is full one complaint is already more than any provider's bar; two of different messages are a pattern. */
export const BREAKER_COMPLAINTS_MIN = 2;

/** What became of the latest e-mails: how many there were, how many came back for good, how many were called spam. */
export type MailRecord = { readonly mails: number; readonly bounces: number; readonly complaints: number };

/** Shares at which an organisation's e-mail stops; never above the constants of this file. */
export type BreakerLimits = { readonly bouncesPerThousand: number; readonly complaintsPerHundredThousand: number };

/** Why e-mail of an organisation must stop, or null. Bounces are looked at first; whole numbers only, so that 2 % is 2 %. */
export function breakerCause(record: MailRecord, limits: BreakerLimits): 'bounces' | 'complaints' | null {
  const { mails, bounces, complaints } = record;
  if (mails < BREAKER_MAILS_MIN) return null;
  const bouncesMax = Math.min(limits.bouncesPerThousand, BOUNCES_PER_THOUSAND_MAX);
  if (bounces >= BREAKER_BOUNCES_MIN && bounces * 1000 >= mails * bouncesMax) return 'bounces';
  const complaintsMax = Math.min(limits.complaintsPerHundredThousand, COMPLAINTS_PER_HUNDRED_THOUSAND_MAX);
  const enough = complaints >= (mails >= BREAKER_WINDOW ? 1 : BREAKER_COMPLAINTS_MIN);
  return enough && complaints * 100_000 >= mails * complaintsMax ? 'complaints' : null;
}
