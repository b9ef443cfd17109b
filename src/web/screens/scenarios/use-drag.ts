import { useRef, useState } from 'react';
import type { PointerEvent } from 'react';

/** A pointer that moved less than this meant a click. */
const MEANT_PX = 6;

/** A thing under a pointer: which, and how far from where it was taken. */
export type Drag = { readonly key: string; readonly by: number };

/** Drags things sideways with a mouse or a pen. A finger scrolls instead: it has the form and the menu. */
export function useDrag(dropped: (drag: Drag) => void) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const justDropped = useRef(false);
  const grab = (key: string) => (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const { clientX: from, currentTarget: held } = event;
    let now: Drag | null = null;
    const move = (moved: globalThis.PointerEvent): void => {
      const by = moved.clientX - from;
      if (now === null && Math.abs(by) < MEANT_PX) return;
      now = { key, by };
      setDrag(now);
    };
    const end = (ended: globalThis.PointerEvent | KeyboardEvent): void => {
      if (ended instanceof KeyboardEvent && ended.key !== 'Escape') return;
      globalThis.removeEventListener('pointermove', move);
      globalThis.removeEventListener('pointerup', end);
      globalThis.removeEventListener('pointercancel', end);
      globalThis.removeEventListener('keydown', end, true);
      setDrag(null);
      if (now === null) return;
      justDropped.current = true;
      // The click that ends a drag is none; it comes in the same turn, if at all.
      setTimeout(() => { justDropped.current = false; }, 0);
      held.focus({ preventScroll: true });
      if (ended.type === 'pointerup') dropped(now);
    };
    globalThis.addEventListener('pointermove', move);
    globalThis.addEventListener('pointerup', end);
    globalThis.addEventListener('pointercancel', end);
    globalThis.addEventListener('keydown', end, true);
  };
  return { drag, grab, wasDrag: (): boolean => justDropped.current };
}
