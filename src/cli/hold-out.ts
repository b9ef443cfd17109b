import type { Effect, Interval } from '#core/dunning/effect.ts';
import { notMeasurableYet } from '#core/dunning/effect-words.ts';
import { HOLD_OUT_SHARE_MAX } from '#core/dunning/hold-out.ts';
import type { Language } from '#core/kernel/text.ts';
import { measureHoldOut } from '#server/dunning/hold-out-effect.ts';
import type { HoldOutEffect } from '#server/dunning/hold-out-effect.ts';
import { endHoldOut, listHoldOuts, startHoldOut } from '#server/dunning/hold-outs.ts';
import type { Former, HoldOutLine } from '#server/dunning/hold-outs.ts';
import { systemRandom } from '#server/plumbing/random.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { amount } from './shapes.ts';

/** `acquit hold-out`: the control group of a scenario: start it, see what it shows, end it. */
export const holdOutCommand: Command = {
  about: { fr: 'groupe témoin d’un scénario : le lancer, voir l’effet mesuré, le terminer', en: 'control group of a scenario: start it, see the measured effect, end it' },
  usage: `hold-out show|start|end --scenario CODE [--share 1-${HOLD_OUT_SHARE_MAX} --former VERSION|CODE]`,
  options: { scenario: { type: 'string' }, share: { type: 'string' }, former: { type: 'string' } },
  words: [1, 1],
  run: (context) => {
    const code = context.options['scenario'];
    if (typeof code !== 'string') throw usage('--scenario CODE : de quel scénario.', '--scenario CODE: of which scenario.');
    switch (context.words[0] ?? '') {
      case 'show': return show(context, code);
      case 'start': return start(context, code);
      case 'end': return end(context, code);
      default: throw usage('hold-out show, start ou end.', 'hold-out show, start or end.');
    }
  },
};

async function start(context: Context, code: string): Promise<number> {
  const { share, former } = context.options;
  if (typeof share !== 'string' || typeof former !== 'string') throw usage('--share POURCENT et --former VERSION ou CODE : ce que le groupe témoin garde.', '--share PERCENT and --former VERSION or CODE: what the control group keeps.');
  const kept: Former = /^\d+$/.test(former) ? { version: Number(former) } : { scenario: former };
  const started = await context.store.database.inTenant(context.organisation, (t) =>
    startHoldOut(t, { code, sharePercent: Number(share), former: kept, today: context.today, random: systemRandom }, context));
  if (!started.ok) throw new Stop(EXIT.refused, started.error);
  context.print({ started: started.value }, () => (context.language === 'fr'
    ? `Groupe témoin lancé : ${share} % des clients de « ${code} » gardent « ${started.value.formerCode} » version ${started.value.formerVersion} (tirage ${started.value.seed}).\n`
    : `Control group started: ${share} % of the customers of "${code}" keep "${started.value.formerCode}" version ${started.value.formerVersion} (draw ${started.value.seed}).\n`));
  return EXIT.done;
}

async function end(context: Context, code: string): Promise<number> {
  const ended = await context.store.database.inTenant(context.organisation, (t) => endHoldOut(t, code, { today: context.today, by: context }));
  if (!ended) throw new Stop(EXIT.refused, { fr: `Aucune mesure de « ${code} » n’est en cours.`, en: `No test of "${code}" is running.` });
  context.print({ ended: true }, () => (context.language === 'fr' ? 'Mesure terminée : tous les clients reçoivent la version en vigueur.\n' : 'Test ended: every customer gets the version in force.\n'));
  return EXIT.done;
}

async function show(context: Context, code: string): Promise<number> {
  const told = await context.store.database.inTenant(context.organisation, async (t) => {
    const [line] = await listHoldOuts(t, code);
    return line === undefined ? null : { line, measured: await measureHoldOut(t, line, context.today) };
  }, { isolation: 'repeatable read', readOnly: true });
  if (told === null) throw new Stop(EXIT.refused, { fr: `« ${code} » n’a jamais eu de groupe témoin : acquit hold-out start.`, en: `"${code}" never had a control group: acquit hold-out start.` });
  const { line, measured } = told;
  context.print({ test: line, sizes: measured.sizes, effect: measured.effect, saved: savedJson(measured) }, () => textOf(line, measured, context.language));
  return EXIT.done;
}

const savedJson = ({ saved }: HoldOutEffect): object | null => (saved === null ? null : {
  currency: saved.due.currency, due: amount(saved.due.minor, saved.due.currency), financing: amount(saved.financing.minor, saved.due.currency), low: amount(saved.low.minor, saved.due.currency),
  high: amount(saved.high.minor, saved.due.currency),
});

function textOf(line: HoldOutLine, { sizes, effect, saved }: HoldOutEffect, language: Language): string {
  const fr = language === 'fr';
  const head = fr
    ? `Version ${line.version} contre « ${line.formerCode} » version ${line.formerVersion}, depuis le ${line.startedOn}${line.endedOn === null ? '' : ` jusqu’au ${line.endedOn}`}\nclients : ${sizes.new} nouvelle version, ${sizes.former} témoins, ${sizes.left.new + sizes.left.former} sortis\n`
    : `Version ${line.version} against "${line.formerCode}" version ${line.formerVersion}, since ${line.startedOn}${line.endedOn === null ? '' : ` until ${line.endedOn}`}\ncustomers: ${sizes.new} new version, ${sizes.former} control, ${sizes.left.new + sizes.left.former} left\n`;
  return `${head}${effectText(effect, language)}${saved === null ? '' : `${fr ? 'financement économisé' : 'financing saved'} : ${amount(saved.financing.minor, saved.due.currency)} ${saved.due.currency} (${amount(saved.low.minor, saved.due.currency)} … ${amount(saved.high.minor, saved.due.currency)})\n`}`;
}

function effectText(effect: Effect, language: Language): string {
  if (!effect.measurable) return `${notMeasurableYet(effect)[language]}\n`;
  const fr = language === 'fr';
  const { days, collected } = effect.measured;
  const within = ({ value, low, high }: Interval, by = 1): string => `${(value * by).toFixed(1)} (${(low * by).toFixed(1)} … ${(high * by).toFixed(1)})`;
  return [
    `${fr ? 'jours de retard gagnés' : 'days late gained'} : ${within(days.gained)}`,
    ...collected.map(({ byDays, gained }) => `${fr ? `encaissé à ${byDays} jours, en points` : `collected by ${byDays} days, points`} : ${within(gained, 100)}`), '',
  ].join('\n');
}
