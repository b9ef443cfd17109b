import type { ContactId } from '../kernel/id.ts';
import type { AccountFacts, ContactFacts } from './facts.ts';
import type { Channel, ContactRole, Step } from './scenario.ts';

/** Who gets a step and how; or why nobody can. */
export type Recipient =
  | { readonly found: true; readonly channel: Channel; readonly contactId: ContactId | null; readonly role: ContactRole | null }
  | { readonly found: false; readonly reason: 'noContact' | 'channelRefused'; readonly channel: Channel; readonly bounced: boolean };

/** What of a step says whom it is for. */
export type Wanted = Pick<Step, 'channel' | 'fallbackChannel' | 'contactRoles'>;

/** People besides the one written to who get a copy on the same channel, one a role, each once; those who cannot be reached are left out. */
export function copyRecipients(account: AccountFacts, step: Step, main: { channel: Channel; contactId: ContactId | null }): { contactId: ContactId; role: ContactRole }[] {
  const found: { contactId: ContactId; role: ContactRole }[] = [];
  const taken = new Set([main.contactId]);
  for (const role of step.copyRoles ?? []) {
    const contact = account.contacts.find((one) => one.roles.includes(role) && !taken.has(one.contactId) && canReach(one, main.channel));
    if (contact === undefined) continue;
    taken.add(contact.contactId);
    found.push({ contactId: contact.contactId, role });
  }
  return found;
}

/** Whether a contact has an address for a channel that works and that it did not refuse. */
export const canReach = (contact: ContactFacts, channel: Channel): boolean =>
  hasAddress(contact, channel) && !contact.bouncedChannels.includes(channel) && !contact.refusedChannels.includes(channel);

/** Finds whom a step reaches: its roles in order on its channel, then the same on its fallback channel. */
export function recipientOf(account: AccountFacts, step: Wanted): Recipient {
  const first = onChannel(account, step, step.channel);
  if (first.found || step.fallbackChannel === undefined) return first;
  const second = onChannel(account, step, step.fallbackChannel);
  return second.found || first.reason === 'noContact' ? second : first;
}

function onChannel(account: AccountFacts, step: Wanted, channel: Channel): Recipient {
  // Nobody outside is asked: the person who does it looks at the file.
  if (channel === 'check') return { found: true, channel, contactId: null, role: null };
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
  if (goesToAnAddress(channel) && account.customer.hasPostalAddress && !refused && !bounced) return { found: true, channel, contactId: null, role: null };
  return { found: false, reason: refused || bounced ? 'channelRefused' : 'noContact', channel, bounced };
}

const goesToAnAddress = (channel: Channel): boolean => channel === 'letter' || channel === 'registeredLetter' || channel === 'visit';

function hasAddress(contact: ContactFacts, channel: Channel): boolean {
  if (channel === 'email') return contact.email !== null;
  return goesToAnAddress(channel) ? contact.hasPostalAddress : contact.phone !== null;
}
