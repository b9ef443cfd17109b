import { z } from 'zod';
import { currencyDigits, parseCurrency } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { parseId } from '#core/kernel/id.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import { parseDecimal } from '#core/kernel/money.ts';
import { formatPercent, parsePercent } from '#core/kernel/rate.ts';
import type { Rate } from '#core/kernel/rate.ts';
import type { LineRule, MatchingRules } from '#core/matching/matching.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By } from './apply.ts';
import { invalid } from './faults.ts';

/** Below this nobody would sign what goes by itself; 100 is nothing but what is beyond doubt. */
const AUTOMATIC_FROM = { min: 80, max: 100 } as const;
/** More than that is no bank fee any more: a person decides. */
const TOLERANCE_PERCENT_MAX = 5;
const TOLERANCE_UNITS_MAX = 100;
/** Beyond, "remembered" says no more. */
const TIMES_MAX = 100;
/** A discount for paying early is for days or weeks, not for the legal term. */
const DISCOUNT_DAYS_MAX = 90;
/** Rules that a person keeps an eye on, the words of one, and their length. */
const RULES_MAX = 100;
const WORDS_MAX = 20;
const WORD_CHARS_MAX = 60;
const NAME_CHARS_MAX = 80;

const word = z.string().trim().min(1).max(WORD_CHARS_MAX);
const decimalText = z.string().trim().max(24);

const lineRuleSchema = z.strictObject({
  name: z.string().trim().max(NAME_CHARS_MAX), amountFrom: decimalText.nullable(), amountTo: decimalText.nullable(), currency: z.string().trim().max(3).nullable(),
  words: z.array(word).max(WORDS_MAX), without: z.array(word).max(WORDS_MAX),
  outcome: z.union([z.strictObject({ kind: z.enum(['match', 'propose', 'ignore']) }), z.strictObject({ kind: z.literal('customer'), customer: z.string().max(19) })]),
});

/** Settings of the lettrage as the profile keeps them; amounts and rates are decimal texts. */
export const storedMatchingSchema = z.object({
  /** What is certain is placed after every import without anybody asking. */
  afterImport: z.boolean().default(true),
  automaticFrom: z.int().default(90),
  tolerance: z.object({ percent: decimalText, capUnits: z.int() }).default({ percent: '1', capUnits: 5 }),
  partPayments: z.enum(['automatic', 'propose']).default('automatic'),
  writeOffs: z.enum(['automatic', 'propose']).default('propose'),
  rememberedPayers: z.int().nullable().default(null),
  imputation: z.enum(['principalFirst', 'interestFirst']).default('principalFirst'),
  oldestFirst: z.boolean().default(true),
  lines: z.array(lineRuleSchema).max(RULES_MAX).default([]),
});

const earlyPaymentSchema = z.strictObject({ rate: decimalText, days: z.int(), on: z.enum(['both', 'net']) });

/** All settings: what the profile keeps, and the discount that the company offers for paying early. */
export type Settings = z.output<typeof storedMatchingSchema> & { readonly earlyPayment: z.output<typeof earlyPaymentSchema> | null };

/** The settings in force, the standard ones where nobody chose. */
export async function readSettings(t: Tenant): Promise<Settings> {
  const row = await t.one<{ matching: unknown; offer: unknown }>(t.sql`
    select p.matching, (select e.early_payment from ${t.from('entity')} e order by e.entity_id limit 1) as offer from ${t.from('profile')} p`);
  return { ...storedMatchingSchema.parse(row?.matching ?? {}), earlyPayment: earlyPaymentSchema.nullable().parse(row?.offer ?? null) };
}

const within = (value: number, { min, max }: { min: number; max: number }): boolean => Number.isInteger(value) && value >= min && value <= max;

function percentOf(text: string): Rate | null {
  const rate = parsePercent(text);
  return rate.ok && rate.value.numerator >= 0n ? rate.value : null;
}

