import { buildPlan, planFault } from '#core/holds/plan-builder.ts';
import type { PlanPeriod } from '#core/holds/plan-builder.ts';
import type { PlanInstalment } from '#core/holds/plan.ts';
import { parseCurrency } from '#core/kernel/currency.ts';
import { addMonths, parseDay } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { money } from '#core/kernel/money.ts';
import type { Bilingual, Language } from '#core/kernel/text.ts';
import { decimalOf, inField, readAmount } from '../../ui/typed-amount.ts';

/** An instalment as it is typed; `id` keeps the row while others come and go. */
export type InstalmentRow = { id: number; dueOn: string; amount: string };

/** A plan as its form holds it: by a rhythm, or each instalment by hand. */
export type PlanValues = {
  mode: 'regular' | 'byHand'; count: number | string; every: 'month' | 'week' | 'days'; days: number | string; firstOn: string; rows: InstalmentRow[]; accepted: boolean; acceptedBy: string; note: string;
};

/** What the instalments are over: minor units of a currency, from a day on. */
export type PlanGround = { readonly total: bigint; readonly currency: string; readonly today: Day };

/** The instalments that what is typed makes, what they sum to, and what is wrong with them (null: nothing). */
export type PlanDraft = { readonly instalments: readonly PlanInstalment[]; readonly sum: bigint; readonly fault: Bilingual | null };

const UNREADABLE: Bilingual = { fr: 'Chaque échéance a un jour et un montant : complétez celle qui n’en a pas.', en: 'Each instalment has a day and an amount: complete the one that has none.' };
const NO_FIRST: Bilingual = { fr: 'Indiquez le jour de la première échéance.', en: 'Give the day of the first instalment.' };

const periodOf = ({ every, days }: Pick<PlanValues, 'every' | 'days'>): PlanPeriod => (every === 'days' ? { every, days: Number(days) } : { every });
const total = (instalments: readonly PlanInstalment[]): bigint => instalments.reduce((sum, { minor }) => sum + minor, 0n);

function regular(values: PlanValues, ground: PlanGround): PlanDraft {
  const firstOn = parseDay(values.firstOn);
  if (firstOn === null) return { instalments: [], sum: 0n, fault: NO_FIRST };
  const built = buildPlan({ total: ground.total, count: Number(values.count), firstOn, period: periodOf(values) });
  return built.ok ? { instalments: built.value, sum: total(built.value), fault: null } : { instalments: [], sum: 0n, fault: built.error.message };
}

function byHand(values: PlanValues, { currency }: PlanGround): PlanDraft {
  const read = values.rows.map(({ dueOn, amount }) => ({ dueOn: parseDay(dueOn), minor: readAmount(amount, currency) }));
  const instalments = read.flatMap(({ dueOn, minor }) => (dueOn === null || minor === null ? [] : [{ dueOn, minor }]));
  return { instalments, sum: read.reduce((sum, { minor }) => sum + (minor ?? 0n), 0n), fault: instalments.length < read.length ? UNREADABLE : null };
}

/** What is typed as instalments, checked as the server checks them. */
export function planDraft(values: PlanValues, ground: PlanGround): PlanDraft {
  const currency = parseCurrency(ground.currency);
  if (currency === null) throw new Error(`no currency: ${ground.currency}`);
  const draft = values.mode === 'regular' ? regular(values, ground) : byHand(values, ground);
  if (draft.fault !== null) return draft;
  const fault = planFault(draft.instalments, { open: money(ground.total, currency), from: ground.today });
  return fault === null ? draft : { ...draft, fault: fault.message };
}

/** The instalments of a draft as rows to be corrected by hand. */
export const rowsOf = (instalments: readonly PlanInstalment[], currency: string, language: Language): InstalmentRow[] =>
  instalments.map(({ dueOn, minor }, id) => ({ id, dueOn, amount: inField(decimalOf(minor, currency), language) }));

/** One more row: a month after the last one, for what is left to share. */
export function nextRow(rows: readonly InstalmentRow[], ground: PlanGround, language: Language): InstalmentRow {
  const last = parseDay(rows.at(-1)?.dueOn ?? '');
  const left = ground.total - rows.reduce((sum, { amount }) => sum + (readAmount(amount, ground.currency) ?? 0n), 0n);
  return {
    id: Math.max(-1, ...rows.map(({ id }) => id)) + 1, dueOn: last === null ? '' : addMonths(last, 1), amount: left > 0n ? inField(decimalOf(left, ground.currency), language) : '',
  };
}
