import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

type Value = { readonly element: string; readonly text: string };

/** Problems of OFX files. */
export const OFX_PROBLEMS = {
  ofxDoctype: error(() => ({
    fr: 'déclaration DOCTYPE ou entité : un OFX n\'en a pas, le fichier est refusé sans être lu plus loin. Réexportez-le depuis la banque.',
    en: 'DOCTYPE or entity declaration: OFX has none, the file is refused without reading further. Export it again from the bank.',
  })),
  ofxTextTooLong: error(({ limit }: { limit: number }) => ({
    fr: `plus de ${limit} caractères sans balise ; ce n'est pas un OFX lisible.`,
    en: `more than ${limit} characters without a tag; this is no readable OFX.`,
  })),
  ofxElementsTooDeep: error(({ limit }: { limit: number }) => ({
    fr: `plus de ${limit} éléments emboîtés ; ce n'est pas un OFX lisible.`,
    en: `more than ${limit} nested elements; this is no readable OFX.`,
  })),
  ofxTruncated: error(({ element }: { element: string }) => ({
    fr: `« ${element} » n'est jamais refermé : le fichier est coupé. Exportez-le à nouveau, rien n'en est repris.`,
    en: `"${element}" is never closed: the file is cut. Export it again, nothing of it is taken.`,
  })),
  ofxCurrencyMissing: error(({ text }: { text: string }) => ({
    fr: `devise du compte (CURDEF) absente ou inconnue « ${text} » : les montants ne peuvent pas être lus sans elle.`,
    en: `currency of the account (CURDEF) missing or unknown "${text}": amounts cannot be read without it.`,
  })),
  ofxAccountMissing: error(() => ({
    fr: 'relevé sans numéro de compte (ACCTID) : on ne peut pas savoir de quel compte il s\'agit.',
    en: 'statement without an account number (ACCTID): there is no telling which account it is about.',
  })),
  ofxOutsideStatement: error(({ element }: { element: string }) => ({
    fr: `mouvement (${element}) hors de tout relevé (STMTRS, CCSTMTRS) : on ne peut pas savoir de quel compte il s'agit. Demandez un nouvel export à la banque.`,
    en: `transaction (${element}) outside any statement (STMTRS, CCSTMTRS): there is no telling which account it is about. Ask the bank for a new export.`,
  })),
  ofxDayMissing: error(({ element }: { element: string }) => ({
    fr: `mouvement sans date (${element}) ; demandez un nouvel export à la banque.`,
    en: `transaction without a date (${element}); ask the bank for a new export.`,
  })),
  ofxDay: error(({ element, text }: Value) => ({
    fr: `${element} « ${text} » n'est pas une date possible ; attendu AAAAMMJJ.`,
    en: `${element} "${text}" is no possible date; expected YYYYMMDD.`,
  })),
  ofxDayIgnored: warning(({ element, text }: Value) => ({
    fr: `${element} « ${text} » n'est pas une date possible ; elle est laissée vide.`,
    en: `${element} "${text}" is no possible date; it is left empty.`,
  })),
  ofxAmountMissing: error(() => ({
    fr: 'mouvement sans montant (TRNAMT) ; demandez un nouvel export à la banque.',
    en: 'transaction without an amount (TRNAMT); ask the bank for a new export.',
  })),
  ofxAmount: error(({ element, text }: Value) => ({
    fr: `${element} « ${text} » n'est pas un montant ; attendu par exemple -1234.56 ou -1234,56.`,
    en: `${element} "${text}" is no amount; expected for example -1234.56 or -1234,56.`,
  })),
  ofxBalanceMissing: warning(() => ({
    fr: 'solde (LEDGERBAL) vide ou absent : rien ne prouve que le relevé est complet.',
    en: 'balance (LEDGERBAL) empty or missing: nothing proves that the statement is complete.',
  })),
  ofxSignDoubt: warning(({ kind, text }: { kind: string; text: string }) => ({
    fr: `mouvement de type ${kind} et de montant « ${text} » : le signe du montant est suivi, vérifiez-le.`,
    en: `transaction of type ${kind} with amount "${text}": the sign of the amount is followed, check it.`,
  })),
  ofxCorrection: warning(({ action, fitid }: { action: string; fitid: string }) => ({
    fr: `correction (${action}) du mouvement « ${fitid} » : elle est montrée pour information, corrigez le mouvement d'origine à la main.`,
    en: `correction (${action}) of transaction "${fitid}": it is shown for information, correct the original transaction by hand.`,
  })),
  ofxInvestmentIgnored: warning(() => ({
    fr: 'relevé de titres (INVSTMTRS) : ce n\'est pas un compte bancaire, il n\'est pas lu.',
    en: 'investment statement (INVSTMTRS): this is no bank account, it is not read.',
  })),
  ofxInvestmentOnly: error(() => ({
    fr: 'ce fichier ne contient que des relevés de titres (INVSTMTRS) ; exportez le compte bancaire.',
    en: 'this file holds only investment statements (INVSTMTRS); export the bank account.',
  })),
  ofxSignonOnly: error(() => ({
    fr: 'ce fichier ne contient que la réponse de connexion de la banque, aucun relevé ; recommencez l\'export en choisissant le compte et la période.',
    en: 'this file holds only the bank\'s sign-on answer, no statement; export again, choosing the account and the period.',
  })),
  ofxBankError: warning(({ code, text }: { code: string; text: string }) => ({
    fr: `la banque a répondu une erreur ${code} « ${text} » ; l'export est peut-être incomplet.`,
    en: `the bank answered error ${code} "${text}"; the export may be incomplete.`,
  })),
};