const atMost = ({ numerator, denominator }: Rate, percent: number): boolean => numerator * 100n <= BigInt(percent) * denominator;

function checkFigures({ automaticFrom, tolerance, rememberedPayers, earlyPayment }: Settings): void {
  if (!within(automaticFrom, AUTOMATIC_FROM)) throw invalid('automaticFrom', 'Le seuil va de 80 à 100.', 'The threshold is from 80 to 100.');
  const percent = percentOf(tolerance.percent);
  if (percent === null || !atMost(percent, TOLERANCE_PERCENT_MAX)) throw invalid('tolerance', 'La tolérance va de 0 à 5 %.', 'The tolerance is from 0 to 5%.');
  if (!within(tolerance.capUnits, { min: 0, max: TOLERANCE_UNITS_MAX })) throw invalid('tolerance', 'Le plafond de la tolérance va de 0 à 100 unités de la devise.', 'The cap of the tolerance is from 0 to 100 units of the currency.');
  if (rememberedPayers !== null && !within(rememberedPayers, { min: 1, max: TIMES_MAX })) throw invalid('rememberedPayers', 'Un payeur doit avoir été vu de 1 à 100 fois.', 'A payer must have been seen from 1 to 100 times.');
  if (earlyPayment === null) return;
  const rate = percentOf(earlyPayment.rate);
  if (rate === null || rate.numerator === 0n || !atMost(rate, 100)) throw invalid('earlyPayment', 'Le taux d’escompte est au-dessus de 0 % et d’au plus 100 %.', 'The discount rate is above 0% and at most 100%.');
  if (!within(earlyPayment.days, { min: 1, max: DISCOUNT_DAYS_MAX })) throw invalid('earlyPayment', 'L’escompte est offert pour 1 à 90 jours.', 'The discount is offered for 1 to 90 days.');
}

type StoredRule = Settings['lines'][number];

/** A stored rule as the core reads it; throws what a person can correct. */
function ruleOf(rule: StoredRule, place: number): LineRule {
  const named = rule.name === '' ? `n° ${place}` : rule.name;
  const wrong = (fr: string, en: string) => invalid('lines', `Règle « ${named} » : ${fr}`, `Rule "${named}": ${en}`);
  if (rule.name === '') throw wrong('donnez-lui un nom.', 'give it a name.');
  const currency = rule.currency === null ? null : parseCurrency(rule.currency.toUpperCase());
  if (rule.currency !== null && currency === null) throw wrong(`la devise ${rule.currency} n’existe pas.`, `there is no currency ${rule.currency}.`);
  const amount = (text: string | null): bigint | null => {
    if (text === null) return null;
    if (currency === null) throw wrong('un montant demande sa devise.', 'an amount needs its currency.');
    const parsed = parseDecimal(text.replace(',', '.'), currency);
    if (parsed === null || parsed.minor < 0n) throw wrong(`le montant « ${text} » ne se lit pas en ${currency}.`, `the amount "${text}" cannot be read as ${currency}.`);
    return parsed.minor;
  };
  const when = { amountFrom: amount(rule.amountFrom), amountTo: amount(rule.amountTo), currency, words: rule.words, without: rule.without };
  if (when.amountFrom !== null && when.amountTo !== null && when.amountFrom > when.amountTo) throw wrong('le montant le plus bas dépasse le plus haut.', 'the lowest amount is above the highest.');
  if (rule.words.length === 0 && when.amountFrom === null && when.amountTo === null && currency === null) {
    throw wrong('dites à quelles lignes elle s’applique : un mot, un montant ou une devise.', 'say which lines it is about: a word, an amount or a currency.');
  }
  const { outcome } = rule;
  if (outcome.kind !== 'customer') return { name: rule.name, when, outcome };
  const customer = parseId<'customer'>(outcome.customer);
  if (customer === null) throw wrong('choisissez son client.', 'choose its customer.');
  return { name: rule.name, when, outcome: { kind: 'customer', customer } };
}

