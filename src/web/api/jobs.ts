import { useCallback, useEffect, useRef, useState } from 'react';
import type { JobView } from '#core/api/jobs.ts';
import { ApiFault, get } from './client.ts';

/** Between two looks at a job. */
const POLL_MS = 400;

/** A job being followed: nothing yet, running with its progress, or ended with what it gave. */
export type Following<Result> = { readonly job: JobView<Result> | null; readonly fault: ApiFault | null; readonly running: boolean };

const IDLE = { job: null, fault: null, running: false } as const;

/** Starts a job and follows it until it ends; `ended` is called once with its result. */
export function useJob<Result>(pathOf: (id: string) => string, ended?: (result: Result) => void) {
  const [following, setFollowing] = useState<Following<Result>>(IDLE);
  const alive = useRef(true);
  const onEnd = useRef(ended);
  useEffect(() => {
    onEnd.current = ended;
  }, [ended]);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);
  const start = useCallback(async (begin: () => Promise<{ job: string }>) => {
    setFollowing({ job: null, fault: null, running: true });
    try {
      const { job: id } = await begin();
      for (;;) {
        const job = await get<JobView<Result>>(pathOf(id));
        if (!alive.current) return;
        setFollowing({ job, fault: job.fault === null ? null : new ApiFault(500, job.fault), running: job.status === 'running' });
        if (job.status === 'done' && job.result !== null) onEnd.current?.(job.result);
        if (job.status !== 'running') return;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      if (alive.current) setFollowing({ job: null, fault: error, running: false });
    }
  }, [pathOf]);
  const reset = useCallback(() => setFollowing(IDLE), []);
  return { ...following, start, reset };
}
