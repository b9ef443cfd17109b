import type { BankAccount, BankStatement } from '#core/intake/bank/bank-line.ts';
import { problem, quoted } from '#core/intake/problems.ts';
import type { ImportId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Longest account identification kept; an IBAN has 34 characters. */
const KEY_MAX = 80;

const keyOf = (account: BankAccount): string => (account.iban ?? account.other ?? `?${account.currency}`).slice(0, KEY_MAX);

/**
 * Accounts of a file that are not ours as far as anyone said: the company has an IBAN, the file another one that no earlier import
 * brought. A person may say that it is ours too.
 */
export async function findForeignAccounts(t: Tenant, statements: readonly BankStatement[]): Promise<Problem[]> {
  const own = await t.rows<{ iban: string }>(t.sql`select replace(upper(e.iban), ' ', '') as iban from ${t.from('entity')} e where e.iban is not null`);
  if (own.length === 0) return [];
  const known = await t.rows<{ account_key: string }>(t.sql`select b.account_key from ${t.from('bank_account')} b`);
  const ours = new Set([...own.map((row) => row.iban), ...known.map((row) => row.account_key)]);
  const foreign = new Map<string, BankStatement>();
  for (const one of statements) if (one.account.iban !== null && !ours.has(one.account.iban)) foreign.set(one.account.iban, foreign.get(one.account.iban) ?? one);
  return [...foreign].map(([iban, one]) => problem('bankAccountForeign', one.line, { iban: inFours(iban), own: inFours(own[0]?.iban ?? '') }));
}

/** Makes sure every account of the file exists; gives the account's id of each statement, in their order. */
export async function storeAccounts(t: Tenant, importId: ImportId, statements: readonly BankStatement[]): Promise<string[]> {
  const accounts = [...new Map(statements.map(({ account }) => [keyOf(account), account])).entries()];
  await t.run(t.sql`
    ${t.into('bank_account', 'account_key, iban, other, bic, name, currency, import_id')}
    select ${t.org}, n.account_key, n.iban, n.other, n.bic, n.name, n.currency, ${importId}::bigint
    from unnest(${accounts.map(([key]) => key)}::text[], ${accounts.map(([, one]) => one.iban)}::text[], ${accounts.map(([, one]) => one.other?.slice(0, KEY_MAX) ?? null)}::text[],
      ${accounts.map(([, one]) => one.bic)}::text[], ${accounts.map(([, one]) => one.name?.slice(0, 200) ?? null)}::text[], ${accounts.map(([, one]) => one.currency)}::text[]
    ) as n(account_key, iban, other, bic, name, currency)
    on conflict (organisation_id, account_key) do nothing`);
  const rows = await t.rows<{ account_key: string; bank_account_id: string }>(t.sql`
    select b.account_key, b.bank_account_id from ${t.from('bank_account')} b where b.account_key = any(${accounts.map(([key]) => key)}::text[])`);
  const ids = new Map(rows.map((row) => [row.account_key, row.bank_account_id]));
  return statements.map(({ account }) => {
    const id = ids.get(keyOf(account));
    if (id === undefined) throw new Error('a bank account was not stored');
    return id;
  });
}

/** As printed on paper: groups of four. */
const inFours = (iban: string): string => quoted(iban.replaceAll(/(.{4})(?=.)/gu, '$1 '));
