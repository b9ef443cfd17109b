import { currencyDigits } from '../kernel/currency.ts';
import type { Currency } from '../kernel/currency.ts';
import type { Day } from '../kernel/day.ts';
import { decimal, money } from '../kernel/money.ts';
import type { Money } from '../kernel/money.ts';
import type { Problem } from '../kernel/problem.ts';
import { addRates, compareRates, formatPercent, parsePercent } from '../kernel/rate.ts';
import type { Rate } from '../kernel/rate.ts';
import { err, never, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { divideHalfUp } from '../kernel/rounding.ts';
import { dueDate, parseTerms, printTerms } from './terms.ts';
import type { Terms } from './terms.ts';

/** How much of the total one instalment is. */
export type InstalmentPart =
  | { readonly kind: 'percent'; readonly rate: Rate }
  /** A share of what the instalments before leave. */
  | { readonly kind: 'percentOfRest'; readonly rate: Rate }
  /** An amount in units of the invoice's currency; it takes the sign of the total. Text: "396.84". */
  | { readonly kind: 'fixed'; readonly amount: string }
  /** All that is left; only the last. */
  | { readonly kind: 'rest' };

/** One instalment: its part, and its own terms, counted from the invoice date like those of every other. */
export type Instalment = { readonly part: InstalmentPart; readonly terms: Terms };

/** An amount and the day it is due. */
export type DuePortion<C extends Currency = Currency> = { readonly amount: Money<C>; readonly dueOn: Day };

/** A monthly plan of five years. */
export const INSTALMENTS_MAX = 60;

const WHOLE: Rate = { numerator: 1n, denominator: 1n };
const ZERO: Rate = { numerator: 0n, denominator: 1n };

/**
 * Reads terms with or without instalments: "30d", "45 jours fin de mois", "30% 15d / 70% 45d", "1/3 30d / 1/3 60d / rest 90d",
 * "25% rest 30d" (a share of what is left), "396.84 60d" (an amount), "reste"/"rest"/"solde" (all that is left, last). The last one takes the odd cent.
 */
export function parseInstalments(text: string): Result<readonly Instalment[], Problem> {
  const pieces = text.split(/(?<!\d)\s*\/\s*|\s*\/\s*(?!\d)|\s+\/\s+/);
  if (pieces.length > INSTALMENTS_MAX) return err(refusal('tooMany', tooMany(pieces.length)));
  const instalments: Instalment[] = [];
  for (const [index, piece] of pieces.entries()) {
    const read = parseOne(piece.trim(), pieces.length === 1);
    if (!read.ok) return pieces.length === 1 ? read : err(inPlace(read.error, index + 1));
    instalments.push(read.value);
  }
  const wrong = checkInstalments(instalments);
  return wrong === null ? ok(instalments) : err(wrong);
}

const PART_TEXT =
  /^(?:(\d{1,3}(?:[.,]\d{1,8})?) ?%|(\d{1,2})\/(\d{1,2})(?!\d)|(\d{1,13}(?:[.,]\d{1,3})?)(?= ?(?:€|eur\b)| +\S)(?! ?(?:jours?|jrs?|j|days?|d|w|weeks?|semaines?|mois|months?|m)\b)(?: ?(?:€|eur\b))?|(rest|reste|solde|balance)\b)\s*/i;
const OF_REST = /^(?:(?:du |of (?:the )?)?(?:rest|reste))\b\s*/i;

function parseOne(text: string, alone: boolean): Result<Instalment, Problem> {
  const match = alone && !/[%]|^\d+\/\d/.test(text) ? null : PART_TEXT.exec(text);
  const part = match === null ? null : partOf(match);
  if (match === null || part === null) {
    if (!alone) return err(refusal('noPart', noPart(text)));
    const terms = parseTerms(text);
    return terms.ok ? ok({ part: { kind: 'rest' }, terms: terms.value }) : terms;
  }
  const after = text.slice(match[0].length);
  const ofRest = part.kind === 'percent' ? OF_REST.exec(after) : null;
  const terms = parseTerms(ofRest === null ? after : after.slice(ofRest[0].length));
  if (!terms.ok) return terms;
  return ok({ part: part.kind === 'percent' && ofRest !== null ? { kind: 'percentOfRest', rate: part.rate } : part, terms: terms.value });
}

function partOf(match: RegExpExecArray): InstalmentPart | null {
  const [, percent, numerator, denominator, amount] = match;
  if (percent !== undefined) {
    const rate = parsePercent(percent);
    return rate.ok ? { kind: 'percent', rate: rate.value } : null;
  }
  if (numerator !== undefined && denominator !== undefined) {
    return Number(denominator) === 0 ? null : { kind: 'percent', rate: { numerator: BigInt(numerator), denominator: BigInt(denominator) } };
  }
  return amount === undefined ? { kind: 'rest' } : { kind: 'fixed', amount: amount.replace(',', '.') };
}

/** What is contradictory in a list of instalments, whatever the amount; null when it can be used. */
export function checkInstalments(instalments: readonly Instalment[]): Problem | null {
  if (instalments.length === 0 || instalments.length > INSTALMENTS_MAX) return refusal('tooMany', tooMany(instalments.length));
  let sum = ZERO;
  for (const [index, { part }] of instalments.entries()) {
    const last = index === instalments.length - 1;
    if (part.kind === 'rest' && !last) return refusal('restNotLast', restNotLast(index + 1));
    if (part.kind === 'fixed' && last) return refusal('fixedLast', fixedLast(index + 1));
    if (part.kind !== 'percent' && part.kind !== 'percentOfRest') continue;
    if (compareRates(part.rate, ZERO) <= 0 || compareRates(part.rate, WHOLE) > 0) return refusal('share', badShare(index + 1, part.rate));
    if (part.kind === 'percent') sum = addRates(sum, part.rate);
  }
  const last = instalments.at(-1);
  const over = compareRates(sum, WHOLE) > 0;
  const short = last?.part.kind === 'percent' && compareRates(sum, WHOLE) !== 0;
  return over || short || last?.part.kind === 'percentOfRest' ? refusal('not100', not100(sum)) : null;
}

/**
 * Splits a total over its instalments: shares rounded half up to the minor unit, the last one takes what is left, a credit note (negative
 * total) splits as its opposite. Nothing is due: one portion of nothing on the invoice date. Error when an instalment would have the other sign.
 */
export function splitInstalments<C extends Currency>(
  total: Money<C>,
  issuedOn: Day,
  instalments: readonly Instalment[],
): Result<readonly DuePortion<C>[], Problem> {
  const wrong = checkInstalments(instalments);
  if (wrong !== null) return err(wrong);
  const { currency } = total;
  if (total.minor === 0n) return ok([{ amount: total, dueOn: issuedOn }]);
  const negative = total.minor < 0n;
  const size = negative ? -total.minor : total.minor;
  let left = size;
  const portions: DuePortion<C>[] = [];
  for (const [index, { part, terms }] of instalments.entries()) {
    const last = index === instalments.length - 1;
    const wanted = last ? left : sizeOf(part, { size, left, currency });
    if (wanted === null) return err(refusal('amount', badAmount(index + 1, currency)));
    const rounding = part.kind === 'fixed' ? 0n : BigInt(instalments.length);
    if (wanted > left + rounding) return err(refusal('negative', wouldBeNegative(index + 1, decimal(money(wanted - left, currency)))));
    const minor = wanted > left ? left : wanted;
    left -= minor;
    portions.push({ amount: money(negative ? -minor : minor, currency), dueOn: dueDate(issuedOn, terms) });
  }
  return ok(portions);
}

function sizeOf(part: InstalmentPart, of: { size: bigint; left: bigint; currency: Currency }): bigint | null {
  switch (part.kind) {
    case 'percent':
      return divideHalfUp(of.size * part.rate.numerator, part.rate.denominator);
    case 'percentOfRest':
      return divideHalfUp(of.left * part.rate.numerator, part.rate.denominator);
    case 'fixed':
      return fixedMinor(part.amount, of.currency);
    case 'rest':
      return of.left;
    default:
      return never(part);
  }
}

/** Minor units of a plain decimal text; null when it is finer than the currency. */
function fixedMinor(amount: string, currency: Currency): bigint | null {
  const match = /^(\d{1,13})(?:\.(\d{1,3}))?$/.exec(amount);
  if (match === null) return null;
  const digits = currencyDigits(currency);
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  return fraction.length > digits ? null : BigInt((match[1] ?? '') + fraction.padEnd(digits, '0'));
}

/** Instalments as text that `parseInstalments` reads back. */
export function printInstalments(instalments: readonly Instalment[]): string {
  const [only] = instalments;
  if (instalments.length === 1 && only?.part.kind === 'rest') return printTerms(only.terms);
  return instalments.map(({ part, terms }) => `${printPart(part)} ${printTerms(terms)}`).join(' / ');
}

function printPart(part: InstalmentPart): string {
  switch (part.kind) {
    case 'percent':
      return printRate(part.rate);
    case 'percentOfRest':
      return `${printRate(part.rate)} rest`;
    case 'fixed':
      return part.amount;
    case 'rest':
      return 'rest';
    default:
      return never(part);
  }
}

/** A third has no decimal percentage: it prints as the fraction it was read from. */
function printRate(rate: Rate): string {
  const text = formatPercent(rate);
  const back = parsePercent(text);
  return back.ok && compareRates(back.value, rate) === 0 ? `${text}%` : `${rate.numerator}/${rate.denominator}`;
}

type Sentence = Problem['message'];

const refusal = (name: string, message: Sentence): Problem => ({ line: 0, severity: 'error', code: `instalments.${name}`, message });

const inPlace = (problem: Problem, place: number): Problem => ({
  ...problem,
  message: { fr: `Échéance ${place} : ${problem.message.fr}`, en: `Instalment ${place}: ${problem.message.en}` },
});

const tooMany = (count: number): Sentence => ({
  fr: `${count} échéances : il en faut de 1 à ${INSTALMENTS_MAX}.`,
  en: `${count} instalments: there must be 1 to ${INSTALMENTS_MAX}.`,
});
const noPart = (text: string): Sentence => ({
  fr: `« ${text} » ne commence ni par un pourcentage, ni par une fraction, ni par un montant, ni par « reste ». Écrivez par exemple « 30% 15d / 70% 45d ».`,
  en: `"${text}" starts with no percentage, fraction, amount or "rest". Write for instance "30% 15d / 70% 45d".`,
});
const restNotLast = (place: number): Sentence => ({
  fr: `L’échéance ${place} prend tout le reste : elle doit être la dernière.`,
  en: `Instalment ${place} takes all that is left: it must be the last.`,
});
const fixedLast = (place: number): Sentence => ({
  fr: `L’échéance ${place}, la dernière, a un montant fixe : remplacez-le par « reste » pour que le total soit juste.`,
  en: `Instalment ${place}, the last, has a fixed amount: replace it by "rest" so that the total is right.`,
});
const badShare = (place: number, rate: Rate): Sentence => ({
  fr: `L’échéance ${place} est de ${formatPercent(rate)} % : une part va de plus de 0 % à 100 %.`,
  en: `Instalment ${place} is ${formatPercent(rate)}%: a share goes from above 0% to 100%.`,
});
const not100 = (sum: Rate): Sentence => ({
  fr: `Les pourcentages font ${formatPercent(sum)} % au lieu de 100 %. Corrigez-les, ou terminez par « reste ».`,
  en: `The percentages make ${formatPercent(sum)}% instead of 100%. Correct them, or end with "rest".`,
});
const badAmount = (place: number, currency: Currency): Sentence => ({
  fr: `Le montant de l’échéance ${place} a plus de décimales que la monnaie ${currency}. Corrigez-le.`,
  en: `The amount of instalment ${place} has more decimals than currency ${currency}. Correct it.`,
});
const wouldBeNegative = (place: number, excess: string): Sentence => ({
  fr: `L’échéance ${place} dépasse de ${excess} ce qui reste à répartir : la suivante serait négative. Réduisez-la.`,
  en: `Instalment ${place} exceeds what is left to share by ${excess}: the next would be negative. Lower it.`,
});
