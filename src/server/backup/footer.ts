import { timingSafeEqual } from 'node:crypto';

/** Whether the footer is the hash of everything before it. */
export const footerHolds = (computed: Buffer, stored: Buffer): boolean => stored.length === computed.length && timingSafeEqual(computed, stored);
