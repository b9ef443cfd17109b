import type { ContactId } from '../kernel/id.ts';
import type { AccountFacts, ContactFacts } from './facts.ts';
import type { Channel, ContactRole, Step } from './scenario.ts';

/** Who gets a step and how; or why nobody can. */
export type Recipient =
  | { readonly found: true; readonly channel: Channel; readonly contactId: ContactId | null; readonly role: ContactRole | null }
  | { readonly found: false; readonly reason: 'noContact' | 'channelRefused'; readonly channel: Channel; readonly bounced: boolean };

/** Finds whom a step reaches: its roles in order on its channel, then the same on its fallback channel. */
export function recipientOf(account: AccountFacts, step: Step): Recipient {
  const first = onChannel(account, step, step.channel);
  if (first.found || step.fallbackChannel === undefined) return first;
  const second = onChannel(account, step, step.fallbackChannel);
  return second.found || first.reason === 'noContact' ? second : first;
}

function onChannel(account: AccountFacts, step: Step, channel: Channel): Recipient {
  let refused = false;
  let bounced = false;
  for (const role of step.contactRoles) {
    for (const contact of account.contacts) {
      if (!contact.roles.includes(role) || !hasAddress(contact, channel)) continue;
      if (contact.bouncedChannels.includes(channel)) bounced = true;
      else if (contact.refusedChannels.includes(channel)) refused = true;
      else return { found: true, channel, contactId: contact.contactId, role };
    }
  }
  if (isPostal(channel) && account.customer.hasPostalAddress && !refused && !bounced) return { found: true, channel, contactId: null, role: null };
  return { found: false, reason: refused || bounced ? 'channelRefused' : 'noContact', channel, bounced };
}

const isPostal = (channel: Channel): boolean => channel === 'letter' || channel === 'registeredLetter';

function hasAddress(contact: ContactFacts, channel: Channel): boolean {
  if (channel === 'email') return contact.email !== null;
  return isPostal(channel) ? contact.hasPostalAddress : contact.phone !== null;
}
