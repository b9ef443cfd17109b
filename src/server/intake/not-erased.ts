import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/**
 * The condition that neither this address nor this number is of a contact that was erased: no file brings one back. Where nobody was erased it asks nothing
 * of the rows, because a key takes as long as twenty rows do.
 */
export async function notErased(t: Tenant, of: { email: SqlPiece; phone: SqlPiece }): Promise<SqlPiece> {
  const some = await t.one(t.sql`select 1 as found from ${t.from('erased_address')} x limit 1`);
  if (some === null) return t.sql`true`;
  return t.sql`not exists (select from ${t.from('erased_address')} x where x.key in (address_key('email', ${of.email}), address_key('phone', ${of.phone})))`;
}

/** The rows of a table kept as a sample, without those of contacts that were erased. */
export async function withoutErased(t: Tenant, sample: readonly (readonly string[])[]): Promise<readonly (readonly string[])[]> {
  const cells = [...new Set(sample.flat())];
  const erased = await t.rows<{ cell: string }>(t.sql`
    select n.cell from unnest(${cells}::text[]) as n(cell)
    where exists (select from ${t.from('erased_address')} x where x.key in (address_key('email', trim(n.cell)), address_key('phone', n.cell)))`);
  if (erased.length === 0) return sample;
  const gone = new Set(erased.map((row) => row.cell));
  return sample.map((row) => (row.some((cell) => gone.has(cell)) ? row.map(() => '') : row));
}
