import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

type Names = { readonly first: string; readonly second: string };

/** Problems of PDFs that hold an invoice, and of files read apart because they may be hostile. */
export const EMBEDDED_PROBLEMS = {
  pdfNotPdf: error(() => ({
    fr: 'Ce fichier n\'est pas un PDF (il n\'en porte pas l\'en-tête) ; envoyez la facture Factur-X telle que votre logiciel l\'a produite.',
    en: 'This file is not a PDF (it lacks the header); send the Factur-X invoice as your software made it.',
  })),
  pdfDamaged: error(() => ({
    fr: 'Ce PDF est abîmé et ne s\'ouvre pas ; réexportez la facture depuis le logiciel qui l\'a émise.',
    en: 'This PDF is damaged and does not open; export the invoice again from the software that issued it.',
  })),
  pdfEncrypted: error(() => ({
    fr: 'Ce PDF est protégé par un mot de passe ; envoyez-le sans protection.',
    en: 'This PDF is protected by a password; send it unprotected.',
  })),
  pdfWithoutInvoice: error(({ others }: { others: number }) => ({
    fr: `Ce PDF ne contient pas de facture électronique (factur-x.xml)${others === 0 ? '' : `, seulement ${others} autre(s) fichier(s)`} ; envoyez la facture Factur-X, ou son XML, ou importez le grand livre.`,
    en: `This PDF holds no electronic invoice (factur-x.xml)${others === 0 ? '' : `, only ${others} other file(s)`}; send the Factur-X invoice, or its XML, or import the ledger.`,
  })),
  pdfAttachmentTooLarge: error(({ name, limit }: { name: string; limit: number }) => ({
    fr: `le fichier « ${name} » contenu dans le PDF dépasse ${limit} octets ; ce n'est pas une facture normale, vérifiez-la.`,
    en: `the file "${name}" inside the PDF is over ${limit} bytes; this is no normal invoice, check it.`,
  })),
  pdfTwoInvoices: warning(({ first, second }: Names) => ({
    fr: `Le PDF contient deux factures XML différentes (« ${first} » et « ${second} ») : on ne sait pas laquelle vaut. La facture est gardée de côté : rien n'est réclamé avant qu'une personne l'ait vérifiée.`,
    en: `The PDF holds two different XML invoices ("${first}" and "${second}"): which one counts is unknown. The invoice is set aside: nothing is claimed before a person has checked it.`,
  })),
  pdfOddName: warning(({ name }: { name: string }) => ({
    fr: `La facture contenue dans le PDF s'appelle « ${name} » au lieu de factur-x.xml ; elle est lue quand même.`,
    en: `The invoice inside the PDF is called "${name}" instead of factur-x.xml; it is read all the same.`,
  })),
  pdfProfileDiffers: warning(({ first, second }: Names) => ({
    fr: `Le PDF annonce « ${first} » et le XML qu'il contient « ${second} » : seul le XML compte. Vérifiez que les deux disent la même chose.`,
    en: `The PDF announces "${first}" and the XML inside it "${second}": only the XML counts. Check that both say the same.`,
  })),
  readingTime: error(({ seconds }: { seconds: number }) => ({
    fr: `La lecture de ce fichier a dépassé ${seconds} secondes et a été arrêtée ; ce n'est pas un fichier normal, réexportez-le.`,
    en: `Reading this file took over ${seconds} seconds and was stopped; this is no normal file, export it again.`,
  })),
  readingMemory: error(({ megabytes }: { megabytes: number }) => ({
    fr: `La lecture de ce fichier a dépassé ${megabytes} Mo de mémoire et a été arrêtée ; ce n'est pas un fichier normal, réexportez-le.`,
    en: `Reading this file took over ${megabytes} MB of memory and was stopped; this is no normal file, export it again.`,
  })),
  readingFailed: error(() => ({
    fr: 'Ce fichier n\'a pas pu être lu : la lecture s\'est interrompue. Réexportez-le ; s\'il s\'agit d\'un fichier normal, signalez-le.',
    en: 'This file could not be read: reading broke off. Export it again; if it is a normal file, report it.',
  })),
  readingBusy: error(({ waiting }: { waiting: number }) => ({
    fr: `${waiting} fichiers attendent déjà d'être lus ; renvoyez celui-ci dans quelques minutes.`,
    en: `${waiting} files are already waiting to be read; send this one again in a few minutes.`,
  })),
};
