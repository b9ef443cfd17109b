/** What other software may be told, as checkboxes show it: closed, so that an event nobody thought of is told to nobody. */
export const WEBHOOK_GROUPS = {
  messages: ['email.sent', 'letter.made'],
  promises: ['promise.given', 'promise.kept', 'promise.broken', 'promise.ended', 'promise.reopened'],
  plans: ['plan.accepted', 'plan.completed', 'plan.defaulted', 'plan.ended', 'plan.reopened'],
  disputes: ['dispute.opened', 'dispute.decided', 'dispute.closed', 'dispute.reopened'],
  items: ['items.settled', 'items.reopened'],
} as const;

/** A group of them. */
export type WebhookGroup = keyof typeof WEBHOOK_GROUPS;
/** A kind of news as its receiver names it. */
export type WebhookEvent = (typeof WEBHOOK_GROUPS)[WebhookGroup][number];

/** All of them, in the order of the list. */
export const WEBHOOK_EVENTS: readonly WebhookEvent[] = Object.values(WEBHOOK_GROUPS).flat();

/** The kind of news a text names, or null. */
export const webhookEvent = (text: string): WebhookEvent | null => WEBHOOK_EVENTS.find((event) => event === text) ?? null;

/** What a call to try the receiver is about; nobody subscribes to it. */
export const TEST_EVENT = 'webhook.test';

type Commitment = 'promise' | 'plan' | 'dispute';
/** What the end or the return of a hold is called, by the kind of the event in the chain. What is not here is told to nobody. */
const HOLD_NEWS: { readonly [C in Commitment]: Readonly<Record<string, WebhookEvent>> } = {
  promise: {
    'hold.added': 'promise.given', 'hold.kept': 'promise.kept', 'hold.partly': 'promise.broken', 'hold.broken': 'promise.broken', 'hold.ended': 'promise.ended',
    'hold.reopened': 'promise.reopened', 'hold.resumed': 'promise.reopened',
  },
  plan: {
    'hold.added': 'plan.accepted', 'hold.planAccepted': 'plan.accepted', 'hold.completed': 'plan.completed', 'hold.defaulted': 'plan.defaulted', 'hold.ended': 'plan.ended', 'hold.reopened': 'plan.reopened',
    'hold.resumed': 'plan.reopened',
  },
  dispute: {
    'hold.added': 'dispute.opened', 'hold.decided': 'dispute.decided', 'hold.ended': 'dispute.closed', 'hold.paid': 'dispute.closed', 'hold.credited': 'dispute.closed',
    'hold.reopened': 'dispute.reopened', 'hold.resumed': 'dispute.reopened',
  },
};

const isCommitment = (kind: string): kind is Commitment => Object.hasOwn(HOLD_NEWS, kind);

/** Events by which the database learnt of messages that had left: many at once. */
export const PLACED_KINDS: readonly string[] = ['sending.applied', 'sending.adopted', 'sending.placed'];
/** Events of the chain by which a message left: settled with its hand-off, said so by a person later, or known from the send journal after a restore. */
export const MESSAGE_KINDS: readonly string[] = ['action.settled', 'action.sent', ...PLACED_KINDS];
/** Events by which amounts were set against each other, or taken apart: a bank statement brings payments that went back, a ledger takes the place of matches. */
export const MATCH_KINDS: readonly string[] = ['match.made', 'match.writtenOff', 'match.undone', 'import.applied', 'import.undone'];
/** Events of promises, plans and disputes. */
export const HOLD_KINDS_TOLD: readonly string[] = [...new Set(Object.values(HOLD_NEWS).flatMap((news) => Object.keys(news)))];

/** What an event of a hold is told as, or null: to nobody. */
export const holdNews = (eventKind: string, holdKind: string): WebhookEvent | null => (isCommitment(holdKind) ? (HOLD_NEWS[holdKind][eventKind] ?? null) : null);

/** What a message that left is told as; other channels (a call, a visit) are not. */
export function messageNews(channel: string): WebhookEvent | null {
  if (channel === 'email') return 'email.sent';
  return channel === 'letter' || channel === 'registeredLetter' ? 'letter.made' : null;
}

/** The kinds of events of the chain from which any of these news may be made. */
export function chainKinds(events: readonly WebhookEvent[]): string[] {
  const wanted = new Set<string>(events);
  const holds = Object.values(HOLD_NEWS).flatMap((news) => Object.entries(news)).filter(([, told]) => wanted.has(told)).map(([kind]) => kind);
  const group = (name: WebhookGroup): boolean => WEBHOOK_GROUPS[name].some((event) => wanted.has(event));
  return [...new Set([...(group('messages') ? MESSAGE_KINDS : []), ...holds, ...(group('items') ? MATCH_KINDS : [])])];
}
