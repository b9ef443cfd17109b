import { addDays, daysBetween, weekday } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { workingDaysBetween } from '#core/ledger/calendar.ts';
import type { Claimed } from '#server/channels/claim-batch.ts';
import { LEASE_MINUTES } from '#server/channels/claim-batch.ts';
import type { StoredMail } from '#server/channels/mime.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import type { Books, SeenAction } from './books.ts';
import { ParkedWatch } from './parked-watch.ts';
import { Restored } from './restored.ts';
import { LEDGER_LIMIT_DAYS } from './memory-books.ts';
import type { SimTime } from './sim-time.ts';
import type { Told } from './told.ts';
import { askable, credits, disputed, isHoliday, mustNotAsk, openOn, timeAt, wasFree } from './truth.ts';
import type { TrueDebtor, TrueItem } from './truth.ts';

/** Something that must never be, with the promise it breaks. */
export type Violation = { readonly promise: string; readonly what: string; readonly at: string };

/** What the oracle knows of a tenant beside its debtors: what people set, and what was imported when. */
export type TrueTenant = {
  readonly code: string; readonly debtors: Map<string, TrueDebtor>; readonly books: Told; readonly scenarios: ReadonlyMap<string, ScenarioVersion>;
  globalStop: boolean; cap: { readonly contacts: number; readonly windowDays: number } | null; closedDays: Day[]; importedOn: Day | null; approveEverything: boolean;
};

/** A ledger of a company: a restored one, or a copy beside it, is another. Its name tells it from the others of the company. */
export type LedgerOf = { readonly name: string; readonly tenant: TrueTenant; readonly books: Books };

/** A message on its way: for whom, about what, claimed when. */
type Case = {
  readonly tenant: TrueTenant; readonly ledger: LedgerOf; readonly debtor: TrueDebtor; readonly action: string; readonly items: readonly { readonly document: string; readonly step: number | null; readonly offset: number | null; readonly scenario: string }[];
  readonly to: string | null; readonly bytes: string; readonly words: string | null; readonly claims: number[]; taken: number; contactNoted: boolean;
  /** When it was claimed for the hand-off that began last; 0: none did. */
  leftClaim: number;
  /** Copies that a person answers for, who took the ledger over without proof. */
  answered: number;
  /** When it first reached its debtor; 0: it did not. */
  reachedAt: number;
  /** The budget that held when it was claimed last. */
  cap: TrueTenant['cap'];
};

const MINUTE_MS = 60_000;
const HOME = { country: 'FR', postalCode: null };
/** A message that was looked at in time may leave so much later: a server that is slow, a chunk that waits its turn. */
const LATE_MS = 15 * MINUTE_MS;
const ZONE = 'Europe/Paris';
/** Documents of any debtor of any tenant, as the world names them. */
const DOCUMENT = /\bFT\d+x\d+\b/g;
/** Days after which an approval is looked at again, and those of a long weekend. */
const APPROVED_DAYS_MAX = 11;
/** Days late after which an item must have been in some action, if nothing kept it for so many days. */
const FORGOTTEN_DAYS = 40;
const FORGOTTEN_FREE_DAYS = 20;

/**
 * Watches everything that leaves and says what must not have. It knows the world as it is, not as the program has written it down, and its rules
 * are written apart from the program's.
 */
export class Oracle {
  readonly violations: Violation[] = [];
  readonly #time: SimTime;
  readonly #cases = new Map<string, Case>();

  constructor(time: SimTime) {
    this.#time = time;
  }

