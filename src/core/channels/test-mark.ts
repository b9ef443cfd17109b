import type { Language } from '../kernel/text.ts';
import { renderAgain } from '../letters/render.ts';
import type { RenderedMessage } from '../letters/render.ts';

/** Characters of a subject that stay beside the mark: mail programs show about as many. */
const SUBJECT_KEPT_MAX = 120;

/** Who would have got a message: an address, or null for what is printed. */
export type TrueRecipient = { readonly address: string | null; readonly name: string };

const FIRST_LINE: Readonly<Record<Language, (to: TrueRecipient) => string>> = {
  fr: ({ address, name }) => `TEST – ce message n’est pas parti chez le client. Destinataire réel : ${address ?? 'courrier postal'} (${name}).`,
  en: ({ address, name }) => `TEST – this message did not go to the customer. True recipient: ${address ?? 'letter by post'} (${name}).`,
};

/** A message as it is made in test mode: its subject marked with the true recipient, who is named in a first line of every form of it. */
export function testMarked(message: RenderedMessage, to: TrueRecipient): RenderedMessage {
  const mark = `[TEST → ${to.address ?? (message.language === 'fr' ? 'courrier' : 'letter')}]`;
  const { language, blocks, signature, legal } = message;
  const subject = `${mark} ${Array.from(message.subject).slice(0, SUBJECT_KEPT_MAX).join('')}`;
  return renderAgain({ language, subject, blocks: [{ kind: 'paragraph', lines: [FIRST_LINE[language](to)] }, ...blocks], signature, legal });
}
