import type { Currency } from '#core/kernel/currency.ts';
import { addDays, dayNumber } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Random } from '#core/kernel/random.ts';
import type { Place } from '#core/ledger/calendar.ts';
import type { Meters } from './meters.ts';
import type { TrueTenant } from './oracle.ts';
import type { Swarm } from './swarm.ts';
import type { TrueDebtor, TrueHold, TrueItem } from './truth.ts';

/** Something that will happen to a tenant at a minute of a day, whatever the program does. */
export type Happening = { readonly minute: number; readonly what: string; readonly happen: () => Promise<void> };

const PLACES: readonly Place[] = [
  { country: 'FR', postalCode: '75011' }, { country: 'FR', postalCode: '69003' }, { country: 'FR', postalCode: '67000' }, { country: 'FR', postalCode: '97400' },
  { country: 'FR', postalCode: '97110' }, { country: 'FR', postalCode: '98713' }, { country: 'BE', postalCode: '1000' },
];

const WORK_FROM = 7 * 60;
const WORK_UNTIL = 20 * 60;
const DAYS_OF_MONTH = 30;

/** The life of one company and its debtors, drawn from the seed: what they owe, pay, dispute, promise. Each happening changes the truth and tells the books. */
export class World {
  readonly tenant: TrueTenant;
  readonly #random: Random;
  readonly #swarm: Swarm;
  readonly #meters: Meters;
  readonly #agenda = new Map<number, Happening[]>();
  #count = 0;

  constructor(tenant: TrueTenant, of: { random: Random; swarm: Swarm; meters: Meters }) {
    this.tenant = tenant;
    this.#random = of.random;
    this.#swarm = of.swarm;
    this.#meters = of.meters;
  }

