import { isControl, useKeys } from '../../ui/keys.ts';

/** What the keys of a list do. */
export type ListKeys = {
  readonly move: (by: 1 | -1) => void;
  readonly toggle: () => void;
  readonly toggleAll: () => void;
  readonly approve: () => void;
  readonly preview: () => void;
  /** Leads to the note of a task, from which Ctrl and Enter say that it is done. */
  readonly done: () => void;
  readonly help: () => void;
};

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
    case 'd': keys.done(); return true;
    case '?': keys.help(); return true;
    default: return false;
  }
}

/** Listens to the keys of the list wherever the focus is, except in text fields and while a dialog is open. */
export function useListKeys(keys: ListKeys, paused: boolean): void {
  useKeys((event) => act(event, keys), paused);
}
