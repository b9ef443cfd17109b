/** Reasons of decisions that have words in both languages. */
export const REASONS = [
  'paid', 'notDue', 'insolvent', 'legal', 'paused', 'disputed', 'planned', 'promised', 'paymentPending', 'creditCovers', 'belowMinimum', 'stepDone', 'noContact',
  'channelRefused', 'capReached', 'closedDay', 'ledgerStale', 'awaitingApproval', 'stepDue', 'thankYou',
] as const;

/** Channels that have words in both languages. */
export const CHANNELS = ['email', 'letter', 'registeredLetter', 'sms', 'call', 'visit', 'check'] as const;

/** States of actions that have words in both languages. */
export const STATES = ['proposed', 'approved', 'claimed', 'sent', 'delivered', 'bounced', 'replied', 'cancelled', 'failed', 'unknown', 'expired'] as const;

/** Reasons for which an action ends or waits that have words; others are told as the engine's reason or as they are. */
export const CANCEL_REASONS = ['person', 'paid', 'amountChanged', 'contactChanged', 'held', 'changed', 'confirmedByPerson', 'deniedByPerson', 'workerLost', 'testSent', 'testUnknown', 'testModeLeft', 'originalEnded', 'doneByPerson', 'notDone', 'contactErased', 'erased', 'sentElsewhere', 'sendJournal'] as const;

/** Kinds of items that have words in both languages. */
export const ITEM_KINDS = ['invoice', 'deposit', 'debitNote', 'creditNote', 'receipt', 'refund', 'opening', 'writeOff', 'other'] as const;

/** The known word of a list that a text is, or undefined. */
export const known = <Word extends string>(words: readonly Word[], text: string | null): Word | undefined => words.find((word) => word === text);
