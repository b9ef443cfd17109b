import type { Bilingual } from '../kernel/text.ts';
import type { Effect, Interval } from './effect.ts';
import { CUSTOMERS_MIN, HORIZON_DAYS_MIN, PAYMENTS_MIN } from './effect.ts';

/** Why nothing can be said yet, and what is missing. */
export function notMeasurableYet(effect: Extract<Effect, { measurable: false }>): Bilingual {
  const { new: fresh, former } = effect.arms;
  switch (effect.because) {
    case 'fewCustomers': return {
      fr: `Pas encore mesurable : il faut au moins ${CUSTOMERS_MIN} clients avec une échéance passée dans chaque groupe ; il y en a ${fresh.customers} avec la nouvelle version et ${former.customers} témoins.`,
      en: `Not measurable yet: at least ${CUSTOMERS_MIN} customers with something come due are needed in each group; there are ${fresh.customers} with the new version and ${former.customers} in control.`,
    };
    case 'fewPayments': return {
      fr: `Pas encore mesurable : il faut au moins ${PAYMENTS_MIN} pièces payées dans chaque groupe ; il y en a ${fresh.paid} avec la nouvelle version et ${former.paid} chez les témoins.`,
      en: `Not measurable yet: at least ${PAYMENTS_MIN} paid documents are needed in each group; there are ${fresh.paid} with the new version and ${former.paid} in control.`,
    };
    case 'shortFollowUp': return {
      fr: `Pas encore mesurable : trop peu d’échéances ont été suivies ${HORIZON_DAYS_MIN} jours. Revenez dans quelques semaines.`,
      en: `Not measurable yet: too few documents were followed for ${HORIZON_DAYS_MIN} days after they came due. Come back in some weeks.`,
    };
  }
}

/** What an interval of days gained says: the new version is better, worse, or nobody can tell yet. */
export function inWords({ low, high }: Interval): Bilingual {
  if (low > 0) return { fr: 'La nouvelle version fait payer plus tôt : l’intervalle est tout entier du bon côté.', en: 'The new version gets paid sooner: the whole interval is on the good side.' };
  if (high < 0) return { fr: 'La nouvelle version fait payer plus tard : l’intervalle est tout entier du mauvais côté.', en: 'The new version gets paid later: the whole interval is on the bad side.' };
  return { fr: 'On ne peut pas encore dire si elle fait payer plus tôt : l’intervalle contient zéro.', en: 'It cannot be told yet whether it gets paid sooner: the interval contains zero.' };
}
