import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { InfiniteData } from '@tanstack/react-query';
import type { DismissedView, LinePage, MatchingSettings, MatchingSummary, OpenAccount, OpenLineView, PlacedView } from '#core/api/matching.ts';
import { get } from './client.ts';
import { queryClient, refreshWork } from './queries.ts';

/** Lines asked for at once: a screen and a half, so that the next ones are there before they are needed. */
const LINES_PAGE = 20;

/** Placed and dismissed lines asked for at once: they are read, not worked through. */
const HISTORY_PAGE = 50;

/** After a placing the lists are asked again when the hand rests this long: somebody who places one line a second does not have them computed each time. */
const REFILL_MS = 500;

/** Words that filter a list on the server. */
const queryOf = (asked: Readonly<Record<string, string | null>>): string =>
  new URLSearchParams(Object.entries(asked).flatMap(([key, value]): [string, string][] => (value === null || value === '' ? [] : [[key, value]]))).toString();

let moments = 0;

/** Moments of this page in their order: each call is later than the ones before. */
export function nextMoment(): number {
  moments += 1;
  return moments;
}

/** Lines with the moment they were asked for: what was placed after it is gone, whatever they say. */
export type AskedLines = { readonly asked: number; readonly lines: readonly OpenLineView[]; readonly next: string | null };

export const useMatchingSummary = () => useQuery({ queryKey: ['matching', 'summary'], queryFn: () => get<MatchingSummary>('/api/matching') });

export const useOpenLines = (search: string) => useInfiniteQuery({
  queryKey: ['matching', 'open', search],
  queryFn: async ({ pageParam }): Promise<AskedLines> => {
    const asked = nextMoment();
    return { asked, ...(await get<LinePage<OpenLineView>>(`/api/matching/open?${queryOf({ after: pageParam, limit: String(LINES_PAGE), search })}`)) };
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  placeholderData: keepPreviousData,
});

/** One line by its key, for a link that leads to it and for one that came back; a fault with status 404 when it is not to be placed any more. */
export const useOpenLine = (key: string | null) => useQuery({
  queryKey: ['matching', 'line', key], enabled: key !== null,
  queryFn: async (): Promise<AskedLines> => {
    const asked = nextMoment();
    return { asked, lines: [await get<OpenLineView>(`/api/matching/open/${encodeURIComponent(key ?? '')}`)], next: null };
  },
});

export const usePlacedLines = (search: string) => useInfiniteQuery({
  queryKey: ['matching', 'placed', search],
  queryFn: ({ pageParam }) => get<LinePage<PlacedView>>(`/api/matching/placed?${queryOf({ after: pageParam, limit: String(HISTORY_PAGE), search })}`),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  placeholderData: keepPreviousData,
});

export const useDismissedLines = () => useInfiniteQuery({
  queryKey: ['matching', 'dismissed'],
  queryFn: ({ pageParam }) => get<LinePage<DismissedView>>(`/api/matching/dismissed?${queryOf({ after: pageParam, limit: String(HISTORY_PAGE) })}`),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

export const useOpenAccount = (customer: string, currency: string) => useQuery({
  queryKey: ['matching', 'account', customer, currency], queryFn: () => get<OpenAccount>(`/api/matching/accounts/${customer}?${queryOf({ currency })}`),
});

export const useMatchingSettings = () => useQuery({ queryKey: ['matchingSettings'], queryFn: () => get<MatchingSettings>('/api/matching/settings') });

/** The job that places what is certain, as it stands. */
export const automaticPath = (id: string): string => `/api/matching/automatic/${id}`;

let resting: ReturnType<typeof setTimeout> | undefined;

/** Asks everything again once the hand rests; it outlives the screen, so that the next one is right too. */
export function refillSoon(): void {
  clearTimeout(resting);
  resting = setTimeout(() => void refreshWork(), REFILL_MS);
}

/** Puts a newer view of a line in the place of the one shown; an answer still under way is dropped, it would be older. */
export async function replaceLine(fresh: OpenLineView): Promise<void> {
  const replaced = (page: AskedLines): AskedLines => ({ ...page, lines: page.lines.map((line) => (line.key === fresh.key ? fresh : line)) });
  await queryClient.cancelQueries({ queryKey: ['matching', 'open'] });
  queryClient.setQueriesData<InfiniteData<AskedLines>>({ queryKey: ['matching', 'open'] }, (data) => (data === undefined ? data : { ...data, pages: data.pages.map(replaced) }));
  queryClient.setQueryData<AskedLines>(['matching', 'line', fresh.key], (data) => (data === undefined ? data : replaced(data)));
}