  #name(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.tenant.code}${this.#count}`;
  }

  async populate(): Promise<void> {
    const random = this.#random;
    for (let at = 0; at < this.#swarm.debtors; at += 1) {
      const code = this.#name('C');
      const email = random.chance(0.85) ? `compta@${code.toLowerCase()}.example` : null;
      const debtor: TrueDebtor = {
        tenant: this.tenant.code, code, kind: random.pick(['business', 'business', 'business', 'consumer']), place: random.chance(0.6) ? (PLACES[0] ?? { country: 'FR', postalCode: null }) : random.pick(PLACES), email,
        emails: new Set(email === null ? [] : [email]), refused: false, dead: new Set(), unreachable: false, items: new Map(), credits: new Map(), holds: [], contacts: [], steps: new Map(),
      };
      this.tenant.debtors.set(code, debtor);
      await this.tenant.books.addDebtor({ code, kind: debtor.kind, place: debtor.place, email, hasAddress: random.chance(0.7) });
    }
  }

  /** What happens on a day, in the order of its minutes; drawn once, when the day begins. */
  dayOf(today: Day): Happening[] {
    for (const debtor of this.tenant.debtors.values()) this.#live(debtor, today);
    this.#company(today);
    const list = this.#agenda.get(dayNumber(today)) ?? [];
    this.#agenda.delete(dayNumber(today));
    return list.toSorted((a, b) => a.minute - b.minute);
  }

  #enter(on: Day, what: string, happen: () => Promise<void>): void {
    const list = this.#agenda.get(dayNumber(on)) ?? [];
    list.push({ minute: this.#random.between(WORK_FROM, WORK_UNTIL), what, happen });
    this.#agenda.set(dayNumber(on), list);
  }

  #live(debtor: TrueDebtor, today: Day): void {
    const random = this.#random;
    if (random.chance(this.#swarm.invoicesAMonth / DAYS_OF_MONTH)) this.#enter(today, 'invoice', () => this.#invoice(debtor, today));
    if (random.chance(0.004)) this.#enter(today, 'address', () => this.#address(debtor));
    if (random.chance(0.0006)) this.#enter(today, 'refusal', () => this.#refuse(debtor));
    if (random.chance(0.003)) this.#enter(today, 'scenario', () => this.tenant.books.setScenario(debtor.code, random.pick([null, 'gentle', 'firm'])));
    if (random.chance(0.004)) this.#enter(today, 'call', () => this.#call(debtor, today));
    if (random.chance(0.004)) this.#enter(today, 'pause', () => this.#hold(debtor, { kind: 'pause', documents: null, from: today, until: random.chance(0.7) ? addDays(today, random.between(3, 30)) : null }));
    if (random.chance(0.0006)) this.#enter(today, 'insolvency', () => this.#hold(debtor, { kind: 'insolvency', documents: null, from: today, until: null }));
    if (random.chance(0.004)) this.#enter(today, 'loose credit', async () => {
      await this.#credit(debtor, { on: today, amount: BigInt(random.between(1_000, 90_000)), by: random.chance(0.6) ? 'receipt' : 'creditNote' });
    });
  }

  #company(today: Day): void {
    const random = this.#random;
    const { tenant } = this;
    if (random.chance(tenant.globalStop ? 0.3 : 0.008)) this.#enter(today, 'stop', () => this.#settings({ globalStop: !tenant.globalStop }));
    if (random.chance(0.06)) this.#enter(today, 'cap', () => this.#settings({ cap: random.pick([null, { contacts: 1, windowDays: 5 }, { contacts: 2, windowDays: 10 }]) }));
    if (random.chance(0.004)) this.#enter(today, 'closed day', () => this.#settings({ closedDays: [...tenant.closedDays, addDays(today, random.between(0, 2))] }));
  }

  async #settings(change: Partial<Pick<TrueTenant, 'globalStop' | 'cap' | 'closedDays'>>): Promise<void> {
    Object.assign(this.tenant, change);
    await this.tenant.books.setSettings({ globalStop: this.tenant.globalStop, contactCap: this.tenant.cap, closedDays: this.tenant.closedDays, approveEverything: this.tenant.approveEverything });
  }

  async #address(debtor: TrueDebtor): Promise<void> {
    const email = this.#random.chance(0.15) ? null : `${this.#name('a').toLowerCase()}@${debtor.code.toLowerCase()}.example`;
    debtor.email = email;
    if (email !== null) debtor.emails.add(email);
    await this.tenant.books.setEmail(debtor.code, email);
  }

  async #refuse(debtor: TrueDebtor): Promise<void> {
    debtor.refused = true;
    await this.tenant.books.refuse(debtor.code);
  }

  async #call(debtor: TrueDebtor, on: Day): Promise<void> {
    debtor.contacts.push({ on, what: 'call' });
    await this.tenant.books.noteCall(debtor.code, on);
  }

  async #invoice(debtor: TrueDebtor, today: Day): Promise<void> {
    const random = this.#random;
    const currency: Currency = random.chance(0.8) ? 'EUR' : 'USD';
    // Terms of a few days make cases quickly; some are late already when they come in.
    const dueOn = addDays(today, random.pick([30, 15, 0, -20]));
    const item: TrueItem = { document: this.#name('F'), currency, amount: BigInt(random.between(2_000, 300_000)), issuedOn: addDays(dueOn, -30), dueOn, open: 0n, received: [] };
    item.open = item.amount;
    debtor.items.set(item.document, item);
    await this.tenant.books.addItem({ customer: debtor.code, ...item });
    this.#fate(debtor, item);
  }

  /** What will become of an invoice, beside what the program does. */
  #fate(debtor: TrueDebtor, item: TrueItem): void {
    const random = this.#random;
    const paidOn = (spread: number): Day => addDays(item.dueOn, random.between(-10, spread));
    if (random.chance(0.8)) {
      const on = paidOn(90);
      this.#enter(on, 'payment', () => this.#pay(debtor, item, { on, part: random.chance(0.2) ? 2n : 1n }));
      if (random.chance(0.06)) this.#enter(addDays(on, random.between(1, 20)), 'payment returned', () => this.#return(debtor, item));
    }
    if (random.chance(0.08)) this.#enter(addDays(item.dueOn, random.between(0, 50)), 'credit note', () => this.#creditNote(debtor, item));
    if (random.chance(0.15)) {
      const from = addDays(item.dueOn, random.between(-5, 45));
      const handle = this.#name('h');
      this.#enter(from, 'dispute', () => this.#hold(debtor, { kind: 'dispute', documents: [item.document], from, until: null, amount: random.chance(0.4) ? item.amount / 3n : null }, handle));
      if (random.chance(0.8)) this.#enter(addDays(from, random.between(1, 40)), 'dispute ends', () => this.#endHold(debtor, handle, addDays(from, 1)));
    }
    if (random.chance(0.2)) {
      const from = addDays(item.dueOn, random.between(1, 50));
      this.#enter(from, 'promise', () => this.#hold(debtor, { kind: 'promise', documents: [item.document], from, until: addDays(from, random.between(1, 20)) }));
    }
    if (random.chance(0.08)) {
      const from = addDays(item.dueOn, random.between(1, 40));
      this.#enter(from, 'plan', () => this.#plan(debtor, item, from));
    }
  }

  async #pay(debtor: TrueDebtor, item: TrueItem, { on, part }: { on: Day; part: bigint }): Promise<void> {
    const amount = item.open / part;
    if (amount <= 0n) return;
    const credit = await this.#credit(debtor, { on, amount, by: 'receipt', currency: item.currency });
    await this.#allocate(debtor, item, { credit, amount, on });
    this.#meters.note(part === 1n ? 'paid' : 'paid in part');
  }

  async #creditNote(debtor: TrueDebtor, item: TrueItem): Promise<void> {
    const amount = this.#random.chance(0.5) ? item.open : item.open / 4n;
    if (amount <= 0n) return;
    const on = item.dueOn;
    const credit = await this.#credit(debtor, { on, amount, by: 'creditNote', currency: item.currency });
    if (this.#random.chance(0.7)) await this.#allocate(debtor, item, { credit, amount, on });
  }

  async #credit(debtor: TrueDebtor, of: { on: Day; amount: bigint; by: 'receipt' | 'creditNote'; currency?: Currency }): Promise<string> {
    const document = this.#name('R');
    const currency = of.currency ?? 'EUR';
    debtor.credits.set(document, { currency, left: of.amount });
    await this.tenant.books.addCredit({ customer: debtor.code, document, currency, amount: of.amount, on: of.on, by: of.by });
    return document;
  }

  readonly #allocated = new Map<string, { handle: string; credit: string; amount: bigint }>();

  async #allocate(debtor: TrueDebtor, item: TrueItem, of: { credit: string; amount: bigint; on: Day }): Promise<void> {
    const handle = this.#name('l');
    item.open -= of.amount;
    item.received.push({ on: of.on, amount: of.amount });
    const credit = debtor.credits.get(of.credit);
    if (credit !== undefined) credit.left -= of.amount;
    this.#allocated.set(item.document, { handle, credit: of.credit, amount: of.amount });
    await this.tenant.books.allocate({ handle, customer: debtor.code, debit: item.document, credit: of.credit, amount: of.amount, on: of.on });
  }

  /** A payment turns out to belong to something else: it is free again, and so is the debt. */
  async #return(debtor: TrueDebtor, item: TrueItem): Promise<void> {
    const last = this.#allocated.get(item.document);
    if (last === undefined) return;
    this.#allocated.delete(item.document);
    const on = item.received.at(-1)?.on ?? item.dueOn;
    item.open += last.amount;
    item.received.push({ on, amount: -last.amount });
    const credit = debtor.credits.get(last.credit);
    if (credit !== undefined) credit.left += last.amount;
    await this.tenant.books.takeBack(last.handle, on);
  }

  async #hold(debtor: TrueDebtor, of: Pick<TrueHold, 'kind' | 'documents' | 'from' | 'until'> & { amount?: bigint | null; instalments?: TrueHold['instalments'] }, handle = this.#name('h')): Promise<void> {
    const items = (of.documents ?? []).flatMap((document) => debtor.items.get(document) ?? []);
    if (of.documents !== null && items.every(({ open }) => open <= 0n)) return;
    const hold: TrueHold = { handle, amount: null, instalments: [], openThen: items.reduce((sum, { open }) => sum + open, 0n), endedOn: null, ...of };
    debtor.holds.push(hold);
    await this.tenant.books.addHold(debtor.code, hold);
  }

  async #endHold(debtor: TrueDebtor, handle: string, on: Day): Promise<void> {
    const hold = debtor.holds.find((one) => one.handle === handle);
    if (hold === undefined) return;
    hold.endedOn = on;
    await this.tenant.books.endHold(handle, on);
  }

  async #plan(debtor: TrueDebtor, item: TrueItem, from: Day): Promise<void> {
    if (item.open < 2n) return;
    const half = item.open / 2n;
    const instalments = [{ dueOn: addDays(from, 10), minor: half }, { dueOn: addDays(from, 40), minor: item.open - half }];
    await this.#hold(debtor, { kind: 'plan', documents: [item.document], from, until: null, instalments });
    if (this.#random.chance(0.6)) this.#enter(addDays(from, 9), 'instalment', () => this.#instalment(debtor, item, { amount: half, on: addDays(from, 9) }));
  }

  async #instalment(debtor: TrueDebtor, item: TrueItem, { amount, on }: { amount: bigint; on: Day }): Promise<void> {
    if (item.open < amount) return;
    const credit = await this.#credit(debtor, { on, amount, by: 'receipt', currency: item.currency });
    await this.#allocate(debtor, item, { credit, amount, on });
  }
}
