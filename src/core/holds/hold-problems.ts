import type { Problem } from '../kernel/problem.ts';
import type { Bilingual } from '../kernel/text.ts';

const refused = <Facts>(say: (facts: Facts) => Bilingual): ((facts: Facts) => Bilingual) => say;

/** Every reason why a hold is not taken as it was given. */
const HOLD_PROBLEMS = {
  planCount: refused(({ count, max }: { count: number; max: number }) => ({
    fr: `Un échéancier a de 1 à ${max} échéances, celui-ci en aurait ${count}.`,
    en: `A plan has 1 to ${max} instalments, this one would have ${count}.`,
  })),
  planPeriod: refused(({ max }: { max: number }) => ({
    fr: `L’intervalle entre deux échéances est un nombre entier de jours, de 1 à ${max}.`,
    en: `The time between two instalments is a whole number of days, from 1 to ${max}.`,
  })),
  planTooFar: refused(({ years }: { years: number }) => ({
    fr: `La dernière échéance dépasse ${years} ans : réduisez le nombre d’échéances ou leur intervalle.`,
    en: `The last instalment is more than ${years} years away: take fewer instalments or less time between them.`,
  })),
  planTooSmall: refused(({ count }: { count: number }) => ({
    fr: `Le montant à répartir est trop petit pour ${count} échéances : il en resterait de nulles. Prenez-en moins.`,
    en: `The amount to share is too small for ${count} instalments: some would be nothing. Take fewer.`,
  })),
  planNothing: refused((_facts: Record<string, never>) => ({
    fr: 'Aucune des pièces choisies n’a de restant dû : il n’y a rien à échelonner.',
    en: 'None of the chosen documents has anything open: there is nothing to spread.',
  })),
  planInstalment: refused(({ place }: { place: number }) => ({
    fr: `Le montant de l’échéance ${place} doit être positif.`,
    en: `The amount of instalment ${place} must be positive.`,
  })),
  planDays: refused(({ place }: { place: number }) => ({
    fr: `L’échéance ${place} doit venir après celle qui la précède.`,
    en: `Instalment ${place} must come after the one before it.`,
  })),
  planPast: refused(({ day }: { day: string }) => ({
    fr: `La première échéance (${day}) est avant le début de l’échéancier : choisissez un jour à venir.`,
    en: `The first instalment (${day}) is before the plan begins: choose a day to come.`,
  })),
  planSum: refused(({ instalments, items }: { instalments: string; items: string }) => ({
    fr: `Les échéances font ${instalments} et les pièces ${items} : les deux doivent être égaux au centime. Corrigez la dernière échéance.`,
    en: `The instalments make ${instalments} and the documents ${items}: both must be equal to the cent. Correct the last instalment.`,
  })),
  planItems: refused((_facts: Record<string, never>) => ({
    fr: 'Une des pièces choisies n’est pas une facture de ce client, ou n’existe plus : rechargez la page et choisissez-les de nouveau.',
    en: 'One of the chosen documents is no invoice of this customer, or no longer exists: reload the page and choose them again.',
  })),
  planCurrencies: refused((_facts: Record<string, never>) => ({
    fr: 'Les pièces choisies sont en plusieurs monnaies : faites un échéancier par monnaie.',
    en: 'The chosen documents are in several currencies: make one plan per currency.',
  })),
  planTwice: refused(({ document }: { document: string }) => ({
    fr: `La pièce ${document} est déjà dans un échéancier en cours : terminez-le ou remplacez-le d’abord.`,
    en: `Document ${document} is in a plan in force already: end or replace that one first.`,
  })),
  planGone: refused((_facts: Record<string, never>) => ({
    fr: 'Cet échéancier n’attend plus d’accord ou n’est plus en cours : rechargez la page.',
    en: 'This plan no longer waits to be accepted, or is no longer in force: reload the page.',
  })),
  planStale: refused((_facts: Record<string, never>) => ({
    fr: 'Le restant dû des pièces a changé depuis la proposition (règlement, avoir ou correction) : proposez un nouvel échéancier sur le montant d’aujourd’hui.',
    en: 'What is open of the documents has changed since the plan was proposed (a payment, a credit note or a correction): propose a new plan on today’s amount.',
  })),
  planEntity: refused(({ missing }: { missing: Bilingual }) => ({
    fr: `L’échéancier ne peut pas être imprimé : il manque à la fiche de votre société ${missing.fr}. Complétez-la dans les réglages.`,
    en: `The plan cannot be printed: your company record lacks ${missing.en}. Complete it in the settings.`,
  })),
  planUnknown: refused((_facts: Record<string, never>) => ({
    fr: 'Cette suspension n’est pas un échéancier avec ses échéances : il n’y a rien à imprimer.',
    en: 'This hold is no plan with its instalments: there is nothing to print.',
  })),
  disputeOver: refused((_facts: Record<string, never>) => ({
    fr: 'Ce litige n’est plus en cours : rechargez la page.',
    en: 'This dispute is no longer in force: reload the page.',
  })),
  disputeAmount: refused(({ max }: { max: string }) => ({
    fr: `Le montant doit être positif et au plus égal à ce qui reste dû de la pièce (${max}).`,
    en: `The amount must be positive and at most what is open of the document (${max}).`,
  })),
  disputePartNeeded: refused((_facts: Record<string, never>) => ({
    fr: 'Pour accepter en partie, indiquez le montant accordé sur la pièce : le reste est de nouveau relancé.',
    en: 'To accept in part, give the amount granted on the document: the rest is chased again.',
  })),
  disputeStep: refused(({ code }: { code: string }) => ({
    fr: `L’étape « ${code} » n’est pas dans le plan d’action de ce litige.`,
    en: `The step "${code}" is not in the action plan of this dispute.`,
  })),
  holdUnknown: refused((_facts: Record<string, never>) => ({
    fr: 'Cette suspension n’existe pas ou plus.',
    en: 'This hold does not exist or no longer does.',
  })),
  endFinal: refused((_facts: Record<string, never>) => ({
    fr: 'Cette fin ne peut plus être annulée : elle date d’un autre jour, ou la suspension s’est terminée d’elle-même. Saisissez une nouvelle suspension.',
    en: 'This end can no longer be taken back: it is of another day, or the hold ended by itself. Enter a new hold.',
  })),
  promiseTooMuch: refused(({ open }: { open: string }) => ({
    fr: `Le montant promis dépasse les ${open} restant dus des pièces choisies : une telle promesse ne pourrait pas être tenue.`,
    en: `The promised amount is more than the ${open} open of the chosen documents: such a promise could not be kept.`,
  })),
  judgmentToCome: refused((_facts: Record<string, never>) => ({
    fr: 'Le jour du jugement est à venir : indiquez celui du jugement d’ouverture.',
    en: 'The day of the judgment is to come: give that of the opening judgment.',
  })),
  publishedBefore: refused((_facts: Record<string, never>) => ({
    fr: 'La publication au BODACC ne peut pas précéder le jugement : corrigez l’un des deux jours.',
    en: 'The publication in the BODACC cannot be before the judgment: correct one of the two days.',
  })),
  fileCount: refused(({ max }: { max: number }) => ({
    fr: `Cette suspension a déjà ${max} fichiers, le maximum.`,
    en: `This hold already has ${max} files, which is the most.`,
  })),
  fileSize: refused(({ megabytes }: { megabytes: number }) => ({
    fr: `Le fichier est vide ou dépasse ${megabytes} Mo : réduisez-le.`,
    en: `The file is empty or over ${megabytes} MB: make it smaller.`,
  })),
  fileKind: refused((_facts: Record<string, never>) => ({
    fr: 'Ce contenu n’est pas d’un type accepté. Sont acceptés : PDF, images (PNG, JPEG, GIF, WebP, TIFF), documents Word et Excel (.docx, .xlsx) et texte brut.',
    en: 'This content is of no accepted kind. Accepted are PDF, images (PNG, JPEG, GIF, WebP, TIFF), Word and Excel documents (.docx, .xlsx) and plain text.',
  })),
  claimDayUnknown: refused((_facts: Record<string, never>) => ({
    fr: 'Le jour de publication du jugement au BODACC n’est pas connu : indiquez-le, le délai de déclaration de la créance court à partir de lui.',
    en: 'The day the judgment was published in the BODACC is not known: give it, the time to file the claim runs from it.',
  })),
  claimPlaceUnknown: refused((_facts: Record<string, never>) => ({
    fr: 'Le pays ou le code postal de votre société manque : le délai de déclaration dépend du lieu du créancier. Complétez la fiche de la société.',
    en: 'The country or postal code of your company is missing: the time to file depends on where the creditor is. Complete the company record.',
  })),
  claimRuleUnknown: refused(({ day }: { day: string }) => ({
    fr: `La règle du délai de déclaration n’est pas connue pour un jugement publié le ${day} : aucun délai n’est calculé. Demandez-le au mandataire ou à votre conseil.`,
    en: `The rule of the time to file is not known for a judgment published on ${day}: no deadline is computed. Ask the administrator or your counsel.`,
  })),
} as const;

type Cases = typeof HOLD_PROBLEMS;
/** Code of a problem, without the `hold.` before it. */
type HoldCase = keyof Cases;

/** Builds a problem of the catalogue, code `hold.<case>`. */
export function holdProblem<C extends HoldCase>(name: C, facts: Parameters<Cases[C]>[0]): Problem {
  const say = HOLD_PROBLEMS[name] as (facts: Parameters<Cases[C]>[0]) => Bilingual;
  return { line: 0, severity: 'error', code: `hold.${name}`, message: say(facts) };
}
