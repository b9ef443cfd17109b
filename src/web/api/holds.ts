import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { DisputeReasonView, DisputeStatistics, HoldDetail, HoldPage } from '#core/api/holds.ts';
import { get } from './client.ts';

/** How a list of holds is asked for: words of its address, those without a value left out. */
export type HoldsAsked = Readonly<Record<string, string | null>>;

const queryOf = (asked: HoldsAsked): string => new URLSearchParams(Object.entries(asked).flatMap(([key, value]): [string, string][] => (value === null || value === '' ? [] : [[key, value]]))).toString();

export const useHolds = (asked: HoldsAsked) => useInfiniteQuery({
  queryKey: ['holds', asked],
  queryFn: ({ pageParam }) => get<HoldPage>(`/api/holds?${queryOf({ ...asked, before: pageParam })}`),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  placeholderData: keepPreviousData,
});

export const useHold = (id: string | null) => useQuery({ queryKey: ['holds', 'one', id], queryFn: () => get<HoldDetail>(`/api/holds/${id ?? ''}`), enabled: id !== null });

export const useDisputeStatistics = (by: DisputeStatistics['by']) => useQuery({
  queryKey: ['holds', 'statistics', by], queryFn: () => get<DisputeStatistics>(`/api/disputes/statistics?by=${by}`), placeholderData: keepPreviousData,
});

/** The list of reasons changes with the program only. */
export const useDisputeReasons = () => useQuery({ queryKey: ['disputeReasons'], queryFn: () => get<readonly DisputeReasonView[]>('/api/disputes/reasons'), staleTime: Number.POSITIVE_INFINITY });
