import type { ListedItem, ProposedAction } from '#core/dunning/decision.ts';
import type { WaitingSend } from '#core/dunning/place-sends.ts';
import type { Channel } from '#core/dunning/scenario.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, CustomerId } from '#core/kernel/id.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Outcome } from '#server/channels/attempts.ts';

/** An action as the table of actions would hold it. */
export type ActionRow = {
  readonly id: ActionId; readonly key: string; readonly customer: CustomerId; readonly code: string; readonly contactId: ProposedAction['contactId']; readonly channel: Channel; readonly recipient: string | null;
  readonly scenarioCode: string; readonly scenarioVersion: number; readonly step: number; readonly offsetDays: number; readonly role: ProposedAction['role']; readonly anchorItemId: string; readonly template: string; readonly tone: ProposedAction['tone'];
  readonly currency: Currency; total: bigint; readonly formalNotice: boolean; readonly chargesAllowed: boolean; readonly items: ListedItem[];
  today: Day; state: string; reason: string | null; stateAt: number; fence: number; worker: string | null; leaseUntil: number; sentOn: Day | null; approvedOn: Day | null; test: boolean;
};

/** An attempt as the table of attempts would hold it. */
export type AttemptRow = {
  readonly action: ActionId; readonly fence: number; readonly worker: string; readonly claimedAt: number; readonly domain: string | null;
  startedAt: number | null; outcome: Outcome['kind'] | 'released' | null; response: string | null; sentOn: Day | null;
  /** The line of the send journal it comes from, and the hash of bytes that are not here; null: it was made here. */
  readonly journalRef: string | null; readonly journalSha256: string | null;
};

/** The bytes of a message, stored once. */
export type MessageRow = { readonly recipient: string; readonly headerId: string; readonly bytes: Buffer; readonly pdf: Buffer | null; readonly sha256: string };

/** A send of the journal as the table of what was sent elsewhere would hold it. */
export type ElsewhereRow = WaitingSend & { action: ActionId | null; placed: boolean };

/** All that the tables of actions hold. */
export type ActionTables = {
  readonly rows: Map<ActionId, ActionRow>; readonly attempts: Map<string, AttemptRow>; readonly byCustomer: Map<CustomerId, ActionRow[]>; readonly working: Set<ActionId>; readonly parked: Set<ActionId>;
  readonly proposed: Set<ActionId>; readonly live: Map<string, ActionId>; readonly elsewhere: Map<string, ElsewhereRow>;
  /** Attempts by the line of the journal that they come from. */
  readonly journalled: Map<string, AttemptRow>; readonly numbers: { next: number };
};

/** Tables with nothing in them. */
export const emptyActions = (): ActionTables => ({
  rows: new Map(), attempts: new Map(), byCustomer: new Map(), working: new Set(), parked: new Set(), proposed: new Set(), live: new Map(), elsewhere: new Map(), journalled: new Map(), numbers: { next: 0 },
});

const LIVE = new Set(['proposed', 'approved', 'claimed', 'sent', 'delivered', 'bounced', 'replied', 'unknown']);

/**
 * Actions, attempts and messages of one tenant in memory, written in transactions: one that throws leaves nothing behind. What the database
 * refuses by its keys and triggers is refused here too.
 */
export class MemoryActions {
  readonly tables: ActionTables;
  readonly messages: Map<ActionId, MessageRow>;
  readonly rows: ActionTables['rows'];
  readonly attempts: ActionTables['attempts'];
  readonly byCustomer: ActionTables['byCustomer'];
  /** Actions that sending may find something to do with. */
  readonly working: Set<ActionId>;
  readonly parked: Set<ActionId>;
  readonly proposed: Set<ActionId>;
  readonly #live: Map<string, ActionId>;
  readonly #changed: (customer: CustomerId) => void;
  #undo: (() => void)[] | null = null;

