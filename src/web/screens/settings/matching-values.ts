import type { LineRuleView, MatchingSettings } from '#core/api/matching.ts';
import type { Language } from '#core/kernel/text.ts';
import { inField, plainDecimal } from '../../ui/typed-amount.ts';

/** A rule as its form holds it; `id` keeps the row while it moves. */
export type RuleValues = {
  id: number; name: string; amountFrom: string; amountTo: string; currency: string; words: string[]; without: string[]; outcome: LineRuleView['outcome']['kind']; customer: string;
};

/** The settings as their form holds them: what may be absent has a switch beside it. */
export type MatchingValues = {
  afterImport: boolean; automaticFrom: number | string; percent: string; capUnits: number | string; partPayments: MatchingSettings['partPayments']; writeOffs: MatchingSettings['writeOffs'];
  remembered: boolean; rememberedPayers: number | string; imputation: MatchingSettings['imputation']; oldestFirst: boolean;
  discounted: boolean; discountRate: string; discountDays: number | string; discountOn: 'both' | 'net'; lines: RuleValues[];
};

/** What the fields show when a thing that may be absent is switched on for the first time. */
const FIRST = { rememberedPayers: 3, discountRate: '2', discountDays: 10 } as const;

const ruleValues = (rule: LineRuleView, id: number, language: Language): RuleValues => ({
  id, name: rule.name, amountFrom: inField(rule.amountFrom ?? '', language), amountTo: inField(rule.amountTo ?? '', language), currency: rule.currency ?? '', words: [...rule.words], without: [...rule.without],
  outcome: rule.outcome.kind, customer: rule.outcome.kind === 'customer' ? rule.outcome.customer : '',
});

/** A rule that asks nothing yet. */
export const newRule = (id: number): RuleValues => ({ id, name: '', amountFrom: '', amountTo: '', currency: '', words: [], without: [], outcome: 'propose', customer: '' });

/** Settings to form. */
export const valuesOf = (of: MatchingSettings, language: Language): MatchingValues => ({
  afterImport: of.afterImport, automaticFrom: of.automaticFrom, percent: inField(of.tolerance.percent, language), capUnits: of.tolerance.capUnits, partPayments: of.partPayments, writeOffs: of.writeOffs,
  remembered: of.rememberedPayers !== null, rememberedPayers: of.rememberedPayers ?? FIRST.rememberedPayers, imputation: of.imputation, oldestFirst: of.oldestFirst,
  discounted: of.earlyPayment !== null, discountRate: inField(of.earlyPayment?.rate ?? FIRST.discountRate, language), discountDays: of.earlyPayment?.days ?? FIRST.discountDays, discountOn: of.earlyPayment?.on ?? 'both',
  lines: of.lines.map((rule, at) => ruleValues(rule, at, language)),
});

const words = (of: readonly string[]): string[] => of.map((word) => word.trim()).filter((word) => word !== '');

const ruleOf = (rule: RuleValues): LineRuleView => ({
  name: rule.name.trim(), amountFrom: plainDecimal(rule.amountFrom), amountTo: plainDecimal(rule.amountTo), currency: rule.currency === '' ? null : rule.currency, words: words(rule.words), without: words(rule.without),
  outcome: rule.outcome === 'customer' ? { kind: 'customer', customer: rule.customer } : { kind: rule.outcome },
});

/** Form to settings. */
export const settingsOf = (values: MatchingValues): MatchingSettings => ({
  afterImport: values.afterImport, automaticFrom: Number(values.automaticFrom), tolerance: { percent: plainDecimal(values.percent) ?? '0', capUnits: Number(values.capUnits) }, partPayments: values.partPayments, writeOffs: values.writeOffs,
  rememberedPayers: values.remembered ? Number(values.rememberedPayers) : null, imputation: values.imputation, oldestFirst: values.oldestFirst,
  earlyPayment: values.discounted ? { rate: plainDecimal(values.discountRate) ?? '', days: Number(values.discountDays), on: values.discountOn } : null,
  lines: values.lines.map(ruleOf),
});

const PERCENT = /^\d{1,2}(?:\.\d{1,4})?$/;

/** Most that may be missing of what is owed, in percent: beyond it a gap is a part payment. */
const PERCENT_MAX = 5;

/** Whether a text is a percentage from 0 to the bound of the tolerance. */
export function isTolerance(text: string): boolean {
  const plain = plainDecimal(text) ?? '';
  return PERCENT.test(plain) && Number(plain) <= PERCENT_MAX;
}

/** Whether a text is a rate above zero. */
export function isRate(text: string): boolean {
  const plain = plainDecimal(text) ?? '';
  return PERCENT.test(plain) && Number(plain) > 0;
}
