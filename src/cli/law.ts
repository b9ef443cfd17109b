import { parseDay } from '#core/kernel/day.ts';
import { decimal, money } from '#core/kernel/money.ts';
import { formatPercent } from '#core/kernel/rate.ts';
import { parseInstalments } from '#core/ledger/instalments.ts';
import { dueDate } from '#core/ledger/terms.ts';
import { imputedOf } from '#server/charges/charges-store.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command } from './context.ts';
import { table } from './shapes.ts';

/** Eight steps of two years, the most that terms may say, still end before the calendar does (year 9999). */
const LAST_INVOICE_DAY = '9980-12-31';

/** `acquit terms`: due day or days of an invoice day under payment terms. */
export const termsCommand: Command = {
  about: { fr: 'échéance(s) d\'une date de facture selon des conditions de paiement', en: 'due date(s) of an invoice date under payment terms' },
  usage: 'terms "STEPS" DATE',
  words: [2, 2],
  database: false,
  run: async (context) => {
    const [text = '', date = ''] = context.words;
    const issuedOn = parseDay(date);
    if (issuedOn === null) throw usage(`${date} : pas un jour AAAA-MM-JJ.`, `${date}: not a day YYYY-MM-DD.`);
    const plan = parseInstalments(text);
    if (!plan.ok) throw new Stop(EXIT.refused, plan.error.message);
    if (issuedOn > LAST_INVOICE_DAY) throw usage(`${date} : date de facture trop lointaine (au plus ${LAST_INVOICE_DAY}).`, `${date}: invoice date too far away (at most ${LAST_INVOICE_DAY}).`);
    const due = plan.value.map(({ terms }) => dueDate(issuedOn, terms));
    context.print({ due }, () => `${due.join('\n')}\n`);
    return EXIT.done;
  },
};

/** `acquit charges`: interest and indemnity of a document. */
export const chargesCommand: Command = {
  about: { fr: 'pénalités et indemnité d\'une pièce', en: 'interest and indemnity of a document' },
  usage: 'charges DOCUMENT [--until D]',
  options: { until: { type: 'string' }, customer: { type: 'string' } },
  words: [1, 1],
  run: async (context) => {
    const document = context.words[0] ?? '';
    const asked = context.options['until'];
    const until = typeof asked === 'string' ? parseDay(asked) : context.today;
    if (until === null) throw usage(`--until ${String(asked)} : pas un jour AAAA-MM-JJ.`, `--until ${String(asked)}: not a day YYYY-MM-DD.`);
    const computed = await context.store.database.inTenant(context.organisation, (t) => imputedOf(t, { document }, until), { readOnly: true });
    if (!computed.ok) throw new Stop(EXIT.refused, computed.error.message);
    const { customer } = context.options;
    const found = computed.value.filter((one) => typeof customer !== 'string' || one.customer === customer);
    const [first] = found;
    if (first === undefined) throw new Stop(EXIT.refused, { fr: `Aucune pièce ${document}.`, en: `No document ${document}.` });
    if (found.length > 1) {
      const codes = found.map((one) => one.customer).join(', ');
      throw new Stop(EXIT.refused, { fr: `Plusieurs clients ont une pièce ${document} (${codes}) : précisez --customer CODE.`, en: `Several customers have a document ${document} (${codes}): say --customer CODE.` });
    }
    const { imputed } = first;
    const { charges } = imputed;
    const due = { principalDue: decimal(imputed.principalDue), interestDue: decimal(imputed.interestDue), indemnityDue: decimal(imputed.indemnityDue) };
    const text = (minor: bigint): string => decimal(money(minor, charges.interest.currency));
    const segments = charges.segments.map((part) => ({
      from: part.from, to: part.to, days: part.days, rate: formatPercent(part.rate), principal: decimal(part.principal), interest: decimal(part.interest),
    }));
    context.print({
      document, customer: first.customer, until, currency: charges.interest.currency, segments, interest: decimal(charges.interest), indemnity: decimal(charges.indemnity),
      total: charges.total === null ? null : decimal(charges.total), sources: charges.sources, warnings: charges.warnings,
      imputation: {
        order: imputed.order, ...due,
        payments: imputed.payments.map((one) => ({ on: one.on, amount: text(one.amount), interest: text(one.interest), indemnity: text(one.indemnity), principal: text(one.principal) })),
      },
    }, () => table([
      ['du', 'au', 'jours', 'taux %', 'principal', 'intérêts'],
      ...segments.map((part) => [part.from, part.to, String(part.days), part.rate, part.principal, part.interest]),
      ['', '', '', '', 'intérêts', decimal(charges.interest)], ['', '', '', '', 'indemnité', decimal(charges.indemnity)],
      ['', '', '', '', 'reste dû, principal', due.principalDue], ['', '', '', '', 'reste dû, intérêts', due.interestDue], ['', '', '', '', 'reste dû, indemnité', due.indemnityDue],
    ]));
    return EXIT.done;
  },
};
