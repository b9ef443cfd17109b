import { useQuery } from '@tanstack/react-query';
import type { JournalPage } from '#core/api/journal.ts';
import { get } from './client.ts';

/** Asked anew each time it is looked at: what it tells may have come about without anybody's doing here. */
export const useJournal = () => useQuery({ queryKey: ['journal'], queryFn: () => get<JournalPage>('/api/journal'), staleTime: 0 });
