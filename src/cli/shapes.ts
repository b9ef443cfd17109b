import { currencyDigits } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Bilingual, Language } from '#core/kernel/text.ts';
import type { ActionRow } from '#server/dunning/actions.ts';
import type { ActionLine, DecisionLine } from '#server/dunning/run.ts';

/** Minor units as a decimal text with the currency's digits. */
export const amount = (minor: bigint | string, currency: Currency): string => decimalMinor(BigInt(minor), currencyDigits(currency));

/** A sentence as JSON shows it: `message` in the language asked for, `messages` in both. */
export const sentences = (said: Bilingual, language: Language): { message: string; messages: Bilingual } => ({ message: said[language], messages: said });

/** An action as the JSON of every command shows it. */
export function actionJson(row: ActionRow): object {
  return {
    id: row.action_id, customer: row.customer, channel: row.channel, step: row.step, scenario: row.scenario, documents: row.documents,
    total: amount(row.total, row.currency), currency: row.currency, to: row.recipient, state: row.state, reason: row.state_reason, today: row.today,
    formalNotice: row.formal_notice, sentOn: row.sent_on, test: row.test, approvalsNeeded: row.approvals_needed, approvedOnceBy: row.first_approved_by,
  };
}

/** Same for an action as a run proposes it; a dry run has no id. */
export function proposedJson(line: ActionLine): object {
  const { proposed } = line;
  return {
    id: line.id, customer: line.customer, channel: proposed.channel, step: proposed.step, scenario: proposed.scenarioCode,
    documents: proposed.items.map((item) => item.document), total: amount(proposed.total, proposed.currency), currency: proposed.currency, to: line.to,
    state: line.state, formalNotice: proposed.formalNotice, firmer: proposed.firmer, approvalsNeeded: line.approvals,
  };
}

/** A decision as `run` prints it. */
export function decisionJson(line: DecisionLine): object {
  const { decision } = line;
  return {
    customer: line.customer, document: decision.document, do: decision.do, reason: decision.reason, step: decision.step, until: decision.until,
    action: line.actionId ?? (decision.actionKey === null ? null : decision.actionKey),
  };
}

/** Columns of texts lined up; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  const isAmount = (text: string): boolean => /^-?[\d \u202f]+([.,]\d+)?$/.test(text);
  return rows.map((row) => row.map((cell, column) => (isAmount(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd()).join('\n') + '\n';
}
