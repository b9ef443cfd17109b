/** E-mails an organisation lets out, in all and to one recipient domain. */
export type Rates = { readonly perHour: number; readonly perDay: number; readonly perDomainHour: number; readonly perDomainDay: number };

/** Parts of an hour among which its e-mails are spread: five minutes each, short enough that no server sees a burst. */
export const SLOTS_PER_HOUR = 12;

/** Minutes of one part. */
export const SLOT_MINUTES = 60 / SLOTS_PER_HOUR;

/** E-mails of the last part of an hour, the last hour and the last day, at one moment. */
export type Handed = { readonly slot: number; readonly hour: number; readonly day: number };

/** What was handed over lately, by recipient domain in lower case. */
export type HandedByDomain = ReadonlyMap<string, Handed>;

/** How many more e-mails fit beside those handed over; never negative. Part of an hour, hour and day are all kept. */
export function room(handed: Handed, perHour: number, perDay: number): number {
  const slot = Math.ceil(perHour / SLOTS_PER_HOUR);
  return Math.max(Math.min(slot - handed.slot, perHour - handed.hour, perDay - handed.day), 0);
}

const NOTHING: Handed = { slot: 0, hour: 0, day: 0 };

/** What may still leave now: asked for one e-mail at a time, it never gives more than the rates have room for. */
export class Allowance {
  readonly #rates: Rates | null;
  readonly #handed: HandedByDomain;
  readonly #taken = new Map<string, number>();
  #left: number;

  /** Null rates allow everything. */
  constructor(rates: Rates | null, handed: HandedByDomain) {
    this.#rates = rates;
    this.#handed = handed;
    this.#left = Number.POSITIVE_INFINITY;
    if (rates === null) return;
    const all = { slot: 0, hour: 0, day: 0 };
    for (const one of handed.values()) {
      all.slot += one.slot;
      all.hour += one.hour;
      all.day += one.day;
    }
    this.#left = room(all, rates.perHour, rates.perDay);
  }

  /** Whether no e-mail at all may leave now. */
  get spent(): boolean {
    return this.#left <= 0;
  }

  /** Whether no e-mail to this domain may leave now. */
  spentFor(domain: string): boolean {
    if (this.spent) return true;
    if (this.#rates === null) return false;
    const free = room(this.#handed.get(domain) ?? NOTHING, this.#rates.perDomainHour, this.#rates.perDomainDay);
    return free <= (this.#taken.get(domain) ?? 0);
  }

  /** Takes the place of one e-mail to a domain; false when there is none. */
  take(domain: string): boolean {
    if (this.spentFor(domain)) return false;
    this.#left -= 1;
    this.#taken.set(domain, (this.#taken.get(domain) ?? 0) + 1);
    return true;
  }
}

/** The domain of an address, in lower case; the whole address when it has none. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
