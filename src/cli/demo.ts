import { CUSTOMERS_MAX, DAYS_MAX } from '#sim/company.ts';
import { fillSample, SAMPLE_CUSTOMERS, SAMPLE_DAYS } from './sample.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command, Context } from './context.ts';

const SEED_MAX = 2 ** 31 - 1;

function count(context: Context, name: 'customers' | 'days' | 'seed', max: number): number | undefined {
  const value = context.options[name];
  if (typeof value !== 'string') return undefined;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > max) throw usage(`--${name} ${value} : un nombre de 1 à ${max}.`, `--${name} ${value}: a number from 1 to ${max}.`);
  return number;
}

/** `acquit demo`: fills an empty organisation with a simulated company up to today. */
export const demoCommand: Command = {
  about: { fr: 'remplit une organisation vide avec une société simulée', en: 'fills an empty organisation with a simulated company' },
  usage: `demo [--customers N (${SAMPLE_CUSTOMERS})] [--days N (${SAMPLE_DAYS})] [--seed N]`,
  options: { customers: { type: 'string' }, days: { type: 'string' }, seed: { type: 'string' } },
  words: [0, 0],
  creates: true,
  run: async (context) => {
    const customers = count(context, 'customers', CUSTOMERS_MAX);
    const days = count(context, 'days', DAYS_MAX);
    const seed = count(context, 'seed', SEED_MAX);
    const { clock, today, actor } = context;
    const filled = await fillSample(context.store.database, context.organisation, {
      clock, today, actor, ...(customers === undefined ? {} : { customers }), ...(days === undefined ? {} : { days }), ...(seed === undefined ? {} : { seed }),
    });
    if (!filled.ok) throw new Stop(EXIT.refused, filled.error.message);
    const { value } = filled;
    context.print(value, () => (context.language === 'fr'
      ? `${value.customers} clients, ${value.items} postes, ${value.payments} paiements\n`
      : `${value.customers} customers, ${value.items} items, ${value.payments} payments\n`));
    return EXIT.done;
  },
};
