import { useQuery } from '@tanstack/react-query';
import type { BounceView, RefusalView, SendingPage } from '#core/api/sending.ts';
import { get } from './client.ts';

export const useSending = () => useQuery({ queryKey: ['sending'], queryFn: () => get<SendingPage>('/api/sending') });
export const useBounces = () => useQuery({ queryKey: ['bounces'], queryFn: () => get<readonly BounceView[]>('/api/bounces') });
export const useRefusals = () => useQuery({ queryKey: ['refusals'], queryFn: () => get<readonly RefusalView[]>('/api/refusals') });
