import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { CurrentDrop, DropFileView, DropView } from '#core/api/drops.ts';
import { ApiFault, get } from '../../api/client.ts';
import { queryClient, refreshWork, sessionQuery } from '../../api/queries.ts';

/** Between two looks at a drop that is worked on. */
const POLL_MS = 500;

/** A page follows a drop by asking for what changed since what it has. */
async function follow(): Promise<CurrentDrop> {
  const before = queryClient.getQueryData<CurrentDrop>(['drop'])?.drop ?? null;
  try {
    const { drop } = await get<CurrentDrop>(`/api/drops/current?since=${before?.version ?? 0}`);
    if (drop === null || before === null) return { drop };
    return { drop: drop.id === before.id ? merged(before, drop) : (await get<CurrentDrop>('/api/drops/current')).drop };
  } catch (error) {
    if (error instanceof ApiFault && error.status === 401) void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    throw error;
  }
}

function merged(before: DropView, changed: DropView): DropView {
  const fresh = new Map(changed.files.map((file) => [file.id, file]));
  const kept = before.files.map((file) => fresh.get(file.id) ?? file);
  const known = new Set(before.files.map(({ id }) => id));
  return { ...changed, files: [...kept, ...changed.files.filter(({ id }) => !known.has(id))] };
}

/** The drop on the go or just finished, followed until it ends; when it does, everything that rests on the books is asked again. */
export function useDrop() {
  const { data, error } = useQuery({
    queryKey: ['drop'], queryFn: follow, staleTime: 0, refetchInterval: (query) => (query.state.data?.drop?.state === 'working' ? POLL_MS : false),
  });
  const drop = data?.drop ?? null;
  // A short file may have ended before the page first looks: what counts is that something ended, not that it was seen at work.
  const ended = drop?.state === 'ended' ? `${drop.id}/${drop.version}` : null;
  useEffect(() => {
    if (ended === null) return;
    void refreshWork();
    void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }, [ended]);
  return { drop, known: data !== undefined, error };
}

/** Asks now instead of at the next look. */
export const lookNow = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['drop'] });

/** Files that are read themselves: an archive only brings others. */
export const readOnes = (files: readonly DropFileView[]): DropFileView[] => {
  const archives = new Set(files.flatMap(({ parent }) => (parent === null ? [] : [parent])));
  return files.filter(({ id }) => !archives.has(id));
};
