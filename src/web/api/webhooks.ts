import { useQuery } from '@tanstack/react-query';
import type { WebhooksPage } from '#core/api/webhooks.ts';
import { get } from './client.ts';

/** How long a list that somebody looks at stays as it is: calls go on meanwhile, and nobody here makes them. */
const LOOK_MS = 5_000;

export const useWebhooks = () => useQuery({ queryKey: ['webhooks'], queryFn: () => get<WebhooksPage>('/api/webhooks'), staleTime: 0, refetchInterval: LOOK_MS });
