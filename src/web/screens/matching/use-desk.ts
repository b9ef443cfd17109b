import { useCallback, useEffect, useState } from 'react';
import type { OpenLineView } from '#core/api/matching.ts';
import { ApiFault } from '../../api/client.ts';
import { useOpenLine, useOpenLines } from '../../api/matching.ts';
import { focusRow } from '../../ui/keys.ts';
import { lineAway, neighbourOf, runsShort, shownLines } from './desk.ts';
import { useTakenOff } from './taken-off.ts';

/** Status of a line that is not to be placed any more. */
const GONE = 404;

/** The lines to place, the current one, and the ways between them. A line asked for by its key stands first until it is among the others. `rowsFocused`: the focus follows the current row. */
export function useDesk(search: string, asked: string | null, rowsFocused: boolean) {
  const list = useOpenLines(search);
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, error } = list;
  const taken = useTakenOff();
  const [pinned, setPinned] = useState(asked);
  const [current, setCurrent] = useState(asked);
  const single = useOpenLine(pinned);
  const pages = data?.pages ?? [];
  const listed = shownLines(pages, taken);
  const alone = single.data === undefined || search !== '' ? [] : shownLines([single.data], taken).filter((line) => !listed.some((one) => one.key === line.key));
  const lines = [...alone, ...listed];
  const line: OpenLineView | null = lines.find((one) => one.key === current) ?? null;
  const short = data !== undefined && hasNextPage && !isFetchingNextPage && error === null && runsShort(lines, current);
  useEffect(() => {
    if (short) void fetchNextPage();
  }, [short, fetchNextPage]);
  const go = useCallback((key: string | null) => {
    setCurrent(key);
    // The row is drawn when this is through.
    if (key !== null && rowsFocused) setTimeout(() => focusRow(key));
  }, [rowsFocused]);
  const back = (key: string): void => {
    setPinned(key);
    go(key);
  };
  return {
    list, lines, line, current, back, empty: pages.length > 0 && pages.every((page) => page.lines.length === 0),
    /** The line a link led to is no longer there. */
    gone: single.error instanceof ApiFault && single.error.status === GONE && pinned === asked,
    choose: setCurrent,
    /** Some steps on; none leads to the current line, or to the first. */
    move: (by: number): void => go(lineAway(lines, current, by)?.key ?? null),
    /** Goes on from a line that leaves, without waiting for anybody. */
    leave: (key: string): void => go(neighbourOf(lines, key)),
  };
}
