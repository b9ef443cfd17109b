import { addMonths, day, later, partsOf } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { Problem } from '../kernel/problem.ts';
import { err, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';

/** How long something is kept as evidence, with where it was read. */
export type RetentionRule = {
  readonly class: 'message'; readonly kind: 'business' | 'consumer' | 'public'; readonly years: number; readonly from: 'day' | 'nextYear'; readonly article: string; readonly url: string;
  readonly validFrom: Day; readonly validTo: Day | null; readonly checkedOn: Day; readonly lawyerReviewed: false;
};

const READ = { class: 'message', validTo: null, checkedOn: day('2026-11-21'), lawyerReviewed: false } as const;

/** Reminders and formal notices are kept as long as the claim they are evidence of can be brought (docs/law/retention-fr.md). */
export const RETENTION_RULES: readonly RetentionRule[] = [
  { ...READ, kind: 'business', years: 5, from: 'day', article: 'C. com. L110-4 I', url: 'https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000005634379', validFrom: day('2008-06-19') },
  { ...READ, kind: 'consumer', years: 2, from: 'day', article: 'C. conso. L218-2', url: 'https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006069565', validFrom: day('2016-07-01') },
  { ...READ, kind: 'public', years: 4, from: 'nextYear', article: 'Loi 68-1250, art. 1', url: 'https://www.legifrance.gouv.fr/loda/id/JORFTEXT000000878035', validFrom: day('1969-01-01') },
];

/** Months of a year. */
const YEAR = 12;

/** What a message's keeping depends on: whom it went to, and the days of what it asked for. */
export type KeptMessage = {
  readonly kind: RetentionRule['kind'];
  /** Of the customer. */
  readonly country: string;
  readonly sentOn: Day;
  readonly dueOn: readonly Day[];
  /** Something that it asked for is still owed. */
  readonly open: boolean;
};

/** Until when a message is kept, the day included; `until` null: until what it asks for is settled. */
export type Retention = { readonly until: Day | null; readonly rule: RetentionRule };

/**
 * How long a message is evidence of a claim under French law: counted from the later of its sending and the due days it lists, and never ended while
 * something it asks for is owed. An error where no rule is known: another country, a day before the law.
 */
export function messageRetention(message: KeptMessage): Result<Retention, Problem> {
  const last = message.dueOn.reduce(later, message.sentOn);
  const rule = message.country === 'FR' ? RETENTION_RULES.find((one) => one.kind === message.kind && one.validFrom <= last && (one.validTo === null || last <= one.validTo)) : undefined;
  if (rule === undefined) {
    return err({
      line: 0, severity: 'error', code: 'retention.unknown',
      message: {
        fr: `Aucune durée de conservation n’est connue pour un client du pays ${message.country} au ${last} : le message est gardé, demandez à votre conseil.`,
        en: `No retention period is known for a customer in ${message.country} on ${last}: the message is kept, ask your counsel.`,
      },
    });
  }
  if (message.open) return ok({ until: null, rule });
  const start = rule.from === 'day' ? last : day(`${partsOf(last).year + 1}-01-01`);
  return ok({ until: addMonths(start, rule.years * YEAR), rule });
}
