import { QueryClient, keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ActionPage, ActionPreview, ActionStateView } from '#core/api/actions.ts';
import type { CompanyView, DunningPage } from '#core/api/configuration.ts';
import type { CustomerDetail, CustomerFilter, CustomerPage, CustomerSort, DecisionHistory, WhyThenView } from '#core/api/customers.ts';
import type { ProblemView } from '#core/api/faults.ts';
import type { ImportView } from '#core/api/imports.ts';
import type { Overview } from '#core/api/overview.ts';
import type { ReviewView } from '#core/api/reviews.ts';
import type { SessionView } from '#core/api/session.ts';
import { ApiFault, get } from './client.ts';

/** Answers stay fresh this long; every change of ours refetches what it touched. */
const FRESH_MS = 15_000;

/** The one cache of answers. A refusal is final, an unreachable server is tried again. */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: FRESH_MS, retry: (count, error) => count < 2 && error instanceof ApiFault && error.status === 0 } },
});

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<SessionView | null> => {
    try {
      return await get<SessionView>('/api/session');
    } catch (error) {
      if (error instanceof ApiFault && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** The session of a screen that only shows to somebody signed in. */
export function useSession(): SessionView {
  const { data } = useQuery(sessionQuery);
  if (data === undefined || data === null) throw new Error('a screen without session');
  return data;
}

export const useOverview = () => useQuery({ queryKey: ['overview'], queryFn: () => get<Overview>('/api/overview') });

/** How the customers list is asked for. */
export type CustomersAsked = { readonly search: string; readonly sort: CustomerSort; readonly filter: CustomerFilter };

export const useCustomers = (asked: CustomersAsked) => useInfiniteQuery({
  queryKey: ['customers', asked],
  queryFn: ({ pageParam }) => {
    const query = new URLSearchParams({ ...asked, ...(pageParam === null ? {} : { after: pageParam }) });
    return get<CustomerPage>(`/api/customers?${query.toString()}`);
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  placeholderData: keepPreviousData,
});

export const useCustomer = (id: string) => useQuery({ queryKey: ['customer', id], queryFn: () => get<CustomerDetail>(`/api/customers/${id}`) });

export const useDecisions = (itemId: string | null) => useQuery({
  queryKey: ['decisions', itemId], queryFn: () => get<DecisionHistory>(`/api/items/${itemId ?? ''}/decisions`), enabled: itemId !== null,
});

/** Why an item was chased or not on a past day; an empty day asks nothing. */
export const useWhyThen = (itemId: string, day: string) => useQuery({
  queryKey: ['decisions', itemId, 'on', day], queryFn: () => get<WhyThenView>(`/api/items/${itemId}/why?day=${day}`), enabled: day !== '', placeholderData: keepPreviousData,
});

export const useActions = (state: ActionStateView) => useQuery({
  queryKey: ['actions', state], queryFn: () => get<ActionPage>(`/api/actions?state=${state}`), placeholderData: keepPreviousData,
});

export const usePreview = (id: string | null) => useQuery({
  queryKey: ['preview', id], queryFn: () => get<ActionPreview>(`/api/actions/${id ?? ''}/preview`), enabled: id !== null, staleTime: 5000,
});

/** Imports shown first, and by how many more a person asks. */
export const IMPORTS_PAGE = 20;

export const useImports = (limit = IMPORTS_PAGE) => useQuery({
  queryKey: ['imports', limit], queryFn: () => get<readonly ImportView[]>(`/api/imports?limit=${limit}`), placeholderData: keepPreviousData,
});

export const useReviews = () => useQuery({ queryKey: ['reviews'], queryFn: () => get<readonly ReviewView[]>('/api/reviews') });
export const useReviewCount = () => useQuery({ queryKey: ['reviews', 'count'], queryFn: () => get<{ readonly waiting: number }>('/api/reviews/count') });

export const useImportProblems = (id: string | null) => useQuery({
  queryKey: ['imports', id, 'problems'], queryFn: () => get<readonly ProblemView[]>(`/api/imports/${id ?? ''}/problems`), enabled: id !== null,
});

export const useCompany = () => useQuery({ queryKey: ['company'], queryFn: () => get<CompanyView>('/api/company') });
export const useDunning = () => useQuery({ queryKey: ['dunning'], queryFn: () => get<DunningPage>('/api/dunning') });

/** Everything that rests on the ledger, holds, contacts or actions is asked again; sessions and settings are not. */
export async function refreshWork(): Promise<void> {
  const touched = new Set(['overview', 'customers', 'customer', 'actions', 'preview', 'imports', 'reviews', 'decisions', 'matching', 'holds', 'sending', 'bounces', 'refusals', 'journal', 'webhooks']);
  await queryClient.invalidateQueries({ predicate: (query) => touched.has(String(query.queryKey[0])) });
}
