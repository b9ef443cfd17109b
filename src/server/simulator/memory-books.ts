import { decideAccount } from '#core/dunning/decide.ts';
import { arrivedOn, underWayFor } from '#core/dunning/hand-off-times.ts';
import type { AccountFacts } from '#core/dunning/facts.ts';
import type { Ground as EngineGround } from '#core/dunning/history.ts';
import { sameUntil } from '#core/dunning/quiet-days.ts';
import { FIRM_SCENARIO, GENTLE_SCENARIO, STANDARD_SCENARIO } from '#core/dunning/ready-scenarios.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import type { Instant } from '#core/kernel/clock.ts';
import { addDays, day, daysBetween, dayNumber } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, ItemId } from '#core/kernel/id.ts';
import { ALWAYS } from '#core/dunning/history.ts';
import { workingDaysBetween } from '#core/ledger/calendar.ts';
import type { SendLedger } from '#server/channels/send-ledger.ts';
import type { LockedAction } from '#server/channels/claim.ts';
import type { ContactAtClaim, Ground } from '#server/channels/ground.ts';
import { dunningSettingsSchema } from '#server/dunning/policy.ts';
import type { Policy } from '#server/dunning/policy.ts';
import { decideBatchOf } from '#server/dunning/run.ts';
import { sendingSettingsSchema } from '#server/dunning/sending-settings.ts';
import { dayAt } from '#server/plumbing/clock.ts';
import type { Books, NewAllocation, NewCredit, NewDebtor, NewItem, SeenAction, Settings } from './books.ts';
import { MemoryAccounts } from './memory-accounts.ts';
import type { AccountTables } from './memory-accounts.ts';
import { MemoryActions } from './memory-actions.ts';
import type { ActionRow, ActionTables, MessageRow } from './memory-actions.ts';
import { knownIn, placeElsewhere, thawLedgerOf } from './memory-elsewhere.ts';
import type { Elsewhere } from './memory-elsewhere.ts';
import type { MemoryInstallation } from './memory-installation.ts';
import { memoryLedger } from './memory-ledger.ts';
import type { SimTime } from './sim-time.ts';
import type { TrueHold } from './truth.ts';

const ZONE = 'Europe/Paris';
const HOME = { country: 'FR', postalCode: null };
/** Working days after which the simulated company's ledger is too old to chase on. */
export const LEDGER_LIMIT_DAYS = 5;

/** Which tenant, in which time, with whom alive; `scope` names its standard scenario. */
export type BooksOf = { readonly organisation: string; readonly time: SimTime; readonly scope: 'standard' | 'firm' | 'gentle' | 'byItem'; isAlive(worker: string): boolean;
  /** The database it is in; PostgreSQL has its own. */
  readonly installation: MemoryInstallation };

/** The scenarios of a simulated company; its standard one is of the kind its seed drew. */
export function scenariosOf(scope: BooksOf['scope']): ReadonlyMap<string, ScenarioVersion> {
  const standard = scope === 'firm' ? FIRM_SCENARIO : scope === 'gentle' ? GENTLE_SCENARIO : scope === 'byItem' ? { ...STANDARD_SCENARIO, scope: 'item' as const } : STANDARD_SCENARIO;
  return new Map([['standard', { ...standard, code: 'standard' }], ['gentle', GENTLE_SCENARIO], ['firm', FIRM_SCENARIO]]);
}

/** A copy of a company's books, as a backup holds it: what is done to the books afterwards does not change it. */
export type BooksCopy = {
  readonly tables: { readonly accounts: AccountTables; readonly actions: ActionTables; readonly holds: Holds; readonly creditKinds: Company['creditKinds'] };
  readonly messages: ReadonlyMap<ActionId, MessageRow>; readonly importedOn: Day | null; readonly settings: Settings;
};

type Holds = Map<string, ReturnType<MemoryAccounts['addHold']>>;

