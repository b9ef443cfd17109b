import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

type Field = { readonly tag: string; readonly text: string };

/** Problems of MT940 statements. */
export const MT940_PROBLEMS = {
  mt940OpeningMissing: error(({ statement }: { statement: string }) => ({
    fr: `relevé « ${statement} » sans ancien solde (:60F: ou :60M:) : le relevé est incomplet. Demandez le fichier complet.`,
    en: `statement "${statement}" without an opening balance (:60F: or :60M:): the statement is incomplete. Get the complete file.`,
  })),
  mt940OpeningTwice: error(() => ({
    fr: 'second ancien solde (:60F: ou :60M:) dans le même relevé ; il manque la fin d\'un relevé ou le début d\'un autre. Demandez le fichier complet.',
    en: 'second opening balance (:60F: or :60M:) in the same statement; the end of one statement or the beginning of another is missing. Get the complete file.',
  })),
  mt940AccountMissing: error(() => ({
    fr: 'relevé sans numéro de compte (:25:) : on ne peut pas savoir de quel compte il s\'agit.',
    en: 'statement without an account number (:25:): there is no telling which account it is about.',
  })),
  mt940ClosingMissing: error(({ statement }: { statement: string }) => ({
    fr: `relevé « ${statement} » sans nouveau solde (:62F: ou :62M:) : le fichier est coupé. Demandez-le à nouveau, rien n'en est repris.`,
    en: `statement "${statement}" without a closing balance (:62F: or :62M:): the file is cut. Ask for it again, nothing of it is taken.`,
  })),
  mt940ClosingOutside: error(() => ({
    fr: 'nouveau solde (:62F: ou :62M:) hors d\'un relevé : le début manque. Demandez le fichier complet.',
    en: 'closing balance (:62F: or :62M:) outside a statement: its beginning is missing. Get the complete file.',
  })),
  mt940MovementOutside: error(() => ({
    fr: 'mouvement (:61:) hors d\'un relevé (aucun ancien solde :60F: avant lui) : le relevé est incomplet. Demandez le fichier complet.',
    en: 'movement (:61:) outside a statement (no opening balance :60F: before it): the statement is incomplete. Get the complete file.',
  })),
  mt940Balance: error(({ tag, text }: Field) => ({
    fr: `solde :${tag}: « ${text} » illisible ; attendu C ou D, date AAMMJJ, devise, montant à virgule (C260131EUR1234,56).`,
    en: `unreadable balance :${tag}: "${text}"; expected C or D, date YYMMDD, currency, amount with a comma (C260131EUR1234,56).`,
  })),
  mt940OtherCurrency: error(({ found, expected }: { found: string; expected: string }) => ({
    fr: `solde en ${found} dans un relevé en ${expected} ; les relevés sont mélangés, demandez le fichier d'origine.`,
    en: `balance in ${found} inside a statement in ${expected}; statements are mixed, get the original file.`,
  })),
  mt940Movement: error(({ text }: { text: string }) => ({
    fr: `mouvement :61: « ${text} » illisible ; attendu date AAMMJJ, C ou D, montant à virgule, type à 4 caractères (2601310131C1234,56NTRF…).`,
    en: `unreadable movement :61: "${text}"; expected date YYMMDD, C or D, amount with a comma, type of 4 characters (2601310131C1234,56NTRF…).`,
  })),
  mt940Amount: error(({ text, currency }: { text: string; currency: string }) => ({
    fr: `montant « ${text} » impossible en ${currency} (trop de décimales ou trop grand).`,
    en: `amount "${text}" impossible in ${currency} (too many decimals or too large).`,
  })),
  mt940Day: error(({ text }: { text: string }) => ({
    fr: `date « ${text} » impossible ; attendu AAMMJJ.`,
    en: `impossible date "${text}"; expected YYMMDD.`,
  })),
  mt940DayOfFebruary: warning(({ text, day }: { text: string; day: string }) => ({
    fr: `date de valeur « ${text} » : ce jour n'existe pas (calcul bancaire en mois de 30 jours), lue comme le ${day}.`,
    en: `value date "${text}": no such day (bank reckoning in months of 30 days), read as ${day}.`,
  })),
  mt940DayIgnored: warning(({ text, day }: { text: string; day: string }) => ({
    fr: `date d'écriture « ${text} » impossible ; la date de valeur ${day} est prise.`,
    en: `impossible entry date "${text}"; the value date ${day} is taken.`,
  })),
  mt940BalanceDayIgnored: warning(({ tag, text }: Field) => ({
    fr: `date « ${text} » du solde :${tag}: impossible ; elle est laissée vide.`,
    en: `impossible date "${text}" of balance :${tag}:; it is left empty.`,
  })),
  mt940DetailsCut: warning(({ limit }: { limit: number }) => ({
    fr: `plus de ${limit} caractères d'informations (:86:) pour ce mouvement ; la suite n'est pas lue.`,
    en: `more than ${limit} characters of information (:86:) for this movement; the rest is not read.`,
  })),
  mt940PageMissing: warning(({ statement, closing, opening }: { statement: string; closing: Bilingual; opening: Bilingual }) => ({
    fr: `relevé « ${statement} » : cette page s'ouvre à ${opening.fr} alors que la précédente se ferme à ${closing.fr}. Il manque une page entre les deux.`,
    en: `statement "${statement}": this page opens at ${opening.en} while the one before closes at ${closing.en}. A page is missing in between.`,
  })),
  mt940NumberTwice: warning(({ statement, first }: { statement: string; first: number }) => ({
    fr: `numéro de relevé « ${statement} » déjà pris à la ligne ${first} pour le même compte ; vérifiez que ce n'est pas deux fois le même relevé.`,
    en: `statement number "${statement}" already taken at line ${first} for the same account; check that it is not the same statement twice.`,
  })),
  mt940NumberGap: warning(({ statement, before }: { statement: string; before: string }) => ({
    fr: `le relevé « ${statement} » suit le relevé « ${before} » du même compte et son solde ne s'enchaîne pas : des numéros manquent entre les deux.`,
    en: `statement "${statement}" follows statement "${before}" of the same account and its balance does not carry on: numbers are missing in between.`,
  })),
};
