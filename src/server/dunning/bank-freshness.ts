import type { Freshness } from '#core/dunning/facts.ts';
import { later } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { workingDaysBetween } from '#core/ledger/calendar.ts';
import type { Place } from '#core/ledger/calendar.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { SendingSettings } from './sending-settings.ts';

/** Import days of an account, in a row and no further apart than the limit, that make it one imported regularly: a habit, not a try. */
export const REGULAR_IMPORTS = 4;

/** Import days of an account that are looked at: enough for any four in a row within years of daily files, and no more. */
const IMPORT_DAYS_MAX = 1000;

/** A bank account whose statements are waited for. */
export type FollowedAccount = { readonly key: string; readonly lastOn: Day; readonly ageDays: number };

/**
 * The accounts whose statements come regularly, with the age in working days of the last one: its last day counts, not the day of its
 * file. An account is followed once four of its import days in a row were no further apart than the limit, and from then on until a
 * person leaves it out: a habit that breaks off is what the gate is for, while a firm that brings its statements now and then is
 * never held up. Refused and undone imports are none.
 */
export async function followedAccounts(t: Tenant, of: { today: Day; place: Place; settings: SendingSettings }): Promise<FollowedAccount[]> {
  const { today, place, settings } = of;
  const limit = settings.bankLimitDays;
  if (limit === null) return [];
  const rows = await t.rows<StatementDay>(t.sql`
    select n.key, n.on, n.until from (
      select b.account_key as key, i.applied_on as on, max(coalesce(s.until_on, i.applied_on)) as until,
        row_number() over (partition by b.account_key order by i.applied_on desc) as place
      from ${t.from('bank_statement')} s
      join ${t.from('import')} i on i.import_id = s.import_id
      join ${t.from('bank_account')} b on b.bank_account_id = s.bank_account_id
      where i.status = 'applied' and s.voided_at is null and i.applied_on <= ${today}::date
        and not b.account_key = any(${settings.bankAccountsLeftOut}::text[])
      group by b.account_key, i.applied_on
    ) n where n.place <= ${IMPORT_DAYS_MAX} order by n.key, n.on`);
  return regularAccounts(rows, { today, place, limit });
}

/** A day on which statements of an account were imported, and the last day they tell of. */
export type StatementDay = { readonly key: string; readonly on: Day; readonly until: Day };

/** The accounts with the habit above, of the days on which their statements were imported by today; days of an account are in order. */
export function regularAccounts(rows: readonly StatementDay[], { today, place, limit }: { today: Day; place: Place; limit: number }): FollowedAccount[] {
  return [...Map.groupBy(rows, (row) => row.key)].flatMap(([key, days]) => {
    if (!isRegular(days.map(({ on }) => on), limit, place)) return [];
    // A statement dated ahead (a booking day to come) is as fresh as can be.
    const lastOn = days.map(({ until }) => until).reduce(later);
    return [{ key, lastOn, ageDays: lastOn >= today ? 0 : workingDaysBetween(lastOn, today, place) }];
  });
}

function isRegular(days: readonly Day[], limit: number, place: Place): boolean {
  let inRow = 1;
  for (const [index, on] of days.entries()) {
    const before = days[index - 1];
    if (before === undefined) continue;
    inRow = workingDaysBetween(before, on, place) <= limit ? inRow + 1 : 1;
    if (inRow >= REGULAR_IMPORTS) return true;
  }
  return false;
}

/** The age of the account that is furthest behind, against the limit; null when none is followed. */
export function bankFreshness(accounts: readonly FollowedAccount[], limitDays: number | null): Freshness | null {
  if (limitDays === null || accounts.length === 0) return null;
  return { ageDays: Math.max(...accounts.map(({ ageDays }) => ageDays)), limitDays };
}