async function knownCustomers(t: Tenant, rules: readonly LineRule[]): Promise<ReadonlySet<CustomerId>> {
  const wanted = rules.flatMap(({ outcome }) => (outcome.kind === 'customer' ? [outcome.customer] : []));
  if (wanted.length === 0) return new Set();
  const rows = await t.rows<{ id: CustomerId }>(t.sql`select c.customer_id as id from ${t.from('customer')} c where c.customer_id::text = any(${wanted}::text[]) and c.voided_at is null`);
  return new Set(rows.map((row) => row.id));
}

/** The settings as matching uses them. A rule whose customer is gone only proposes: the line it meant must not go elsewhere by itself. */
export async function loadRules(t: Tenant): Promise<MatchingRules> {
  const { automaticFrom, tolerance, partPayments, writeOffs, rememberedPayers, imputation, oldestFirst, lines } = await readSettings(t);
  const rules = lines.map((rule, at) => ruleOf(rule, at + 1));
  const known = await knownCustomers(t, rules);
  return {
    automaticFrom, partPayments, writeOffs, imputation, oldestFirst, rememberedPayers: rememberedPayers === null ? null : { times: rememberedPayers },
    tolerance: {
      percent: percentOf(tolerance.percent) ?? { numerator: 0n, denominator: 1n },
      capMinor: (currency: Currency) => BigInt(tolerance.capUnits) * 10n ** BigInt(currencyDigits(currency)),
    },
    lines: rules.map((rule) => (rule.outcome.kind === 'customer' && !known.has(rule.outcome.customer) ? { ...rule, outcome: { kind: 'propose' } } : rule)),
  };
}

/** Checks the settings a person chose and keeps them. Throws a fault that names the field and says what it may be. */
export async function changeSettings(t: Tenant, chosen: Settings, by: By): Promise<void> {
  const { earlyPayment, ...rest } = chosen;
  checkFigures(chosen);
  const stored = storedMatchingSchema.parse(rest);
  const rules = stored.lines.map((rule, at) => ruleOf(rule, at + 1));
  const known = await knownCustomers(t, rules);
  for (const { name, outcome } of rules) {
    if (outcome.kind !== 'customer' || known.has(outcome.customer)) continue;
    throw invalid('lines', `Règle « ${name} » : ce client n’existe pas ou plus, choisissez-en un autre.`, `Rule "${name}": this customer does not exist or no longer does, choose another one.`);
  }
  const percent = percentOf(stored.tolerance.percent) ?? { numerator: 0n, denominator: 1n };
  await t.run(t.sql`${t.update('profile', 'p')} set matching = ${JSON.stringify({ ...stored, tolerance: { ...stored.tolerance, percent: plainPercent(percent) } })}::jsonb where ${t.own('p')}`);
  const rate = earlyPayment === null ? null : percentOf(earlyPayment.rate);
  const offer = earlyPayment === null || rate === null ? null : JSON.stringify({ ...earlyPayment, rate: plainPercent(rate) });
  await t.run(t.sql`
    ${t.update('entity', 'e')} set early_payment = ${offer}::jsonb
    where ${t.own('e')} and e.entity_id = (select o.entity_id from ${t.from('entity')} o order by o.entity_id limit 1)`);
  await record(t, {
    at: by.now, actor: by.actor, kind: 'matching.changed', subject: 'matching',
    facts: {
      afterImport: stored.afterImport, automaticFrom: stored.automaticFrom, tolerance: `${plainPercent(percent)} % / ${stored.tolerance.capUnits}`, partPayments: stored.partPayments,
      writeOffs: stored.writeOffs, rememberedPayers: stored.rememberedPayers, imputation: stored.imputation, oldestFirst: stored.oldestFirst, lines: stored.lines.map((rule) => JSON.stringify(rule)), earlyPayment: offer,
    },
  });
}

/** "1", "1.5": without the digits that say nothing. */
const plainPercent = (rate: Rate): string => formatPercent(rate).replace(/\.?0+$/, '');
