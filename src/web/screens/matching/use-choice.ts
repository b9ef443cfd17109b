import { useEffect, useState } from 'react';
import type { OpenLineView, ProposalView } from '#core/api/matching.ts';
import { firstChoice, signatureOf } from './proposals.ts';

/** Proposals that changed under somebody's eyes are not placed before they could be read. */
const READING_MS = 1200;

/** What was shown last, and how many times it replaced something else on the same line; `fresh` is 0 once it could be read. */
type Seen = { readonly key: string | null; readonly text: string; readonly replaced: number; readonly fresh: number };

/** Which proposal of the current line is chosen, by what it does and not by its place; and whether the proposals have just changed. */
export function useChoice(line: OpenLineView | null) {
  const key = line?.key ?? null;
  const signatures = (line?.proposals ?? []).map(signatureOf);
  const text = signatures.join('\n');
  const [chosen, setChosen] = useState<{ readonly key: string; readonly signature: string } | null>(null);
  const [seen, setSeen] = useState<Seen>({ key, text, replaced: 0, fresh: 0 });
  if (seen.key !== key || seen.text !== text) {
    const times = seen.key === key ? seen.replaced + 1 : 0;
    setSeen({ key, text, replaced: times, fresh: times });
  }
  const { fresh, replaced } = seen;
  useEffect(() => {
    if (fresh === 0) return;
    const read = setTimeout(() => setSeen((now) => ({ ...now, fresh: 0 })), READING_MS);
    return () => clearTimeout(read);
  }, [fresh]);
  const kept = chosen !== null && chosen.key === key ? signatures.indexOf(chosen.signature) : -1;
  const index = kept >= 0 ? kept : firstChoice(line?.proposals ?? []);
  const proposal: ProposalView | null = line?.proposals[index] ?? null;
  return {
    index, proposal, recalculated: replaced > 0,
    /** True for a moment after a change: what the hand was about to confirm is not what stands there now. */
    justChanged: fresh > 0,
    choose: (at: number): void => {
      const signature = signatures[at];
      if (key !== null && signature !== undefined) setChosen({ key, signature });
    },
  };
}
