import type { Books, NewAllocation, NewCredit, NewDebtor, NewItem, Settings } from './books.ts';
import type { Day } from '#core/kernel/day.ts';
import type { TrueHold } from './truth.ts';

/** What the books of a company are told of the world: files, and what people enter. */
export type WorldBooks = Pick<Books, 'addDebtor' | 'addItem' | 'addCredit' | 'allocate' | 'takeBack' | 'addHold' | 'endHold' | 'setEmail' | 'refuse' | 'setScenario' | 'setSettings' | 'imported' | 'noteCall'>;

/** Something that was told, with the documents and agreements it is about. */
type Telling = { readonly about: readonly string[]; readonly makes: string | null; readonly document: boolean; tell(books: WorldBooks): Promise<void> };

/**
 * Tells a company's books what happens, and remembers it from the day of a backup on: whoever restores one imports and enters again what came since. Documents that are new
 * since may come with the next file only; whatever is about them waits for them.
 */
export class Told implements WorldBooks {
  #books: WorldBooks;
  #since: Telling[] | null = null;
  readonly #late = new Set<string>();
  #waiting: Telling[] = [];

  constructor(books: WorldBooks) {
    this.#books = books;
  }

  /** From now on what is told is remembered. */
  remember(): void {
    this.#since = [];
  }

  /** Other books take the place of these, as they were when remembering began; `late`: new documents are told with the next file. */
  async moveTo(books: WorldBooks, late: boolean): Promise<void> {
    this.#books = books;
    const again = [...(this.#since ?? [])];
    this.#late.clear();
    this.#waiting = [];
    for (const telling of again) {
      if (late && telling.document && telling.makes !== null) this.#late.add(telling.makes);
      await this.#pass(telling);
    }
  }

  /** The next file brings the documents that are not here yet. */
  async catchUp(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#late.clear();
    for (const telling of waiting) await telling.tell(this.#books);
  }

  async #pass(telling: Telling): Promise<void> {
    const waits = (telling.makes !== null && this.#late.has(telling.makes)) || telling.about.some((name) => this.#late.has(name));
    if (!waits) return telling.tell(this.#books);
    if (telling.makes !== null) this.#late.add(telling.makes);
    this.#waiting.push(telling);
  }

  #tell(tell: Telling['tell'], of: Partial<Omit<Telling, 'tell'>> = {}): Promise<void> {
    const telling: Telling = { about: [], makes: null, document: false, ...of, tell };
    this.#since?.push(telling);
    return this.#pass(telling);
  }

  addDebtor(debtor: NewDebtor): Promise<void> {
    return this.#tell((books) => books.addDebtor(debtor));
  }

  addItem(item: NewItem): Promise<void> {
    return this.#tell((books) => books.addItem(item), { makes: item.document, document: true });
  }

  addCredit(credit: NewCredit): Promise<void> {
    return this.#tell((books) => books.addCredit(credit));
  }

  allocate(one: NewAllocation): Promise<void> {
    return this.#tell((books) => books.allocate(one), { about: [one.debit], makes: one.handle });
  }

  takeBack(handle: string, on: Day): Promise<void> {
    return this.#tell((books) => books.takeBack(handle, on), { about: [handle] });
  }

  addHold(customer: string, hold: TrueHold): Promise<void> {
    // What it was like when it was entered: it may be told again after it ended.
    const entered = { ...hold, endedOn: null };
    return this.#tell((books) => books.addHold(customer, entered), { about: hold.documents ?? [], makes: hold.handle });
  }

  endHold(handle: string, on: Day): Promise<void> {
    return this.#tell((books) => books.endHold(handle, on), { about: [handle] });
  }

  setEmail(customer: string, email: string | null): Promise<void> {
    return this.#tell((books) => books.setEmail(customer, email));
  }

  refuse(customer: string): Promise<void> {
    return this.#tell((books) => books.refuse(customer));
  }

  setScenario(customer: string, code: string | null): Promise<void> {
    return this.#tell((books) => books.setScenario(customer, code));
  }

  setSettings(settings: Settings): Promise<void> {
    return this.#tell((books) => books.setSettings(settings));
  }

  imported(on: Day): Promise<void> {
    return this.#tell((books) => books.imported(on));
  }

  noteCall(customer: string, on: Day): Promise<void> {
    return this.#tell((books) => books.noteCall(customer, on));
  }
}
