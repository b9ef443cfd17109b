import { useSyncExternalStore } from 'react';
import { nextMoment } from '../../api/matching.ts';
import { UNDER_WAY } from './desk.ts';
import type { TakenOff } from './desk.ts';

/** It outlives the screen: an answer that was under way when somebody left must not show a placed line on the way back. */
let taken: TakenOff = new Map();
const listeners = new Set<() => void>();

function become(next: TakenOff): void {
  taken = next;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Takes a line off the list at once, before the server has answered. */
export const takeOff = (key: string): void => become(new Map(taken).set(key, UNDER_WAY));

/** The server has answered: from now on only an answer asked for later may show the line again. */
export const confirmOff = (key: string): void => become(new Map(taken).set(key, nextMoment()));

/** Puts a line back: it was not placed, or it was taken back. */
export function putBack(key: string): void {
  const next = new Map(taken);
  next.delete(key);
  become(next);
}

/** The lines taken off, for the list. */
export const useTakenOff = (): TakenOff => useSyncExternalStore(listen, () => taken);
