import { isControl, useKeys } from '../../ui/keys.ts';

/** What the keys of the desk do; `current` is the row that Enter would place. */
export type DeskKeys = {
  readonly current: string | null;
  readonly move: (by: 1 | -1) => void; readonly open: (key: string) => void; readonly choose: (at: number) => void; readonly place: () => void;
  readonly split: () => void; readonly customer: () => void; readonly settle: () => void; readonly refuse: () => void; readonly dismiss: () => void;
  readonly undo: () => void; readonly search: () => void; readonly help: () => void;
};

/** Enter on a row that is not the current one chooses it: nobody has read what is proposed for it yet. On a button it is the button's. */
function enter(event: KeyboardEvent, keys: DeskKeys): boolean {
  const row = event.target instanceof HTMLElement ? event.target.dataset['row'] : undefined;
  const radio = event.target instanceof HTMLInputElement && event.target.type === 'radio';
  if (row === undefined && !radio && isControl(event.target)) return false;
  if (row !== undefined && row !== keys.current) keys.open(row);
  else keys.place();
  return true;
}

function arrow(event: KeyboardEvent, keys: DeskKeys, by: 1 | -1): boolean {
  if (isControl(event.target)) return false;
  keys.move(by);
  return true;
}

function decide(event: KeyboardEvent, keys: DeskKeys): boolean {
  switch (event.key) {
    case 'Enter': return enter(event, keys);
    case 's': keys.split(); return true;
    case 'c': keys.customer(); return true;
    case 'w': keys.settle(); return true;
    case 'r': keys.refuse(); return true;
    case 'x': keys.dismiss(); return true;
    case 'u': keys.undo(); return true;
    case '/': keys.search(); return true;
    case '?': keys.help(); return true;
    default: return false;
  }
}

function act(event: KeyboardEvent, keys: DeskKeys): boolean {
  switch (event.key) {
    case 'j': keys.move(1); return true;
    case 'k': keys.move(-1); return true;
    case 'ArrowDown': return arrow(event, keys, 1);
    case 'ArrowUp': return arrow(event, keys, -1);
    case '1': case '2': case '3': case '4': case '5': keys.choose(Number(event.key) - 1); return true;
    // A key held down moves on and on; it never decides on and on.
    default: return event.repeat ? event.key === 'Enter' : decide(event, keys);
  }
}

/** Listens to the keys of the desk, except in text fields and while a dialog is open. */
export function useDeskKeys(keys: DeskKeys, paused: boolean): void {
  useKeys((event) => act(event, keys), paused);
}
