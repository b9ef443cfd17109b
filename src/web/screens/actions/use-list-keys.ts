import { useEffect, useRef } from 'react';

/** What the keys of a list do. */
export type ListKeys = {
  readonly move: (by: 1 | -1) => void;
  readonly toggle: () => void;
  readonly toggleAll: () => void;
  readonly approve: () => void;
  readonly preview: () => void;
  readonly help: () => void;
};

/** True while somebody types text: letters are then letters. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** True on things that the space bar and the arrows already work: they keep their own meaning there. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.dataset['row'] === undefined && target.closest('button, a, [role="tab"], [role="radio"], [role="option"], [role="combobox"], input') !== null;
}

function act(event: KeyboardEvent, keys: ListKeys): boolean {
  switch (event.key) {
    case 'j': keys.move(1); return true;
    case 'k': keys.move(-1); return true;
    case 'ArrowDown': if (isControl(event.target)) return false; keys.move(1); return true;
    case 'ArrowUp': if (isControl(event.target)) return false; keys.move(-1); return true;
    case ' ': if (isControl(event.target)) return false; keys.toggle(); return true;
    case 'x': keys.toggleAll(); return true;
    case 'a': keys.approve(); return true;
    case 'p': keys.preview(); return true;
    case '?': keys.help(); return true;
    default: return false;
  }
}

/** Listens to the keys of the list wherever the focus is, except in text fields and while a dialog is open. */
export function useListKeys(keys: ListKeys, paused: boolean): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  }, [keys]);
  useEffect(() => {
    if (paused) return;
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      if (act(event, latest.current)) event.preventDefault();
    };
    globalThis.addEventListener('keydown', listen);
    return () => globalThis.removeEventListener('keydown', listen);
  }, [paused]);
}
