import type { Day } from '#core/kernel/day.ts';
import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

type Issued = { readonly number: string; readonly issuer: string; readonly own: string };

/** Problems of an e-invoice or a status beside what the books already know. */
export const BOOKING_PROBLEMS = {
  einvoicePurchase: error(({ number, issuer }: Issued) => ({
    fr: `la facture « ${number} » vous est adressée par ${issuer} : c'est un achat, elle n'a rien à faire dans le poste clients.`,
    en: `invoice "${number}" is addressed to you by ${issuer}: it is a purchase and has no place among receivables.`,
  })),
  einvoiceOtherIssuer: error(({ number, issuer, own }: Issued) => ({
    fr: `la facture « ${number} » est émise par ${issuer}, pas par votre société (${own}). Vérifiez le fichier, ou le SIREN et le numéro de TVA de la société dans les réglages.`,
    en: `invoice "${number}" was issued by ${issuer}, not by your company (${own}). Check the file, or the company's SIREN and VAT number in the settings.`,
  })),
  einvoiceOtherAccount: warning(({ number, iban }: { number: string; iban: string }) => ({
    fr: `la facture « ${number} » demande le paiement sur le compte ${iban}, qui n'est pas un compte connu de votre société : elle est gardée de côté. Vérifiez que personne n'a remplacé l'IBAN, puis acceptez-la.`,
    en: `invoice "${number}" asks to be paid on account ${iban}, which is no known account of your company: it is set aside. Check that nobody replaced the IBAN, then accept it.`,
  })),
  einvoiceKnown: warning(({ number }: { number: string }) => ({
    fr: `la facture « ${number} » est déjà connue, avec le même client et le même montant : rien n'est dû deux fois, seul le fichier est ajouté.`,
    en: `invoice "${number}" is already known with the same customer and amount: nothing is owed twice, only the file is added.`,
  })),
  einvoiceNumberTwice: warning(({ number }: { number: string }) => ({
    fr: `le numéro « ${number} » est déjà celui d'une autre facture (autre client, autre jour ou autre montant) : celle-ci est gardée de côté jusqu'à ce qu'une personne dise laquelle est la bonne.`,
    en: `number "${number}" already belongs to another invoice (other customer, day or amount): this one is set aside until a person says which is right.`,
  })),
  einvoiceAmountDiffers: warning(({ document, file, ledger }: { document: string; file: Bilingual; ledger: Bilingual }) => ({
    fr: `« ${document} » : la facture demande ${file.fr}, le grand livre porte ${ledger.fr}. Le grand livre est gardé ; voyez s'il manque un avoir ou un acompte.`,
    en: `"${document}": the invoice asks for ${file.en}, the ledger has ${ledger.en}. The ledger is kept; see whether a credit note or a deposit is missing.`,
  })),
  lifecycleFuture: error(({ on }: { on: Day }) => ({
    fr: `le message de cycle de vie est daté du ${on}, dans l'avenir : vérifiez la date de l'ordinateur ou le fichier.`,
    en: `the life-cycle message is dated ${on}, in the future: check the date of the computer, or the file.`,
  })),
  lifecycleOtherIssuer: error(({ number, issuer, own }: { number: string; issuer: string; own: string }) => ({
    fr: `le statut porte sur la facture « ${number} » émise par le SIREN ${issuer}, pas par votre société (${own}).`,
    en: `the status is about invoice "${number}" issued by SIREN ${issuer}, not by your company (${own}).`,
  })),
  lifecycleUnknownDocument: warning(({ number }: { number: string }) => ({
    fr: `la facture « ${number} » n'est pas encore connue : son statut est gardé et s'appliquera dès qu'elle sera importée.`,
    en: `invoice "${number}" is not known yet: its status is kept and takes effect as soon as it is imported.`,
  })),
};
