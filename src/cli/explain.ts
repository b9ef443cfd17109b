import { comparedWith } from '#core/dunning/explain-then.ts';
import { parseDay } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { explainDecisions } from '#server/dunning/explain.ts';
import { explainOn } from '#server/dunning/explain-then.ts';
import type { ExplainedThen } from '#server/dunning/explain-then.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command, Context } from './context.ts';

/** `acquit explain`: why a document or a customer was chased or not, today and before; with --day from what was known on that day. */
export const explainCommand: Command = {
  about: { fr: 'pourquoi une pièce ou un client a été relancé, ou non ; --day : d’après ce qui était connu ce jour-là', en: 'why a document or a customer was chased, or not; --day: from what was known on that day' },
  usage: 'explain DOCUMENT|CUSTOMER [--day AAAA-MM-JJ]',
  options: { day: { type: 'string' } },
  words: [1, 1],
  run: (context) => {
    const asked = context.options['day'];
    return typeof asked === 'string' ? explainPast(context, dayOf(asked, context.today)) : explainRuns(context);
  },
};

function dayOf(text: string, today: Day): Day {
  const day = parseDay(text);
  if (day === null) throw usage(`--day ${text} : pas un jour AAAA-MM-JJ.`, `--day ${text}: not a day YYYY-MM-DD.`);
  if (day > today) throw usage(`--day ${text} : ce jour n’est pas encore passé ; « acquit run --dry-run » dit ce qui partirait aujourd’hui.`, `--day ${text}: that day is still to come; "acquit run --dry-run" says what would go out today.`);
  return day;
}

async function explainRuns(context: Context): Promise<number> {
  const word = context.words[0] ?? '';
  const found = await context.store.database.inTenant(context.organisation, async (t) => {
    const byDocument = await explainDecisions(t, { document: word, upTo: context.today });
    return byDocument.length > 0 ? byDocument : explainDecisions(t, { customer: word, upTo: context.today });
  }, { readOnly: true });
  if (found.length === 0) {
    throw new Stop(EXIT.refused, {
      fr: `Aucune décision pour « ${word} » jusqu'au ${context.today} : vérifiez le numéro, ou lancez « acquit run ».`,
      en: `No decision about "${word}" up to ${context.today}: check the number, or start "acquit run".`,
    });
  }
  context.print({
    decisions: found.map((one) => ({
      today: one.today, customer: one.customer, document: one.document, do: one.do, reason: one.reason, step: one.step, until: one.until, action: one.actionId,
      text: one.text[context.language], texts: one.text, facts: one.facts,
    })),
  }, () => found.map((one) => `${one.today}  ${one.text[context.language]}\n`).join(''));
  return EXIT.done;
}

async function explainPast(context: Context, day: Day): Promise<number> {
  const word = context.words[0] ?? '';
  const found = await context.store.database.inTenant(context.organisation, async (t) => {
    const byDocument = await explainOn(t, { document: word }, day);
    return byDocument.length > 0 ? byDocument : explainOn(t, { customer: word }, day);
  }, { isolation: 'repeatable read', readOnly: true });
  if (found.length === 0) {
    throw new Stop(EXIT.refused, { fr: `Ni pièce ni client « ${word} » : vérifiez le numéro.`, en: `Neither a document nor a customer "${word}": check the number.` });
  }
  context.print({ day, decisions: found.map((one) => pastJson(one, context)) }, () => found.map((one) => {
    const compared = comparedWith(one.recorded, one.same);
    return `${day}  ${one.text[context.language]}\n${compared === null ? '' : `            ${compared[context.language]}\n`}`;
  }).join(''));
  return EXIT.done;
}

const pastJson = (one: ExplainedThen, { language }: Context): object => ({
  customer: one.customer, document: one.document, do: one.decision?.do ?? null, reason: one.decision?.reason ?? null, step: one.decision?.step ?? null, until: one.decision?.until ?? null,
  text: one.text[language], texts: one.text, facts: one.decision?.facts ?? {},
  recorded: one.recorded === null ? null : { do: one.recorded.do, reason: one.recorded.reason, step: one.recorded.step, until: one.recorded.until, text: one.recorded.text[language], texts: one.recorded.text },
  same: one.same,
});
