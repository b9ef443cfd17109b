import { useQuery } from '@tanstack/react-query';
import type { HoldOutPage } from '#core/api/hold-out.ts';
import type { ReplayPage } from '#core/api/replay.ts';
import { get } from './client.ts';

export const useReplay = (code: string) => useQuery({ queryKey: ['replay', code], queryFn: () => get<ReplayPage>(`/api/scenarios/${code}/replay`) });
export const useHoldOut = (code: string) => useQuery({ queryKey: ['holdOut', code], queryFn: () => get<HoldOutPage>(`/api/scenarios/${code}/hold-out`) });
