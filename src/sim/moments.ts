import { daysBetween } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CompanyEvent, Issued } from './event.ts';

/** What a payment history looks like from far away; shares are between 0 and 1, delays are days after the due date. */
export type Moments = {
  readonly invoices: number;
  readonly paid: number;
  readonly lateShare: number;
  readonly over30Share: number;
  readonly medianDelay: number;
  readonly meanLateDays: number;
  /** Paid invoices that shared their customer's payment day with another. */
  readonly inRunsShare: number;
  readonly disputedShare: number;
  /** Lines of customers in no lettering of which the last 90 days are left out. */
  readonly unletteredShare: number;
};

/** Lines younger than this are not yet lettered for good reason. */
const RECENT_DAYS = 90;

/** Measures a history; a document counts as paid on the last day money for it came in. */
export function momentsOf(events: Iterable<CompanyEvent>, until: Day): Moments {
  const seen = new History();
  for (const event of events) seen.add(event);
  const delays = [...seen.paidOn].flatMap(([number, on]) => {
    const dueOn = seen.documents.get(number)?.dueOn;
    return dueOn === null || dueOn === undefined ? [] : [daysBetween(dueOn, on)];
  }).toSorted((a, b) => a - b);
  const share = (count: number, of: number): number => (of === 0 ? 0 : count / of);
  const old = [...seen.lines].filter(([, on]) => daysBetween(on, until) > RECENT_DAYS);
  return {
    invoices: seen.documents.size,
    paid: delays.length,
    lateShare: share(delays.filter((days) => days > 0).length, delays.length),
    over30Share: share(delays.filter((days) => days > 30).length, delays.length),
    medianDelay: delays[Math.floor(delays.length / 2)] ?? 0,
    meanLateDays: share(delays.reduce((sum, days) => sum + Math.max(days, 0), 0), delays.length),
    inRunsShare: share([...seen.payments.values()].filter((count) => count > 1).reduce((sum, count) => sum + count, 0), delays.length),
    disputedShare: share(seen.disputed.size, seen.documents.size),
    unletteredShare: share(old.filter(([id]) => !seen.lettered.has(id)).length, old.length),
  };
}

class History {
  readonly documents = new Map<string, Issued>();
  readonly paidOn = new Map<string, Day>();
  readonly payments = new Map<string, number>();
  readonly disputed = new Set<string>();
  readonly lines = new Map<number, Day>();
  readonly lettered = new Set<number>();

  add(event: CompanyEvent): void {
    switch (event.kind) {
      case 'issued':
        this.lines.set(event.id, event.on);
        if (event.document !== 'creditNote') this.documents.set(event.number, event);
        break;
      case 'received':
        this.lines.set(event.id, event.on);
        this.#received(event.about, { customer: event.customer.code, on: event.on });
        break;
      case 'lettered':
        for (const member of event.members) this.lettered.add(member);
        break;
      case 'disputed':
        this.disputed.add(event.about);
        break;
      case 'returned':
        this.lines.set(event.id, event.on);
        break;
      case 'promised': case 'insolvent':
        break;
    }
  }

  #received(about: readonly string[], of: { customer: string; on: Day }): void {
    for (const number of about) this.paidOn.set(number, of.on);
    const key = `${of.customer} ${of.on}`;
    this.payments.set(key, (this.payments.get(key) ?? 0) + about.length);
  }
}
