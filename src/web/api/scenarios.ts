import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type {
  AssignmentView, CustomerScenarioView, CustomerSegmentView, DraftView, DryRunView, ImpactView, NextDaysView, ProposedCustomer, RuleView, RulesCheck, ScenarioDefinition, ScenarioLine, ScenarioPreview,
  ScenarioWhole, SegmentsView, VersionView,
} from '#core/api/scenarios.ts';
import type { HoldOutPage } from '#core/api/hold-out.ts';
import type { ReplayPage } from '#core/api/replay.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { change, get } from './client.ts';
import { queryClient } from './queries.ts';

export const useScenarios = () => useQuery({ queryKey: ['scenarios', 'list'], queryFn: () => get<readonly ScenarioLine[]>('/api/scenarios') });

/** A scenario opened for editing: its line in the list, the version in force, and the draft if there is one. Null when nobody knows the code. */
export type OpenedScenario = { readonly line: ScenarioLine; readonly inForce: ScenarioWhole | null; readonly draft: DraftView | null };

async function openScenario(code: string): Promise<OpenedScenario | null> {
  const line = (await get<readonly ScenarioLine[]>('/api/scenarios')).find((one) => one.code === code);
  if (line === undefined) return null;
  const path = `/api/scenarios/${code}`;
  const [inForce, draft] = await Promise.all([
    line.version === 0 ? null : get<ScenarioWhole>(`${path}/versions/${line.version}`), line.hasDraft ? get<DraftView>(`${path}/draft`) : null,
  ]);
  return { line, inForce, draft };
}

/** Read once when the editor opens: what somebody is writing is never replaced under their hands. */
export const useOpenedScenario = (code: string) => useQuery({ queryKey: ['scenario-editor', code], queryFn: () => openScenario(code), staleTime: Number.POSITIVE_INFINITY, gcTime: 0, refetchOnWindowFocus: false });

/** Reads the scenario of the editor anew, after it was published or when somebody else's draft is taken. */
export async function reopenScenario(code: string): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ['scenario-editor', code] });
  await refreshScenarios();
}

export const useVersions = (code: string, enabled: boolean) => useQuery({ queryKey: ['scenarios', code, 'versions'], queryFn: () => get<readonly VersionView[]>(`/api/scenarios/${code}/versions`), enabled });
export const useVersion = (code: string, version: number | null) => useQuery({
  queryKey: ['scenarios', code, 'version', version], queryFn: () => get<ScenarioWhole>(`/api/scenarios/${code}/versions/${version ?? 0}`), enabled: version !== null, staleTime: Number.POSITIVE_INFINITY,
});
export const useDiff = (code: string, of: { from: number; to: number } | null) => useQuery({
  queryKey: ['scenarios', code, 'diff', of], queryFn: () => get<readonly Bilingual[]>(`/api/scenarios/${code}/diff?from=${of?.from ?? 0}&to=${of?.to ?? 0}`), enabled: of !== null,
});
export const useImpact = (code: string, enabled: boolean) => useQuery({ queryKey: ['scenarios', code, 'impact'], queryFn: () => get<ImpactView>(`/api/scenarios/${code}/impact`), enabled, staleTime: 0, gcTime: 0 });

export const useProposedCustomers = () => useQuery({ queryKey: ['scenarios', 'proposed'], queryFn: () => get<readonly ProposedCustomer[]>('/api/scenarios/preview-customers') });
export const useScenarioPreview = (code: string, of: { customer: string | null; definition: ScenarioDefinition }) => useQuery({
  queryKey: ['scenarios', code, 'preview', of], queryFn: () => change<ScenarioPreview>('POST', `/api/scenarios/${code}/preview`, of), enabled: of.customer !== null, placeholderData: keepPreviousData,
});

export const useAssignment = () => useQuery({ queryKey: ['scenarios', 'assignment'], queryFn: () => get<AssignmentView>('/api/assignment') });
export const useRulesCheck = (rules: readonly RuleView[]) => useQuery({
  queryKey: ['scenarios', 'rules-check', rules], queryFn: () => change<RulesCheck>('POST', '/api/assignment/check', { rules }), placeholderData: keepPreviousData,
});

export const useSegments = () => useQuery({ queryKey: ['scenarios', 'segments'], queryFn: () => get<SegmentsView>('/api/segments') });
export const useDryRun = (day: string | null) => useQuery({ queryKey: ['scenarios', 'dry-run', day], queryFn: () => get<DryRunView>(`/api/scenarios/dry-run?day=${day ?? ''}`), enabled: day !== null, staleTime: 0, gcTime: 0 });

export const useNextDays = (customer: string) => useQuery({ queryKey: ['customer', customer, 'next-days'], queryFn: () => get<NextDaysView>(`/api/customers/${customer}/next-days`) });
export const useCustomerScenario = (customer: string) => useQuery({ queryKey: ['customer', customer, 'scenario'], queryFn: () => get<CustomerScenarioView>(`/api/customers/${customer}/scenario`) });
export const useCustomerSegment = (customer: string) => useQuery({ queryKey: ['customer', customer, 'segment'], queryFn: () => get<CustomerSegmentView>(`/api/customers/${customer}/segment`) });

export const useReplay = (code: string) => useQuery({ queryKey: ['replay', code], queryFn: () => get<ReplayPage>(`/api/scenarios/${code}/replay`) });
export const useHoldOut = (code: string) => useQuery({ queryKey: ['holdOut', code], queryFn: () => get<HoldOutPage>(`/api/scenarios/${code}/hold-out`) });

/** What rests on scenarios, rules or segments is asked again. */
export async function refreshScenarios(): Promise<void> {
  const touched = new Set(['scenarios', 'dunning', 'customer']);
  await queryClient.invalidateQueries({ predicate: (query) => touched.has(String(query.queryKey[0])) });
}