  /** `changed` is told of every customer whose actions are no longer what they were. */
  constructor(changed: (customer: CustomerId) => void, of: { tables: ActionTables; messages: ReadonlyMap<ActionId, MessageRow> } = { tables: emptyActions(), messages: new Map() }) {
    this.#changed = changed;
    this.tables = of.tables;
    this.messages = new Map(of.messages);
    ({ rows: this.rows, attempts: this.attempts, byCustomer: this.byCustomer, working: this.working, parked: this.parked, proposed: this.proposed, live: this.#live } = of.tables);
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#undo !== null) throw new Error('a transaction is under way');
    const undo: (() => void)[] = [];
    this.#undo = undo;
    try {
      return await work();
    } catch (error) {
      for (const back of undo.toReversed()) back();
      throw error;
    } finally {
      this.#undo = null;
    }
  }

  /** What is done again when the transaction under way leaves nothing behind; without one it is never done. */
  remember(back: () => void): void {
    this.#undo?.push(back);
  }

  /** Adds a proposed action; null when its step has a live one already. */
  add(made: Omit<ActionRow, 'id'>): ActionRow | null {
    if (this.#live.has(made.key)) return null;
    this.tables.numbers.next += 1;
    const row: ActionRow = { id: String(this.tables.numbers.next) as ActionId, ...made };
    const rows = this.byCustomer.get(row.customer) ?? [];
    this.rows.set(row.id, row);
    this.byCustomer.set(row.customer, rows);
    rows.push(row);
    this.#live.set(row.key, row.id);
    this.#index(row);
    this.remember(() => {
      this.rows.delete(row.id);
      rows.pop();
      this.#live.delete(row.key);
      for (const set of [this.working, this.parked, this.proposed]) set.delete(row.id);
    });
    return row;
  }

  /** The live action of an intent. */
  liveOf(key: string): ActionRow | null {
    const id = this.#live.get(key);
    return id === undefined ? null : (this.rows.get(id) ?? null);
  }

  /** Changes a row; throws where the unique key of live intents would be broken. */
  set(row: ActionRow, change: Partial<Pick<ActionRow, 'state' | 'reason' | 'stateAt' | 'fence' | 'worker' | 'leaseUntil' | 'sentOn' | 'approvedOn' | 'today' | 'test' | 'total'>>): void {
    const before = { ...row };
    Object.assign(row, change);
    this.#key(row);
    this.#index(row);
    this.remember(() => {
      Object.assign(row, before);
      this.#key(row);
      this.#index(row);
    });
  }

  #key(row: ActionRow): void {
    const holder = this.#live.get(row.key);
    if (!LIVE.has(row.state)) {
      if (holder === row.id) this.#live.delete(row.key);
    } else if (holder === undefined) this.#live.set(row.key, row.id);
    else if (holder !== row.id) throw new Error('duplicate key value violates unique constraint "action_one_live_intent"');
  }

  #index(row: ActionRow): void {
    this.#changed(row.customer);
    keep(this.working, row, row.state === 'approved' || row.state === 'claimed');
    keep(this.parked, row, row.state === 'unknown');
    keep(this.proposed, row, row.state === 'proposed');
  }

  addAttempt(row: AttemptRow): void {
    const key = `${row.action}.${row.fence}`;
    if (this.attempts.has(key)) throw new Error('duplicate key value violates unique constraint "send_attempt_pkey"');
    this.attempts.set(key, row);
    if (row.journalRef !== null) this.tables.journalled.set(row.journalRef, row);
    this.remember(() => {
      this.attempts.delete(key);
      if (row.journalRef !== null) this.tables.journalled.delete(row.journalRef);
    });
  }

  setAttempt(row: AttemptRow, change: Partial<Pick<AttemptRow, 'startedAt' | 'outcome' | 'response' | 'sentOn'>>): void {
    const before = { ...row };
    Object.assign(row, change);
    this.remember(() => void Object.assign(row, before));
  }

  /** Notes a send of the journal, once. */
  noteElsewhere(row: ElsewhereRow): void {
    const { elsewhere } = this.tables;
    if (elsewhere.has(row.ref)) return;
    elsewhere.set(row.ref, row);
    this.remember(() => void elsewhere.delete(row.ref));
  }

  setElsewhere(row: ElsewhereRow, change: Pick<ElsewhereRow, 'action' | 'placed'>): void {
    const before = { ...row };
    Object.assign(row, change);
    this.remember(() => void Object.assign(row, before));
  }

  /** Lists items that the action does not list yet; its total is that of its items. */
  addItems(row: ActionRow, items: readonly ListedItem[]): void {
    const before = row.items.length;
    for (const item of items) if (!row.items.some(({ itemId }) => itemId === item.itemId)) row.items.push(item);
    this.remember(() => void row.items.splice(before));
    this.set(row, { total: row.items.reduce((sum, { amount }) => sum + amount, 0n) });
  }

  store(action: ActionId, message: MessageRow): void {
    if (this.messages.has(action)) throw new Error('a stored message is final');
    this.messages.set(action, message);
    this.remember(() => void this.messages.delete(action));
  }

  attempt(action: ActionId, fence: number): AttemptRow | undefined {
    return this.attempts.get(`${action}.${fence}`);
  }

  attemptsOf(row: ActionRow): AttemptRow[] {
    return Array.from({ length: row.fence }, (_, index) => this.attempt(row.id, index + 1)).filter((one) => one !== undefined);
  }
}

function keep(set: Set<ActionId>, { id }: ActionRow, wanted: boolean): void {
  if (wanted) set.add(id);
  else set.delete(id);
}
