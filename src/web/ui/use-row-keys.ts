import { focusRow, useKeys } from './keys.ts';

/** "j" and "k" move the focus through the rows of a list (those marked by `data-row`); Enter opens the one it is on, as the button it is. */
export function useRowKeys(ids: readonly string[], paused: boolean): void {
  useKeys(({ key }) => {
    if (key !== 'j' && key !== 'k') return false;
    const here = document.activeElement instanceof HTMLElement ? ids.indexOf(document.activeElement.dataset['row'] ?? '') : -1;
    const next = ids[here < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, here + (key === 'j' ? 1 : -1)))];
    if (next !== undefined) focusRow(next);
    return true;
  }, paused);
}
