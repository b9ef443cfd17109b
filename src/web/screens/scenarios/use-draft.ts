import { useCallback, useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { Fault, ProblemView } from '#core/api/faults.ts';
import type { DraftKept, ScenarioDefinition } from '#core/api/scenarios.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { ApiFault, change } from '../../api/client.ts';
import type { OpenedScenario } from '../../api/scenarios.ts';
import { changed, undone } from './edits.ts';
import type { History } from './edits.ts';

/** What is typed is kept when the typing pauses. */
const PAUSE_MS = 600;
/** A server that did not answer is asked again after this. */
const AGAIN_MS = 5000;

/** How the draft stands: kept, about to be, not kept (and why), or written by somebody else meanwhile. */
export type Keeping = { readonly state: 'kept' | 'waiting' | 'saving' } | { readonly state: 'failed' | 'conflict'; readonly fault: Fault };

/** A scenario being written. */
export type DraftDesk = {
  readonly definition: ScenarioDefinition;
  readonly problems: readonly ProblemView[];
  /** What the draft would change of the version in force, in words; empty when it changes nothing or was never published. */
  readonly changes: readonly Bilingual[];
  readonly keeping: Keeping;
  /** Something was written that is not in force. */
  readonly hasDraft: boolean;
  readonly mayEdit: boolean;
  /** Changes the draft; changes with one tag in a row are taken back together. */
  readonly edit: (by: (now: ScenarioDefinition) => ScenarioDefinition, tag?: string) => void;
  readonly undo: (() => void) | null;
  /** Keeps what is not kept yet; false when it could not be. */
  readonly flush: () => Promise<boolean>;
  /** Writes this draft over somebody else's. */
  readonly keepMine: () => Promise<void>;
};

type Kept = { readonly definition: ScenarioDefinition; readonly problems: readonly ProblemView[]; readonly changes: readonly Bilingual[]; readonly exists: boolean };

/** What the editor starts from: the draft, else the version in force. */
function startOf({ inForce, draft }: OpenedScenario): Kept {
  if (draft !== null) return { definition: draft.definition, problems: draft.problems, changes: draft.changes, exists: true };
  if (inForce === null) throw new Error('a scenario with neither version nor draft');
  return { definition: inForce.definition, problems: [], changes: [], exists: false };
}

type Keeper = { readonly kept: Kept; readonly keeping: Keeping; readonly want: (definition: ScenarioDefinition) => void; readonly flush: () => Promise<boolean>; readonly overwrite: () => Promise<void> };

/** Sends what is wanted, one save at a time, each saying which draft it saw, so that of two writers none is lost unseen. */
function useKeeper(code: string, start: Kept, stamp: string): Keeper {
  const [kept, setKept] = useState<Kept>(start);
  const [keeping, setKeeping] = useState<Keeping>({ state: 'kept' });
  const wanted = useRef(start.definition);
  const saved = useRef(start.definition);
  const seen = useRef<string | null>(stamp);
  const running = useRef<Promise<boolean> | null>(null);
  const save = useCallback(async (): Promise<boolean> => {
    while (wanted.current !== saved.current) {
      const sent = wanted.current;
      setKeeping({ state: 'saving' });
      try {
        const answer = await change<DraftKept>('PUT', `/api/scenarios/${code}/draft${seen.current === null ? '' : `?seen=${seen.current}`}`, sent);
        seen.current = answer.stamp;
        saved.current = sent;
        setKept({ definition: sent, problems: answer.problems, changes: answer.changes, exists: true });
      } catch (error) {
        if (!(error instanceof ApiFault)) throw error;
        setKeeping({ state: error.fault.code === 'scenario.draftChanged' ? 'conflict' : 'failed', fault: error.fault });
        return false;
      }
    }
    setKeeping({ state: 'kept' });
    return true;
  }, [code]);
  const flush = useCallback((): Promise<boolean> => {
    running.current ??= save().finally(() => { running.current = null; });
    return running.current;
  }, [save]);
  const want = useCallback((definition: ScenarioDefinition): void => {
    wanted.current = definition;
    if (definition !== saved.current) setKeeping((now) => (now.state === 'kept' || now.state === 'failed' ? { state: 'waiting' } : now));
  }, []);
  const overwrite = useCallback(async (): Promise<void> => {
    seen.current = null;
    await flush();
  }, [flush]);
  return { kept, keeping, want, flush, overwrite };
}

/** Holds the page while something is not kept, and asks a server that did not answer again. Gives how it stands to whoever leaves. */
function useGuard(keeping: Keeping, flush: () => Promise<boolean>): RefObject<Keeping['state']> {
  const state = useRef(keeping.state);
  useEffect(() => {
    state.current = keeping.state;
    if (keeping.state === 'kept') return;
    const hold = (event: BeforeUnloadEvent): void => event.preventDefault();
    globalThis.addEventListener('beforeunload', hold);
    const again = keeping.state === 'failed' && keeping.fault.code === 'network.unreachable' ? setTimeout(() => void flush(), AGAIN_MS) : null;
    return () => {
      globalThis.removeEventListener('beforeunload', hold);
      if (again !== null) clearTimeout(again);
    };
  }, [keeping, flush]);
  return state;
}

/** A draft that keeps itself while it is written. */
export function useDraft(code: string, opened: OpenedScenario, mayEdit: boolean): DraftDesk {
  const [start] = useState(() => startOf(opened));
  const [history, setHistory] = useState<History>({ past: [], now: start.definition, tag: null });
  const { kept, keeping, want, flush, overwrite } = useKeeper(code, start, opened.draft?.stamp ?? 'none');
  const state = useGuard(keeping, flush);
  useEffect(() => {
    want(history.now);
    const timer = setTimeout(() => { if (state.current !== 'conflict') void flush(); }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [history.now, want, flush, state]);
  // Leaving the page keeps what was written in the last moment.
  useEffect(() => () => { if (state.current !== 'conflict') void flush(); }, [flush, state]);
  return {
    definition: history.now, problems: kept.problems, changes: kept.changes, keeping, mayEdit, hasDraft: kept.exists || history.now !== start.definition,
    edit: (by, tag) => { if (mayEdit) setHistory((now) => changed(now, by(now.now), tag ?? null)); },
    undo: mayEdit && history.past.length > 0 ? () => setHistory(undone) : null,
    flush, keepMine: overwrite,
  };
}
