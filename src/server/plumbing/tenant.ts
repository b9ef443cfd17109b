import { createHash } from 'node:crypto';
import type { PoolClient, QueryResultRow } from 'pg';
import type { OrganisationId } from '#core/kernel/id.ts';

/** Tables whose rows belong to one organisation. They can be named in SQL only through a `Tenant`. */
export const TENANT_TABLES = [
  'event_head', 'event', 'head_line', 'erased_address', 'profile', 'entity', 'import', 'import_problem', 'import_mapping', 'customer', 'contact', 'item', 'allocation',
  'import_change', 'hold', 'scenario', 'template', 'run', 'action', 'action_item', 'decision', 'message', 'send_attempt',
  'bank_account', 'bank_statement', 'bank_line', 'document', 'document_file', 'document_status',
  'match', 'payer_memory', 'payer_refusal', 'allocation_vat',
  'scenario_draft', 'scenario_retired', 'assignment', 'segment_history',
  'hold_item', 'hold_instalment', 'hold_step', 'hold_comment', 'hold_file',
  'bounce', 'sending_halt', 'contact_made', 'template_family',
  'fact_before', 'replay', 'hold_out', 'hold_out_customer',
  'sent_elsewhere', 'webhook', 'webhook_call',
] as const;
/** One of them. */
export type TenantTable = (typeof TENANT_TABLES)[number];

/** A value that PostgreSQL receives as a parameter. */
export type SqlValue = string | number | boolean | bigint | null | Uint8Array | readonly (string | null)[] | readonly (number | null)[] | readonly boolean[];

/** A piece of SQL: literal texts with values between them. Only a `Tenant` makes one. */
export class SqlPiece {
  readonly texts: readonly string[];
  readonly values: readonly SqlValue[];
  /** Aliases of rows about to be changed that still need `own(alias)` somewhere in the statement. */
  readonly needs: readonly string[];
  readonly owned: readonly string[];
  constructor(texts: readonly string[], values: readonly SqlValue[], marks: { needs?: readonly string[]; owned?: readonly string[] } = {}) {
    this.texts = texts;
    this.values = values;
    this.needs = marks.needs ?? [];
    this.owned = marks.owned ?? [];
  }
}

const NAMED_TABLE = new RegExp(String.raw`\b(?:from|join|into|update|table|using|only|copy)\s+(?:"?public"?\.)?"?(${TENANT_TABLES.join('|')})\b`, 'i');
const checkedTexts = new WeakSet<readonly string[]>();

function refuseNamedTables(texts: readonly string[]): void {
  if (checkedTexts.has(texts)) return;
  for (const text of texts) {
    const match = NAMED_TABLE.exec(text);
    if (match !== null) throw new Error(`SQL names the table ${match[1]} without its organisation`);
  }
  checkedTexts.add(texts);
}

function join(texts: readonly string[], parts: readonly (SqlPiece | SqlValue)[]): SqlPiece {
  const outTexts = [texts[0] ?? ''];
  const values: SqlValue[] = [];
  const needs: string[] = [];
  const owned: string[] = [];
  parts.forEach((part, index) => {
    const after = texts[index + 1] ?? '';
    if (part instanceof SqlPiece) {
      outTexts[outTexts.length - 1] += part.texts[0] ?? '';
      outTexts.push(...part.texts.slice(1));
      outTexts[outTexts.length - 1] += after;
      values.push(...part.values);
      needs.push(...part.needs);
      owned.push(...part.owned);
    } else {
      values.push(part);
      outTexts.push(after);
    }
  });
  return new SqlPiece(outTexts, values, { needs, owned });
}

/** What an insert needs and `org` gives; no alias can be called so. */
const INSERTED = '(inserted)';

/** How the two nets are switched, for the tests that prove each alone; production uses both. */
export type TenantNets = { readonly filter: boolean };

/**
 * One transaction on one organisation's data. It cannot build a query without its organisation: tables are named by
 * `from`, `into` and `update`, each of which carries the organisation, and a literal table name is refused.
 */
export class Tenant {
  readonly organisation: OrganisationId;
  readonly #client: PoolClient;
  readonly #filter: boolean;
  readonly #keepPlans: boolean;

  constructor(client: PoolClient, organisation: OrganisationId, { filter, keepPlans }: TenantNets & { readonly keepPlans?: boolean } = { filter: true }) {
    this.organisation = organisation;
    this.#client = client;
    this.#filter = filter;
    this.#keepPlans = keepPlans ?? false;
  }

  /** The organisation as a parameter, first value of every insert. */
  get org(): SqlPiece {
    return new SqlPiece(['', '::bigint'], [this.organisation], { owned: [INSERTED] });
  }

  /** A statement or a part of one; values become parameters, pieces are spliced in. */
  sql(texts: TemplateStringsArray, ...parts: (SqlPiece | SqlValue)[]): SqlPiece {
    refuseNamedTables(texts);
    return join(texts, parts);
  }

