import { useState } from 'react';
import type { PointerEvent } from 'react';

/** The place of the row under a point; null outside the list. */
function placeAt(x: number, y: number): number | null {
  const row = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-place]');
  const place = row?.dataset['place'];
  return place === undefined ? null : Number(place);
}

/** Drags rows of a list by their handles to the place of another row, with any pointer. Escape lets go. */
export function useRowDrag(dropped: (key: number, place: number) => void) {
  const [over, setOver] = useState<number | null>(null);
  const grab = (key: number) => (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    let place: number | null = null;
    const move = (moved: globalThis.PointerEvent): void => {
      place = placeAt(moved.clientX, moved.clientY);
      setOver(place);
    };
    const end = (ended: Event): void => {
      if (ended instanceof KeyboardEvent && ended.key !== 'Escape') return;
      globalThis.removeEventListener('pointermove', move);
      for (const name of ['pointerup', 'pointercancel', 'keydown']) globalThis.removeEventListener(name, end);
      setOver(null);
      if (ended.type === 'pointerup' && place !== null) dropped(key, place);
    };
    globalThis.addEventListener('pointermove', move);
    for (const name of ['pointerup', 'pointercancel', 'keydown']) globalThis.addEventListener(name, end);
  };
  return { over, grab };
}
