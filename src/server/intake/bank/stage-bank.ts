import { lineFacts } from '#core/intake/bank/line-facts.ts';
import type { BankFormat, BankLine, BankSink, BankStatement, BankSummary } from '#core/intake/bank/bank-line.ts';
import { MAX_RAW_CHARS } from '#core/intake/limits.ts';
import { CopyWriter } from '#server/plumbing/copy.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

const COLUMNS = `line, statement, entry, part, status, booked_on, value_on, amount, currency, original_amount, original_currency, counterparty_name, counterparty_iban,
  counterparty_account, counterparty_bic, ultimate_name, end_to_end_id, mandate_id, bank_reference, creditor_reference, documents, remittance, label, transaction_code,
  returned, return_code, return_text, reversal, batch_count, raw, facts`;

/** Longest text of one field kept in the database; what banks give stays far below, `raw` has the rest. */
const FIELD_MAX = 2_000;

const cut = (text: string | null): string | null => (text === null || text.length <= FIELD_MAX ? text : text.slice(0, FIELD_MAX));

/** Receives the lines of one bank file in a temporary table of the transaction; statements stay in memory, they are few. */
export class BankStage implements BankSink {
  readonly statements: BankStatement[] = [];
  readonly #writer: CopyWriter;
  #entries = 0;
  #batch = -1;
  #part = 0;

  private constructor(writer: CopyWriter) {
    this.#writer = writer;
  }

  static async open(t: Tenant): Promise<BankStage> {
    await t.run(t.sql`
      create temporary table stage_bank (
        line bigint not null, statement int not null, entry bigint not null, part int not null, status text not null, booked_on date not null, value_on date,
        amount bigint not null, currency text not null, original_amount bigint, original_currency text, counterparty_name text, counterparty_iban text,
        counterparty_account text, counterparty_bic text, ultimate_name text, end_to_end_id text, mandate_id text, bank_reference text, creditor_reference text,
        documents text[] not null, remittance text not null, label text not null, transaction_code text, returned boolean not null, return_code text, return_text text,
        reversal boolean not null, batch_count int, raw text not null, facts text not null
      ) on commit drop`);
    return new BankStage(new CopyWriter(t.connection, `stage_bank (${COLUMNS})`));
  }

  statement(statement: BankStatement): void {
    this.statements.push(statement);
  }

  line(line: BankLine): void {
    const sameBatch = line.batch !== null && line.batch.entry === this.#batch;
    if (!sameBatch) this.#entries += 1;
    this.#part = sameBatch ? this.#part + 1 : 1;
    this.#batch = line.batch?.entry ?? -1;
    const { counterparty, original, returned } = line;
    this.#writer.row([
      String(line.line), String(line.statement), String(this.#entries), String(this.#part), line.status, line.bookedOn, line.valueOn, String(line.minor), line.currency,
      original === null ? null : String(original.minor), original?.currency ?? null, cut(counterparty.name), counterparty.iban, cut(counterparty.account), counterparty.bic,
      cut(counterparty.ultimateName), cut(line.endToEndId), cut(line.mandateId), cut(line.bankReference), cut(line.creditorReference), arrayText(line.documents),
      cut(line.remittance), cut(line.label), cut(line.transactionCode), returned === null ? 'f' : 't', cut(returned?.code ?? null), cut(returned?.text ?? null),
      line.reversal ? 't' : 'f', line.batch === null ? null : String(line.batch.count), line.raw.slice(0, MAX_RAW_CHARS), lineFacts(line),
    ]);
  }

  /** Waits when the database is slower than the file. */
  async drain(): Promise<void> {
    await this.#writer.drain();
  }

  /** Reads a file into the stage; whatever goes wrong, the connection can roll back. */
  async fill(read: (stage: BankStage) => Promise<BankSummary>): Promise<BankSummary> {
    try {
      const summary = await read(this);
      await this.#writer.end();
      return summary;
    } catch (error) {
      await this.#writer.abort();
      throw error;
    }
  }
}

/** A PostgreSQL array literal of texts. */
const arrayText = (texts: readonly string[]): string => `{${texts.map((text) => `"${text.slice(0, FIELD_MAX).replaceAll(/["\\]/gu, (char) => `\\${char}`)}"`).join(',')}}`;

/** How a format reads a file into a sink; `drain` is awaited between pieces. */
export type BankFileReader = (options: { path: string; format: BankFormat; sink: BankStage; progress?: (bytes: number, total: number) => void }) => Promise<BankSummary>;
