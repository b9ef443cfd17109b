/**
 * What the other side of a channel can do for us when nobody knows how an attempt ended. `askable`: it says whether it has the thing (the print folder).
 * `deduplicating`: it throws away a second one of the same key, for a time (webhooks). `blind`: neither (SMTP).
 */
export type ChannelClass = 'askable' | 'deduplicating' | 'blind';

/** Every way by which something leaves, and its class. */
const CLASSES = { email: 'blind', letter: 'askable', registeredLetter: 'askable', webhook: 'deduplicating' } as const satisfies Readonly<Record<string, ChannelClass>>;

const isKnown = (channel: string): channel is keyof typeof CLASSES => Object.hasOwn(CLASSES, channel);

/** The class of a channel. One that is not in the list is blind: nothing is assumed of it. */
export const channelClass = (channel: string): ChannelClass => (isKnown(channel) ? CLASSES[channel] : 'blind');

/** What is known beside: of an askable channel its answer (null: it could not be asked), of a deduplicating one whether it may have forgotten the key. */
export type UnknownEnd = { readonly class: 'askable'; readonly has: boolean | null } | { readonly class: 'deduplicating'; readonly windowOver: boolean } | { readonly class: 'blind' };

/** `accepted`: it arrived. `again`: hand over once more under the same key. `park`: only a person can say. */
export type AfterUnknown = 'accepted' | 'again' | 'park';

/**
 * The one rule of what happens to an attempt that began and whose end nobody knows: never a second time by itself where the other side would take it
 * for another one. That an askable channel does not have it yet proves nothing of a worker that only sleeps: a person decides.
 */
export function afterUnknownEnd(end: UnknownEnd): AfterUnknown {
  switch (end.class) {
    case 'askable': return end.has === true ? 'accepted' : 'park';
    case 'deduplicating': return end.windowOver ? 'park' : 'again';
    case 'blind': return 'park';
  }
}
