import { addDays, daysBetween, weekday } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { workingDaysBetween } from '#core/ledger/calendar.ts';
import type { Claimed } from '#server/channels/claim-batch.ts';
import { LEASE_MINUTES } from '#server/channels/claim-batch.ts';
import type { StoredMail } from '#server/channels/mime.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import type { Books } from './books.ts';
import { LEDGER_LIMIT_DAYS } from './memory-books.ts';
import type { SimTime } from './sim-time.ts';
import { askable, credits, disputed, isHoliday, mustNotAsk, openOn, timeAt, wasFree } from './truth.ts';
import type { TrueDebtor, TrueItem } from './truth.ts';

/** Something that must never be, with the promise it breaks. */
export type Violation = { readonly promise: string; readonly what: string; readonly at: string };

/** What the oracle knows of a tenant beside its debtors: what people set, and what was imported when. */
export type TrueTenant = {
  readonly code: string; readonly debtors: Map<string, TrueDebtor>; readonly books: Books; readonly scenarios: ReadonlyMap<string, ScenarioVersion>;
  globalStop: boolean; cap: { readonly contacts: number; readonly windowDays: number } | null; closedDays: Day[]; importedOn: Day | null;
};

/** A message on its way: for whom, about what, claimed when. */
type Case = {
  readonly tenant: TrueTenant; readonly debtor: TrueDebtor; readonly action: string; readonly items: readonly { readonly document: string; readonly step: number | null; readonly offset: number | null; readonly scenario: string }[];
  readonly to: string | null; readonly bytes: string; readonly words: string | null; readonly claims: number[]; taken: number; contactNoted: boolean;
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
  async claimed(tenant: TrueTenant, claimed: readonly Claimed[]): Promise<void> {
    const seen = new Map((await tenant.books.actionsOf(claimed.map(({ action }) => action.actionId))).map((action) => [action.id as string, action]));
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
      const known = this.#cases.get(this.#keyOf(tenant, one));
      const made: Case = known ?? { tenant, debtor, action: action.actionId, items, to: one.mail?.to ?? null, bytes, words: await tenant.books.wordsOf(stored), claims: [], taken: 0, contactNoted: false, cap: null };
      made.cap = tenant.cap;
      if (known !== undefined && known.bytes !== bytes) this.wrong('B2', `${tenant.code} action ${action.actionId}: other bytes at a later try`);
      made.claims.push(this.#time.ms);
      if (known === undefined) {
        this.#cases.set(this.#keyOf(tenant, one), made);
        this.#byAction.set(`${tenant.code} ${action.actionId}`, [...this.#casesOf(tenant.code, action.actionId), made]);
      }
      this.#lookAt(made, one);
    }
  }

  #keyOf = (tenant: TrueTenant, { mail, action }: Claimed): string => (mail === null ? `${tenant.code} letter ${action.actionId}` : `${tenant.code} ${mail.sha256}`);

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
    const other = made.debtor.contacts.find(({ on, what }) => on === today && what !== `action ${made.action}`);
    if (other !== undefined && !made.contactNoted) this.wrong('C3', `${who}: left over from another day, beside ${other.what} of the same day`);
  }

  #items(made: Case, { who, today, listed }: { who: string; today: Day; listed: ReadonlyMap<string, bigint> }): void {
    const { debtor, tenant } = made;
    let total = 0n;
    let overdue: TrueItem | null = null;
    for (const [itemId, amount] of listed) {
      const item = debtor.items.get(tenant.books.documentOf(itemId as never));
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
    if (made.words !== null) for (const itemId of listed.keys()) if (!named.includes(tenant.books.documentOf(itemId as never))) this.wrong('A14', `${who}: does not name ${tenant.books.documentOf(itemId as never)}`);
    const told = /^Total (\d+) /m.exec(made.words ?? '')?.[1];
    if (told !== undefined && BigInt(told) !== total) this.wrong('A14', `${who}: says ${told}, its items are ${total}`);
  }

  #step({ debtor, tenant }: Case, { who, today, one }: { who: string; today: Day; one: Case['items'][number] }): void {
    if (one.step === null || one.offset === null) return;
    const item = debtor.items.get(one.document);
    if (item !== undefined && one.offset > 0 && item.dueOn >= today) this.wrong('A10', `${who} ${one.document}: a reminder on or before its due day`);
    for (const done of debtor.steps.get(one.document) ?? []) {
      if (done.scenario === one.scenario && done.step >= one.step) this.wrong('A13', `${who} ${one.document}: step ${one.step} after step ${done.step}`);
      const gap = Math.max(1, tenant.scenarios.get(one.scenario)?.steps.find(({ number }) => number === one.step)?.minimumGapDays ?? 1);
      if (done.on <= today && daysBetween(done.on, today) < gap) this.wrong('A13', `${who} ${one.document}: step ${one.step} ${daysBetween(done.on, today)} days after another`);
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
    const inWindow = debtor.contacts.filter(({ on, what }) => on >= since && on <= today && what !== `action ${made.action}`);
    if (inWindow.length >= tenant.cap.contacts) this.wrong('C1', `${who}: contact ${inWindow.length + 1} in ${tenant.cap.windowDays} days (${inWindow.map(({ on, what }) => `${what} ${on}`).join(', ')})`);
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

  #caseOf(tenant: string, mail: StoredMail): Case | null {
    const found = this.#cases.get(`${tenant} ${mail.sha256}`) ?? null;
    if (found === null) this.wrong('B5', `${tenant}: bytes that nobody claimed leave for ${mail.to}`);
    return found;
  }

  /** The first byte of a message leaves. */
  leaves(tenant: string, mail: StoredMail): void {
    const made = this.#caseOf(tenant, mail);
    if (made === null) return;
    const claimedAt = made.claims.at(-1) ?? 0;
    const who = `${tenant} ${made.debtor.code} action ${made.action}`;
    if (this.#time.ms - claimedAt > LEASE_MINUTES * MINUTE_MS) this.wrong('B5', `${who}: leaves ${Math.round((this.#time.ms - claimedAt) / MINUTE_MS)} minutes after its claim`);
    if (this.#time.ms - claimedAt > LATE_MS) this.#moment(made, who);
    if (made.bytes !== mail.bytes.toString('latin1')) this.wrong('B2', `${who}: other bytes leave than were claimed`);
  }

  /** The mail server took a message: the debtor gets it. */
  taken(tenant: string, mail: StoredMail): void {
    const made = this.#caseOf(tenant, mail);
    if (made === null) return;
    made.taken += 1;
    this.#last.set(tenant, { action: made.action, to: mail.to });
    if (made.taken > 1) this.wrong('B4', `${tenant} ${made.debtor.code} action ${made.action}: copy ${made.taken}`);
    this.#reached(made);
  }

  /** The mail server says that there is no such mailbox. */
  noMailbox(tenant: string, mail: StoredMail): void {
    const made = this.#cases.get(`${tenant} ${mail.sha256}`);
    if (made !== undefined) made.debtor.unreachable = true;
  }

  readonly #folder = new Set<string>();

  isPrinted(tenant: string, name: string): boolean {
    return this.#folder.has(`${tenant} ${name}`);
  }

  /** The office takes the day's letters away and posts them. */
  emptyFolder(): void {
    this.#folder.clear();
  }

  printed(tenant: string, name: string): void {
    const action = /-(\d+)\.pdf$/.exec(name)?.[1] ?? '';
    const made = this.#cases.get(`${tenant} letter ${action}`);
    if (made === undefined) return this.wrong('B5', `${tenant}: a letter that nobody claimed (${name})`);
    // Written again under its name it is the same sheet of paper, as long as nobody has taken it away.
    made.taken = this.#folder.has(`${tenant} ${name}`) ? made.taken : made.taken + 1;
    this.#folder.add(`${tenant} ${name}`);
    if (made.taken > 1) this.wrong('B4', `${tenant} ${made.debtor.code} action ${made.action}: letter ${made.taken}`);
    this.#reached(made);
  }

  /** Counts a message that reached its debtor; those let go at the same moment must not be more, together, than the budget had room for. */
  #crowd({ tenant, debtor, action, claims, cap }: Case, on: Day): void {
    const claimedAt = claims.at(-1) ?? 0;
    if (cap !== null) {
      const since = addDays(on, 1 - cap.windowDays);
      const others = debtor.contacts.filter((one) => one.claimedAt !== undefined && one.claimedAt <= claimedAt && one.on >= since);
      if (others.length >= cap.contacts) this.wrong('C1', `${tenant.code} ${debtor.code} action ${action}: reached ${others.length + 1} times in ${cap.windowDays} days`);
    }
    debtor.contacts.push({ on, what: `action ${action}`, claimedAt });
  }

  #reached(made: Case): void {
    const on = this.#time.today(ZONE);
    if (!made.contactNoted) this.#crowd(made, on);
    made.contactNoted = true;
    for (const one of made.items) {
      if (one.step === null || one.offset === null) continue;
      const steps = made.debtor.steps.get(one.document) ?? [];
      if (steps.some((done) => done.scenario === one.scenario && done.step === one.step)) {
        if (made.taken > 1) continue;
        this.wrong('B1', `${made.tenant.code} ${made.debtor.code} ${one.document}: step ${one.step} a second time`);
      }
      steps.push({ step: one.step, offset: one.offset, scenario: one.scenario, on });
      made.debtor.steps.set(one.document, steps);
    }
  }

  /** Whether a message really arrived, as a person would find out who asks the debtor. */
  arrived(tenant: string, action: string): boolean {
    return this.#casesOf(tenant, action).some(({ taken }) => taken > 0);
  }

  readonly #last = new Map<string, { readonly action: string; readonly to: string }>();

  /** The last message of a tenant that a mail server took. */
  lastMailed(tenant: string): { readonly action: string; readonly to: string } | null {
    return this.#last.get(tenant) ?? null;
  }

  readonly #byAction = new Map<string, Case[]>();

  #casesOf = (tenant: string, action: string): readonly Case[] => this.#byAction.get(`${tenant} ${action}`) ?? [];

  readonly #parked = new Map<string, Set<string>>();
  /** Parked actions that a person settled, or that a report came back for. */
  readonly #settled = new Set<string>();

  /** Somebody, or a proof, says what became of a parked action. */
  settles(tenant: string, action: string): void {
    this.#settled.add(`${tenant} ${action}`);
  }

  /** Looks whether parked actions are still parked, unless somebody settled them. */
  async watchParked(tenant: TrueTenant): Promise<void> {
    const now = new Set(await tenant.books.parked());
    for (const { id, state } of await tenant.books.actionsOf([...(this.#parked.get(tenant.code) ?? [])].filter((one) => !now.has(one)))) {
      if (!this.#settled.has(`${tenant.code} ${id}`)) this.wrong('B3', `${tenant.code} action ${id}: nobody settled it and it is ${state}`);
    }
    this.#parked.set(tenant.code, now);
    for (const id of now) this.#settled.delete(`${tenant.code} ${id}`);
  }

  /** After quiet days: every action came to an end, and nothing that was due was forgotten. */
  async ended(tenant: TrueTenant, today: Day): Promise<void> {
    const actions = await tenant.books.actions();
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
  async end(tenant: TrueTenant): Promise<void> {
    for (const { id, state, reason } of await tenant.books.actions()) {
      const arrived = this.arrived(tenant.code, id);
      const who = `${tenant.code} action ${id}`;
      if (['sent', 'delivered', 'replied'].includes(state) && !arrived) this.wrong('B4', `${who}: counts as sent and nobody has it`);
      if (['proposed', 'cancelled', 'failed', 'expired', 'approved'].includes(state) && arrived) this.wrong('B4', `${who}: arrived and counts as ${state} (${reason ?? ''})`);
    }
  }
}