  wrong(promise: string, what: string): void {
    this.violations.push({ promise, what, at: this.#time.now() });
  }

  /** A claim was committed: each message is looked at with all that is true at this moment. */
  async claimed(ledger: LedgerOf, claimed: readonly Claimed[]): Promise<void> {
    const { tenant } = ledger;
    const seen = new Map((await ledger.books.actionsOf(claimed.map(({ action }) => action.actionId))).map((action) => [action.id as string, action]));
    for (const one of claimed) {
      const { action } = one;
      const debtor = tenant.debtors.get(action.customerCode);
      const items = seen.get(action.actionId)?.items ?? [];
      if (debtor === undefined) {
        this.wrong('D1', `${tenant.code}: message to an unknown debtor ${action.customerCode}`);
        continue;
      }
      const stored = one.mail?.bytes ?? one.pdf ?? Buffer.alloc(0);
      const bytes = stored.toString('latin1');
      const known = this.#cases.get(this.#keyOf(ledger, one));
      const made: Case = known ?? { tenant, ledger, debtor, action: action.actionId, items, to: one.mail?.to ?? null, bytes, words: await ledger.books.wordsOf(stored), claims: [], taken: 0, contactNoted: false, leftClaim: 0, answered: 0, reachedAt: 0, cap: null };
      made.cap = tenant.cap;
      if (known !== undefined && known.bytes !== bytes) this.wrong('B2', `${tenant.code} action ${action.actionId}: other bytes at a later try`);
      made.claims.push(this.#time.ms);
      if (known === undefined) {
        this.#cases.set(this.#keyOf(ledger, one), made);
        this.#bySha.set(`${tenant.code} ${one.sha256}`, made);
        this.#byAction.set(`${ledger.name} ${action.actionId}`, [...this.#casesOf(ledger.name, action.actionId), made]);
      }
      if (this.restored.shut.has(ledger.name) && !this.restored.overtaken.has(ledger.name)) this.wrong('B8', `${ledger.name} ${debtor.code} action ${action.actionId}: claimed before anybody reconciled`);
      if (this.restored.approvedSince.get(ledger.name)?.has(action.actionId) === false) this.wrong('B8', `${ledger.name} ${debtor.code} action ${action.actionId}: nobody approved it since the ledger was taken over`);
      const other = this.#headers.get(`${tenant.code} ${one.headerId}`) ?? made;
      if (other !== made && other.taken > other.answered) this.wrong('B8', `${ledger.name} ${debtor.code} action ${action.actionId}: has the Message-ID of action ${other.action} of ${other.ledger.name}`);
      this.#headers.set(`${tenant.code} ${one.headerId}`, made);
      this.#lookAt(made, one);
    }
  }

  /** What was taken back, lost, shut and opened again. */
  readonly restored = new Restored();
  readonly #bySha = new Map<string, Case>();
  readonly #headers = new Map<string, Case>();

  /** A ledger begins where another one stood at an instant: what that one had claimed by then is this one's too. */
  inherits(ledger: string, from: string, copiedAt: number): void {
    for (const [key, cases] of Array.from(this.#byAction)) {
      if (!key.startsWith(`${from} `)) continue;
      const before = cases.filter(({ claims }) => (claims[0] ?? 0) <= copiedAt);
      const id = key.slice(from.length + 1);
      if (before.length > 0) this.#byAction.set(`${ledger} ${id}`, before);
      for (const one of before) if (one.to === null) this.#cases.set(`${ledger} letter ${id}`, one);
    }
  }

  /** A person answers for the lost time of a company (`Restored.answersFor`): what was approved again may reach its debtor again. */
  answersFor(tenant: TrueTenant): void {
    this.restored.answersFor(tenant.code, tenant.debtors.values());
    for (const made of this.#cases.values()) {
      if (made.tenant !== tenant || !this.restored.isLost(tenant.code, made)) continue;
      Object.assign(made, { answered: made.taken, contactNoted: false, reachedAt: 0 });
    }
  }

  readonly #buried: { readonly debtor: TrueDebtor; readonly address: string; readonly at: number }[] = [];

  /** A delivery report says that a mailbox is dead. */
  dead(debtor: TrueDebtor, address: string): void {
    debtor.dead.add(address);
    this.#buried.push({ debtor, address, at: this.#time.ms });
  }

  /** Reports that came after a backup are not in it; the next message to such a mailbox brings another. */
  forgetsDead({ code }: TrueTenant, copiedAt: number): void {
    for (const { debtor, address, at } of this.#buried) if (debtor.tenant === code && at > copiedAt) debtor.dead.delete(address);
  }

  /** Whether something left of a company that a copy made at an instant cannot know: it was claimed later. */
  leftSince(tenant: string, copiedAt: number): boolean {
    return [...this.#cases.values()].some((one) => one.tenant.code === tenant && one.leftClaim > copiedAt);
  }

  #keyOf = (ledger: LedgerOf, { mail, action }: Claimed): string => (mail === null ? `${ledger.name} letter ${action.actionId}` : `${ledger.tenant.code} ${mail.sha256}`);

  #lookAt(made: Case, { action, mail }: Claimed): void {
    const { tenant, debtor } = made;
    const today = this.#time.today(ZONE);
    const who = `${tenant.code} ${debtor.code} action ${action.actionId} (${action.channel})`;
    if (tenant.globalStop) this.wrong('A3', `${who}: a person stopped everything`);
    const age = tenant.importedOn === null ? Number.POSITIVE_INFINITY : workingDaysBetween(tenant.importedOn, today, HOME);
    if (tenant.importedOn === null || (tenant.importedOn < today && age > LEDGER_LIMIT_DAYS)) this.wrong('A8', `${who}: the ledger is ${age} working days old`);
    this.#items(made, { who, today, listed: action.listed });
    this.#address(made, { who, to: mail?.to ?? null });
    this.#pressure(made, { who, today });
    if (action.approvedOn !== null && action.approvedOn < today) this.#leftOver(made, { who, today });
    this.#moment(made, who);
  }

  /** What an earlier day left over does not come on top of another contact of the same day. */
  #leftOver(made: Case, { who, today }: { who: string; today: Day }): void {
    const other = made.debtor.contacts.find(({ on, what }) => on === today && what !== this.#nameOf(made));
    if (other !== undefined && !made.contactNoted) this.wrong(this.restored.isLost(made.tenant.code, other) ? 'B8' : 'C3', `${who}: left over from another day, beside ${other.what} of the same day`);
  }

  #items(made: Case, { who, today, listed }: { who: string; today: Day; listed: ReadonlyMap<string, bigint> }): void {
    const { debtor } = made;
    let total = 0n;
    let overdue: TrueItem | null = null;
    for (const [itemId, amount] of listed) {
      const item = debtor.items.get(made.ledger.books.documentOf(itemId as never));
      if (item === undefined) {
        this.wrong('D2', `${who}: lists an item of somebody else (${itemId})`);
        continue;
      }
      const because = mustNotAsk(debtor, item, today);
      if (because !== null) this.wrong(because.slice(0, 2), `${who} ${item.document}: ${because.slice(3)}`);
      else if (amount !== openOn(item, today) - disputed(debtor, item, today)) this.wrong('A14', `${who} ${item.document}: asks ${amount}, open is ${openOn(item, today)}, disputed ${disputed(debtor, item, today)}`);
      total += amount;
      if (item.dueOn < today) overdue = item;
    }
    for (const one of made.items) this.#step(made, { who, today, one });
    if (overdue !== null && credits(debtor, overdue.currency) >= askable(debtor, overdue.currency, today)) this.wrong('A7', `${who}: credits cover what is overdue`);
    const named: readonly string[] = made.words === null ? [] : (made.words.match(DOCUMENT) ?? []);
    for (const document of named) if (!debtor.items.has(document)) this.wrong('D2', `${who}: names ${document}, which is somebody else's`);
    if (made.words !== null) for (const itemId of listed.keys()) if (!named.includes(made.ledger.books.documentOf(itemId as never))) this.wrong('A14', `${who}: does not name ${made.ledger.books.documentOf(itemId as never)}`);
    const told = /^Total (\d+) /m.exec(made.words ?? '')?.[1];
    if (told !== undefined && BigInt(told) !== total) this.wrong('A14', `${who}: says ${told}, its items are ${total}`);
  }

  #step({ debtor, tenant }: Case, { who, today, one }: { who: string; today: Day; one: Case['items'][number] }): void {
    if (one.step === null || one.offset === null) return;
    const item = debtor.items.get(one.document);
    if (item !== undefined && one.offset > 0 && item.dueOn >= today) this.wrong('A10', `${who} ${one.document}: a reminder on or before its due day`);
    for (const done of debtor.steps.get(one.document) ?? []) {
      const lost = this.restored.isLost(tenant.code, done);
      if (done.scenario === one.scenario && done.step >= one.step) this.wrong(lost ? 'B8' : 'A13', `${who} ${one.document}: step ${one.step} after step ${done.step}`);
      const gap = Math.max(1, tenant.scenarios.get(one.scenario)?.steps.find(({ number }) => number === one.step)?.minimumGapDays ?? 1);
      if (done.on <= today && daysBetween(done.on, today) < gap) this.wrong(lost ? 'B8' : 'A13', `${who} ${one.document}: step ${one.step} ${daysBetween(done.on, today)} days after another`);
    }
  }

  #address({ debtor }: Case, { who, to }: { who: string; to: string | null }): void {
    if (to === null) return;
    if (!debtor.emails.has(to)) this.wrong('D2', `${who}: goes to ${to}, which was never an address of this debtor`);
    else if (debtor.email !== to) this.wrong('D8', `${who}: goes to a former address`);
    if (debtor.dead.has(to)) this.wrong('A11', `${who}: goes to a dead mailbox`);
    if (debtor.refused) this.wrong('C5', `${who}: the contact refused e-mail`);
  }

  /** The budget of contacts: every one that reached the debtor or may have. */
  #pressure(made: Case, { who, today }: { who: string; today: Day }): void {
    const { debtor, tenant } = made;
    if (made.contactNoted || tenant.cap === null) return;
    const since = addDays(today, 1 - tenant.cap.windowDays);
    const inWindow = debtor.contacts.filter(({ on, what }) => on >= since && on <= today && what !== this.#nameOf(made));
    const known = inWindow.filter((one) => !this.restored.isLost(tenant.code, one));
    if (inWindow.length >= tenant.cap.contacts) this.wrong(known.length < tenant.cap.contacts ? 'B8' : 'C1', `${who}: contact ${inWindow.length + 1} in ${tenant.cap.windowDays} days (${inWindow.map(({ on, what }) => `${what} ${on}`).join(', ')})`);
  }

  /** Whether it is a day and an hour to reach the debtor, at the debtor's own place. */
  #moment({ debtor, tenant, to }: Case, who: string): void {
    // A letter is read when it is opened.
    if (to === null) return;
    const { day, minute } = timeAt(debtor.place, this.#time.ms);
    const weekend = weekday(day) > 5;
    if (weekend || isHoliday(debtor.place, day) || tenant.closedDays.includes(day)) return this.wrong('C2', `${who}: on ${day}, which is closed where the debtor is`);
    const hours = debtor.kind === 'consumer' ? [[600, 780], [840, 1140]] : [[540, 1140]];
    if (!hours.some(([from = 0, until = 0]) => minute >= from && minute < until)) this.wrong('C2', `${who}: at minute ${minute} of the debtor's day`);
  }

  #nameOf = ({ ledger, action }: Case): string => `action ${action} of ${ledger.name}`;

  #caseOf({ name, tenant }: LedgerOf, mail: StoredMail): Case | null {
    const found = this.#cases.get(`${tenant.code} ${mail.sha256}`) ?? null;
    if (found === null) this.wrong('B5', `${name}: bytes that nobody claimed leave for ${mail.to}`);
    return found;
  }

  /** The first byte of a message leaves. */
  leaves(ledger: LedgerOf, mail: StoredMail): void {
    const made = this.#caseOf(ledger, mail);
    if (made === null) return;
    const claimedAt = made.claims.at(-1) ?? 0;
    const who = `${ledger.name} ${made.debtor.code} action ${made.action}`;
    this.#leaves(made, ledger);
    if (this.#time.ms - claimedAt > LEASE_MINUTES * MINUTE_MS) this.wrong('B5', `${who}: leaves ${Math.round((this.#time.ms - claimedAt) / MINUTE_MS)} minutes after its claim`);
    if (this.#time.ms - claimedAt > LATE_MS) this.#moment(made, who);
    if (made.bytes !== mail.bytes.toString('latin1')) this.wrong('B2', `${who}: other bytes leave than were claimed`);
  }

  #leaves(made: Case, { name }: LedgerOf): void {
    made.leftClaim = made.claims.at(-1) ?? 0;
    if (this.restored.shut.has(name) && this.restored.overtaken.get(name)?.has(made.action) !== true) this.wrong('B8', `${name} ${made.debtor.code} action ${made.action}: leaves before anybody reconciled`);
  }

  /** The mail server took a message: the debtor gets it. */
  taken(ledger: LedgerOf, mail: StoredMail): void {
    const made = this.#caseOf(ledger, mail);
    if (made === null) return;
    made.taken += 1;
    this.#last.set(ledger.name, { action: made.action, to: mail.to });
    if (made.taken - made.answered > 1) this.wrong(this.#twice(made), `${ledger.name} ${made.debtor.code} action ${made.action}: copy ${made.taken}`);
    this.#reached(made);
  }

  /** The mail server says that there is no such mailbox. */
  noMailbox({ tenant }: LedgerOf, mail: StoredMail): void {
    const made = this.#cases.get(`${tenant.code} ${mail.sha256}`);
    if (made !== undefined) made.debtor.unreachable = true;
  }

  /** A message that reached its debtor before a restore, and does again. */
  #twice = (made: Case): string => (made.reachedAt > 0 && this.restored.isLost(made.tenant.code, made) ? 'B8' : 'B4');

  readonly #folder = new Map<string, Case>();

  isPrinted({ tenant }: LedgerOf, name: string): boolean {
    return this.#folder.has(`${tenant.code} ${name}`);
  }

  /** The office takes the day's letters away and posts them. */
  emptyFolder(): void {
    this.#folder.clear();
  }

  printed(ledger: LedgerOf, name: string): void {
    const action = /-(\d+)\.pdf$/.exec(name)?.[1] ?? '';
    const made = this.#cases.get(`${ledger.name} letter ${action}`);
    if (made === undefined) return this.wrong('B5', `${ledger.name}: a letter that nobody claimed (${name})`);
    this.#leaves(made, ledger);
    const sheet = `${ledger.tenant.code} ${name}`;
    const lies = this.#folder.get(sheet);
    // Written again under its name it is the same sheet of paper, as long as nobody has taken it away.
    if (lies !== made) made.taken += 1;
    if (lies !== undefined && lies !== made) this.wrong('B8', `${ledger.name}: ${name} is written over a letter of ${lies.ledger.name}`);
    this.#folder.set(sheet, made);
    if (made.taken - made.answered > 1) this.wrong(this.#twice(made), `${ledger.name} ${made.debtor.code} action ${made.action}: letter ${made.taken}`);
    this.#reached(made);
  }

  /** Counts a message that reached its debtor; those let go at the same moment must not be more, together, than the budget had room for. */
  #crowd(made: Case, on: Day): void {
    const { tenant, debtor, action, claims, cap } = made;
    const claimedAt = claims.at(-1) ?? 0;
    if (cap !== null) {
      const since = addDays(on, 1 - cap.windowDays);
      const others = debtor.contacts.filter((one) => one.claimedAt !== undefined && one.claimedAt <= claimedAt && one.on >= since);
      const known = others.filter((one) => !this.restored.isLost(tenant.code, one));
      if (others.length >= cap.contacts) this.wrong(known.length < cap.contacts ? 'B8' : 'C1', `${tenant.code} ${debtor.code} action ${action}: reached ${others.length + 1} times in ${cap.windowDays} days`);
    }
    debtor.contacts.push({ on, what: this.#nameOf(made), claimedAt, reachedAt: this.#time.ms });
  }

  #reached(made: Case): void {
    const on = this.#time.today(ZONE);
    if (!made.contactNoted) this.#crowd(made, on);
    made.contactNoted = true;
    if (made.reachedAt === 0) made.reachedAt = this.#time.ms;
    for (const one of made.items) {
      if (one.step === null || one.offset === null) continue;
      const steps = made.debtor.steps.get(one.document) ?? [];
      const before = steps.find((done) => done.scenario === one.scenario && done.step === one.step);
      if (before !== undefined) {
        if (made.taken - made.answered > 1) continue;
        this.wrong(this.restored.isLost(made.tenant.code, before) ? 'B8' : 'B1', `${made.tenant.code} ${made.debtor.code} ${one.document}: step ${one.step} a second time`);
      }
      steps.push({ step: one.step, offset: one.offset, scenario: one.scenario, on, reachedAt: this.#time.ms });
      made.debtor.steps.set(one.document, steps);
    }
  }

  /** Whether the message of an action really arrived, as a person would find out who asks the debtor; `journalled` is the hash of one that left in another history of the ledger. */
  arrived(ledger: LedgerOf, { id, journalled }: Pick<SeenAction, 'id' | 'journalled'>): boolean {
    const elsewhere = journalled === null ? undefined : this.#bySha.get(`${ledger.tenant.code} ${journalled}`);
    return (elsewhere?.taken ?? 0) > 0 || this.#casesOf(ledger.name, id).some(({ taken }) => taken > 0);
  }

  readonly #last = new Map<string, { readonly action: string; readonly to: string }>();

  /** The last message of a tenant that a mail server took. */
  lastMailed(ledger: string): { readonly action: string; readonly to: string } | null {
    return this.#last.get(ledger) ?? null;
  }

  readonly #byAction = new Map<string, Case[]>();

  #casesOf = (ledger: string, action: string): readonly Case[] => this.#byAction.get(`${ledger} ${action}`) ?? [];

  readonly #parked = new ParkedWatch();

  /** Somebody, or a proof, says what became of a parked action. */
  settles(ledger: string, action: string): void {
    this.#parked.settles(ledger, action);
  }

  /** Looks whether parked actions are still parked, unless somebody settled them. */
  async watchParked({ name, books }: LedgerOf): Promise<void> {
    for (const { id, state } of await this.#parked.watch(name, books)) this.wrong('B3', `${name} action ${id}: nobody settled it and it is ${state}`);
  }

  /** After quiet days: every action came to an end, and nothing that was due was forgotten. */
  async ended({ tenant, books }: LedgerOf, today: Day): Promise<void> {
    const actions = await books.actions();
    const listed = new Set(actions.flatMap(({ items }) => items.map(({ document }) => document)));
    for (const { id, customer, state, reason, approvedOn } of actions) {
      if (state === 'claimed' || state === 'unknown') this.wrong('B10', `${tenant.code} action ${id} is still ${state} (${reason ?? ''})`);
      // What an outage left over leaves one a day: others of the same debtor may have gone first.
      const reached = tenant.debtors.get(customer)?.contacts.some(({ on }) => daysBetween(on, today) <= APPROVED_DAYS_MAX) === true;
      if (state === 'approved' && approvedOn !== null && daysBetween(approvedOn, today) > APPROVED_DAYS_MAX && !reached) this.wrong('B10', `${tenant.code} action ${id} has been approved since ${approvedOn}`);
    }
    for (const debtor of tenant.debtors.values()) {
      for (const item of debtor.items.values()) {
        if (daysBetween(item.dueOn, today) < FORGOTTEN_DAYS || debtor.email === null || debtor.refused || debtor.unreachable || debtor.dead.has(debtor.email) || listed.has(item.document)) continue;
        if (mustNotAsk(debtor, item, today) !== null || credits(debtor, item.currency) >= askable(debtor, item.currency, today)) continue;
        // It joins the account's next message, which may be weeks after the last.
        if (!wasFree(debtor, item, addDays(today, -FORGOTTEN_FREE_DAYS)) || debtor.contacts.some(({ on }) => daysBetween(on, today) <= FORGOTTEN_DAYS)) continue;
        this.wrong('B10', `${tenant.code} ${debtor.code} ${item.document}: late since ${item.dueOn}, and nothing was ever proposed`);
      }
    }
  }

  /** At the end: what counts as sent did arrive, what does not, did not. */
  async end(ledger: LedgerOf): Promise<void> {
    for (const action of await ledger.books.actions()) {
      const { id, state, reason, journalled } = action;
      if (this.#casesOf(ledger.name, id).some(({ answered }) => answered > 0)) continue;
      const [arrived, who] = [this.arrived(ledger, action), `${ledger.name} action ${id}`];
      // What the journal told of is a matter of restores.
      const promise = journalled === null ? 'B4' : 'B8';
      if (['sent', 'delivered', 'replied'].includes(state) && !arrived) this.wrong(promise, `${who}: counts as sent and nobody has it`);
      if (['proposed', 'cancelled', 'failed', 'expired', 'approved'].includes(state) && arrived) this.wrong(promise, `${who}: arrived and counts as ${state} (${reason ?? ''})`);
    }
  }
}