  /** The organisation's rows of a table, to read: stands where a table name would, and wants an alias after it. */
  from(table: TenantTable): SqlPiece {
    if (!this.#filter) return new SqlPiece([table], []);
    return new SqlPiece([`(select * from ${table} where organisation_id = `, '::bigint)'], [this.organisation]);
  }

  /** Target of an insert; `columns` follow organisation_id, so the first inserted value must be `org`. */
  into(table: TenantTable, columns: string): SqlPiece {
    return new SqlPiece([`insert into ${table} (organisation_id, ${columns})`], [], { needs: [INSERTED] });
  }

  /** Start of an update; the statement must restrict the alias with `own(alias)`. */
  update(table: TenantTable, alias: string): SqlPiece {
    return new SqlPiece([`update ${table} as ${alias}`], [], { needs: [alias] });
  }

  /** Start of a delete; the statement must restrict the alias with `own(alias)`. */
  deleteFrom(table: TenantTable, alias: string): SqlPiece {
    return new SqlPiece([`delete from ${table} as ${alias}`], [], { needs: [alias] });
  }

  /** The condition that the alias is a row of this organisation. */
  own(alias: string): SqlPiece {
    if (!this.#filter) return new SqlPiece(['true'], [], { owned: [alias] });
    return new SqlPiece([`${alias}.organisation_id = `, '::bigint'], [this.organisation], { owned: [alias] });
  }

  /** Runs a statement and gives its rows as the caller declares them; bigint columns are texts, days "YYYY-MM-DD". */
  async rows<Row extends QueryResultRow>(query: SqlPiece): Promise<Row[]> {
    return (await this.#run(query)).rows as Row[];
  }

  /** The single row of a statement, or null when there is none; throws on more than one. */
  async one<Row extends QueryResultRow>(query: SqlPiece): Promise<Row | null> {
    const rows = await this.rows<Row>(query);
    if (rows.length > 1) throw new Error(`expected one row, got ${rows.length}`);
    return rows[0] ?? null;
  }

  /** Runs a statement and gives the number of rows it touched. `keepPlan`: the connection keeps its plan, in work that does not keep those of its other statements. */
  async run(query: SqlPiece, { keepPlan }: { readonly keepPlan?: boolean } = {}): Promise<number> {
    return (await this.#run(query, keepPlan)).rowCount ?? 0;
  }

  /** The connection under this transaction, for COPY into a temporary table; never for statements on tenant tables. */
  get connection(): PoolClient {
    return this.#client;
  }

  async #run(query: SqlPiece, keepPlan = this.#keepPlans): Promise<{ rows: QueryResultRow[]; rowCount: number | null }> {
    const missing = query.needs.find((alias) => !query.owned.includes(alias));
    if (missing === INSERTED) throw new Error('SQL inserts rows without `org` as their organisation');
    if (missing !== undefined) throw new Error(`SQL changes ${missing} without own('${missing}')`);
    const { text, values } = compile(query);
    const name = keepPlan ? planName(text) : null;
    return name === null ? this.#client.query(text, values) : this.#client.query({ name, text, values });
  }
}

/** Statements whose plan may be kept: more of them would mean that texts are built from values. */
const KEPT_PLANS_MAX = 1000;
const planNames = new Map<string, string>();

/** The name under which a connection keeps the plan of a statement; null for the others. */
function planName(text: string): string | null {
  const known = planNames.get(text);
  if (known !== undefined) return known;
  if (planNames.size >= KEPT_PLANS_MAX || !/^\s*(?:select|insert|update|delete|with)\b/iu.test(text)) return null;
  const name = `plan_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  planNames.set(text, name);
  return name;
}

/**
 * For the rest of the transaction: joins by hash or merge only. An organisation that is newer than the statistics is taken for one row, and a
 * nested loop over what a file just brought would then be quadratic; whole-ledger statements lose nothing by it.
 */
export async function planInBulk(t: Tenant): Promise<void> {
  await t.run(t.sql`select set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)`);
}

/** Texts that stand in an array as they are: ids, days, hashes, words without a blank. */
const PLAIN_ELEMENT = /^(?!null$)[\w.:@+-]+$/iu;

/** An array as PostgreSQL reads it. The driver would quote every element, which takes both sides longer than all else they do with it. */
function arrayLiteral(values: readonly (string | number | boolean | null)[]): string {
  let text = '{';
  for (const [index, value] of values.entries()) {
    if (index > 0) text += ',';
    if (typeof value !== 'string') text += (value ?? null) === null ? 'NULL' : String(value);
    else text += PLAIN_ELEMENT.test(value) ? value : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  }
  return `${text}}`;
}

/** Numbers the parameters; equal consecutive organisations are not merged, PostgreSQL takes 65,535 of them. */
function compile(query: SqlPiece): { text: string; values: SqlValue[] } {
  let text = query.texts[0] ?? '';
  query.values.forEach((_, index) => {
    text += `$${index + 1}${query.texts[index + 1] ?? ''}`;
  });
  return { text, values: query.values.map((value) => (Array.isArray(value) ? arrayLiteral(value) : value)) };
}