/** Books in memory: new ones, or those that a copy holds. */
export class MemoryBooks implements Books {
  readonly #of: BooksOf;
  readonly #company: Company;
  readonly #holds: Holds;

  constructor(of: BooksOf, copy: BooksCopy | null = null) {
    this.#of = of;
    // Read more than once: a backup is not used up.
    const tables = copy === null ? null : structuredClone(copy.tables);
    this.#company = new Company(of, copy === null || tables === null ? null : { ...copy, tables });
    this.#holds = tables?.holds ?? new Map();
    const { actions } = this.#company;
    const elsewhere = this.#company.elsewhere;
    of.installation.ledgers.set(of.organisation, {
      known: (sends) => knownIn(elsewhere, sends), thaw: () => thawLedgerOf(elsewhere), transaction: (work) => actions.transaction(work),
      skipNumbers: (upTo) => {
        actions.tables.numbers.next = Math.max(actions.tables.numbers.next, Number(upTo));
      },
    });
  }

  copy(): BooksCopy {
    const { accounts, actions, creditKinds, importedOn, settings } = this.#company;
    return { tables: structuredClone({ accounts: accounts.tables, actions: actions.tables, holds: this.#holds, creditKinds }), messages: new Map(actions.messages), importedOn, settings };
  }

  ledger(process: string): SendLedger {
    const { accounts, actions } = this.#company;
    return memoryLedger({
      organisation: this.#of.organisation, actions, process, installation: this.#of.installation, now: () => this.#of.time.ms, isAlive: (worker) => this.#of.isAlive(worker),
      gate: () => ({ sample: false, stopped: this.#company.settings.globalStop ? 'globalStop' : null, testAddress: null, timeZone: ZONE }),
      ground: (locked, at) => this.#company.ground(locked, at), bury: (_by, bounces) => bounces.forEach(({ address }) => accounts.bury(address)),
    });
  }

  documentOf(item: ItemId): string {
    return this.#company.accounts.documents.get(item) ?? '?';
  }

  async wordsOf(bytes: Buffer): Promise<string | null> {
    return bytes.toString('latin1');
  }

  async hasWork(): Promise<boolean> {
    return this.#company.actions.working.size > 0;
  }

  async addDebtor(debtor: NewDebtor): Promise<void> {
    this.#company.accounts.add(debtor);
  }

  async addItem(item: NewItem): Promise<void> {
    this.#company.accounts.addItem(item);
  }

  async addCredit(credit: NewCredit): Promise<void> {
    this.#company.creditKinds.set(credit.document, credit.by);
    this.#company.accounts.addCredit(credit);
  }

  async allocate(one: NewAllocation): Promise<void> {
    this.#company.accounts.allocate(one, this.#company.creditKinds.get(one.credit) ?? 'other');
  }

  async takeBack(handle: string, on: Day): Promise<void> {
    this.#company.accounts.takeBack(handle, on);
  }

  async addHold(customer: string, hold: TrueHold): Promise<void> {
    this.#holds.set(hold.handle, this.#company.accounts.addHold(customer, hold));
  }

  async endHold(handle: string, on: Day): Promise<void> {
    const hold = this.#holds.get(handle);
    if (hold !== undefined) hold.ended = [{ at: ALWAYS, value: on }];
    this.#company.wakeAll();
  }

  async setEmail(customer: string, email: string | null): Promise<void> {
    this.#company.accounts.setEmail(customer, email);
  }

  async refuse(customer: string): Promise<void> {
    this.#company.accounts.refuse(customer);
  }

  async setScenario(customer: string, code: string | null): Promise<void> {
    this.#company.accounts.of(customer).scenario.splice(0, 1, { at: ALWAYS, value: code });
  }

  async setSettings(settings: Settings): Promise<void> {
    this.#company.change(settings);
  }

  async imported(on: Day): Promise<void> {
    this.#company.importedOn = on;
  }

  async noteCall(customer: string, on: Day): Promise<void> {
    this.#company.accounts.of(customer).calls.push({ channel: 'call', on, known: { from: ALWAYS, until: null } });
  }

  async bounce(id: ActionId): Promise<void> {
    const { accounts, actions } = this.#company;
    const row = actions.rows.get(id);
    const message = actions.messages.get(id);
    if (row === undefined || message === undefined) return;
    accounts.bury(message.recipient);
    this.#move(id, 'sent', { state: 'bounced', reason: 'notDelivered' });
  }

  async plan(today: Day, everybody: boolean): Promise<number> {
    await placeElsewhere(this.#company.elsewhere);
    if (everybody) this.#company.wakeAll();
    return this.#company.plan(today);
  }

  async approveAll(): Promise<void> {
    for (const id of this.#company.actions.proposed) this.#move(id, 'proposed', { state: 'approved', reason: null, approvedOn: this.#of.time.today(ZONE) });
  }

  async cancel(id: ActionId): Promise<void> {
    for (const from of ['proposed', 'approved']) this.#move(id, from, { state: 'cancelled', reason: 'person' });
  }

  async resolve(id: ActionId, arrived: boolean): Promise<boolean> {
    const { actions } = this.#company;
    const today = this.#of.time.today(ZONE);
    const row = actions.rows.get(id);
    if (row?.state !== 'unknown') return false;
    const last = actions.attempt(id, row.fence);
    const claimedAt = last === undefined ? null : new Date(last.claimedAt).toISOString() as Instant;
    if (!arrived && underWayFor({ reason: row.reason, claimedAt }, this.#of.time.now()) > 0) return false;
    const sentOn = arrivedOn(today, claimedAt === null ? null : dayAt(ZONE, claimedAt));
    this.#move(id, 'unknown', arrived ? { state: 'sent', reason: 'confirmedByPerson', sentOn } : { state: 'approved', reason: 'deniedByPerson', approvedOn: today });
    if (arrived && last?.outcome === 'unknown') actions.setAttempt(last, { outcome: 'accepted', response: 'confirmed by a person' });
    return true;
  }

  async actions(): Promise<readonly SeenAction[]> {
    return this.#company.seen();
  }

  async actionsOf(ids: readonly string[]): Promise<readonly SeenAction[]> {
    return ids.flatMap((id) => {
      const row = this.#company.actions.rows.get(id as ActionId);
      return row === undefined ? [] : [seenOf(this.#company.actions, row)];
    });
  }

  async parked(): Promise<readonly string[]> {
    return [...this.#company.actions.parked];
  }

  async proposed(): Promise<readonly string[]> {
    return [...this.#company.actions.proposed];
  }

  async stateLines(): Promise<string[]> {
    return this.#company.stateLines();
  }

  #move(id: ActionId, from: string, change: Parameters<MemoryActions['set']>[1]): void {
    const { actions } = this.#company;
    const row = actions.rows.get(id);
    if (row?.state === from) actions.set(row, { ...change, stateAt: this.#of.time.ms });
  }
}

/** One company in memory: its accounts, its actions, and what is decided from them by the product's own engine. */
class Company {
  readonly accounts: MemoryAccounts;
  readonly actions: MemoryActions;
  readonly creditKinds: Map<string, 'receipt' | 'creditNote'>;
  importedOn: Day | null = null;
  settings: Settings = { globalStop: false, contactCap: { contacts: 3, windowDays: 7 }, closedDays: [], approveEverything: true };
  readonly #of: BooksOf;
  readonly #scenarios: ReadonlyMap<string, ScenarioVersion>;
  #policy: Omit<Policy, 'facts'>;

  constructor(of: BooksOf, copy: BooksCopy | null) {
    this.#of = of;
    this.#scenarios = scenariosOf(of.scope);
    this.accounts = new MemoryAccounts(copy?.tables.accounts);
    this.actions = new MemoryActions((customer) => this.wake(customer), copy === null ? undefined : { tables: copy.tables.actions, messages: copy.messages });
    this.creditKinds = copy?.tables.creditKinds ?? new Map();
    this.importedOn = copy?.importedOn ?? null;
    if (copy !== null) this.settings = copy.settings;
    this.#policy = this.#parsed();
  }

  /** As the send journal is compared with it and written into it. */
  get elsewhere(): Elsewhere {
    return { installation: this.#of.installation.row.installation, accounts: this.accounts, actions: this.actions, now: () => this.#of.time.ms, approveEverything: () => this.#approveEverything() };
  }

  #approveEverything(): void {
    const before = this.settings;
    this.change({ ...before, approveEverything: true });
    this.actions.remember(() => this.change(before));
  }

  change(settings: Settings): void {
    this.settings = settings;
    this.#policy = this.#parsed();
    this.wakeAll();
  }

  wake(customer: string): void {
    const account = this.accounts.byId.get(customer);
    if (account !== undefined) account.quietUntil = 0;
  }

  wakeAll(): void {
    for (const account of this.accounts.byCode.values()) account.quietUntil = 0;
  }

  #parsed(): Omit<Policy, 'facts'> {
    return { settings: dunningSettingsSchema.parse({ ...this.settings, ledgerLimitDays: LEDGER_LIMIT_DAYS }), sending: sendingSettingsSchema.parse({}), timeZone: ZONE };
  }

  #policyOn(today: Day): Policy {
    const { settings } = this.#policy;
    const { importedOn } = this;
    const ageDays = importedOn === null ? null : daysBetween(importedOn, today) <= 0 ? 0 : workingDaysBetween(importedOn, today, HOME);
    const facts = { today, ledger: { ageDays, limitDays: settings.ledgerLimitDays }, bank: null, closedDays: settings.closedDays, contactCap: settings.contactCap, globalStop: settings.globalStop, contactHours: settings.contactHours };
    return { ...this.#policy, facts };
  }

  #engineGround(policy: Policy): EngineGround {
    return { policy: policy.facts, scenarios: this.#scenarios, standardScenario: 'standard', assignment: { version: 0, rules: [] }, holdOuts: [] };
  }

  #rowsOf = (customer: string): ReturnType<MemoryActions['byCustomer']['get']> & object => this.actions.byCustomer.get(customer as never) ?? [];

  plan(today: Day): number {
    const policy = this.#policyOn(today);
    const ground = this.#engineGround(policy);
    const asked: AccountFacts[] = [];
    for (const account of this.accounts.byId.values()) {
      if (account.quietUntil > dayNumber(today)) continue;
      const facts = this.accounts.facts(account, { ground, rows: this.#rowsOf(account.history.customerId) });
      if (facts === null) continue;
      account.quietUntil = sameUntil(policy.facts, facts, decideAccount(policy.facts, facts));
      asked.push(facts);
    }
    let made = 0;
    for (const { proposed, to, state } of decideBatchOf(asked, policy).actions) {
      const row = this.actions.add({
        key: proposed.key, customer: proposed.customerId, code: this.accounts.byId.get(proposed.customerId)?.history.customer[0]?.value.code ?? '?', contactId: proposed.contactId, channel: proposed.channel, recipient: to,
        scenarioCode: proposed.scenarioCode, scenarioVersion: proposed.scenarioVersion, step: proposed.step, offsetDays: proposed.offsetDays, role: proposed.role, anchorItemId: proposed.anchorItemId, template: proposed.template, tone: proposed.tone,
        currency: proposed.currency, total: proposed.total, formalNotice: proposed.formalNotice, chargesAllowed: proposed.chargesAllowed, items: [...proposed.items], today, state, reason: null, stateAt: this.#of.time.ms,
        fence: 0, worker: null, leaseUntil: 0, sentOn: null, approvedOn: state === 'approved' ? today : null, test: false,
      });
      if (row !== null) made += 1;
    }
    return made;
  }

  ground(locked: readonly LockedAction[], at: { today: string; now: Instant }): Ground {
    const today = day(at.today);
    const policy = this.#policyOn(today);
    const engine = this.#engineGround(policy);
    const accounts = new Map<string, AccountFacts>();
    const contacts = new Map<string, readonly ContactAtClaim[]>();
    const since = addDays(today, -Math.max(policy.facts.contactCap?.windowDays ?? 1, 1));
    for (const { customerId } of locked) {
      const account = this.accounts.byId.get(customerId);
      if (account === undefined || contacts.has(customerId)) continue;
      const facts = this.accounts.facts(account, { ground: engine, rows: this.#rowsOf(customerId) });
      if (facts !== null && facts.items.length > 0) accounts.set(customerId, facts);
      contacts.set(customerId, this.#contacts(customerId, { since, today }));
    }
    return { policy, accounts, contacts, halted: false, at: dayAt(ZONE, at.now) === today ? at.now : null };
  }

  #contacts(customer: string, { since, today }: { since: Day; today: Day }): ContactAtClaim[] {
    const found: ContactAtClaim[] = [];
    for (const row of this.#rowsOf(customer)) {
      const standing = row.state === 'claimed' || row.state === 'unknown';
      if (row.test || !(standing || (row.sentOn !== null && row.sentOn >= since))) continue;
      const on = row.sentOn ?? (row.state === 'claimed' ? today : dayAt(ZONE, new Date(row.stateAt).toISOString() as Instant));
      found.push({ channel: row.channel, on, currency: row.currency, leftOver: row.approvedOn !== null && row.approvedOn < on });
    }
    const account = this.accounts.byId.get(customer);
    for (const { send, action } of this.actions.tables.elsewhere.values()) {
      if (action === null && send.customer === account?.history.customer[0]?.value.code && send.day >= since) found.push({ channel: send.channel, on: send.day, currency: send.currency, leftOver: false });
    }
    for (const call of account?.calls ?? []) if (call.on >= since) found.push({ channel: 'call', on: call.on, currency: null, leftOver: false });
    return found;
  }

  seen(): SeenAction[] {
    return [...this.actions.rows.values()].map((row) => seenOf(this.actions, row));
  }

  stateLines(): string[] {
    const lines: string[] = [];
    for (const { history } of this.accounts.byCode.values()) {
      for (const item of history.items) lines.push(`item ${item.document} ${item.amount} ${item.allocations.reduce((left, { amount }) => left - amount, item.amount)} ${item.currency} ${item.dueOn[0]?.value}`);
    }
    for (const row of this.actions.rows.values()) {
      lines.push(`action ${row.code} ${row.items.map(({ document, amount, creditedStep }) => `${document}:${amount}:${creditedStep ?? ''}`).join(',')} ${row.channel} ${row.step} ${row.recipient ?? ''} ${row.state} ${row.reason ?? ''} ${row.fence} ${row.sentOn ?? ''} ${row.approvedOn ?? ''}`);
      for (const attempt of this.actions.attemptsOf(row)) lines.push(`attempt ${row.code} ${row.items[0]?.document} ${row.step} ${attempt.fence} ${attempt.startedAt !== null} ${attempt.outcome} ${attempt.sentOn ?? ''}`);
    }
    return lines.toSorted();
  }
}

const seenOf = (actions: MemoryActions, row: ActionRow): SeenAction => ({
  id: row.id, journalled: actions.attemptsOf(row).findLast(({ journalSha256 }) => journalSha256 !== null)?.journalSha256 ?? null, customer: row.code, state: row.state, reason: row.reason, approvedOn: row.approvedOn,
  items: row.items.map((item) => ({ document: item.document, step: item.creditedStep, offset: item.creditedOffset, scenario: row.scenarioCode })),
});
