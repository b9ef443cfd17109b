import { useEffect, useRef } from 'react';

/** True while somebody types text: letters are then letters. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** True on things that the space bar, the arrows and Enter already work: they keep their own meaning there. Rows of a list are marked by `data-row`. */
export function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.dataset['row'] === undefined && target.closest('button, a, [role="tab"], [role="radio"], [role="option"], [role="combobox"], input') !== null;
}

/** Listens to keys wherever the focus is, except in text fields, with a modifier, and while paused. `act` says whether the key was one of its own. */
export function useKeys(act: (event: KeyboardEvent) => boolean, paused: boolean): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  }, [act]);
  useEffect(() => {
    if (paused) return;
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      if (latest.current(event)) event.preventDefault();
    };
    globalThis.addEventListener('keydown', listen);
    return () => globalThis.removeEventListener('keydown', listen);
  }, [paused]);
}

/** Moves the keyboard's focus to a row, so that what is read aloud is where the marks are. */
export function focusRow(id: string): void {
  const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: 'nearest' });
}
