/** A bug planted in the send path of the workers' processes, and the part of the harness that must find it. */
export type KillBug = {
  readonly what: string; readonly part: 'kills' | 'stops' | 'lying'; readonly file: string; readonly from: string; readonly to: string;
  /** Found after about a minute only, as leases must run out first: not in the short form. */
  readonly slow?: true;
};

const DESK = 'server/channels/desk.ts';
const RESCUE = 'server/channels/rescue.ts';

/** Bugs that somebody could make one day, each as a piece of text in the place of another. */
export const KILL_BUGS: readonly KillBug[] = [
  {
    what: 'the start of a hand-off is noted with its end', part: 'kills', file: DESK,
    from: 'const open = await this.#parts.note({ starting: starting.map(({ attempt }) => attempt), ended: ended.map(({ of, outcome }) => ({ ...of.attempt, outcome })) });',
    to: `if (ended.length > 0) {
        await this.#parts.note({ starting: ended.map(({ of }) => of.attempt), ended: [] });
        await this.#parts.note({ starting: [], ended: ended.map(({ of, outcome }) => ({ ...of.attempt, outcome })) });
      }
      const open = new Set<string>(starting.map(({ attempt }) => attempt.action));`,
  },
  {
    what: 'started hand-offs of a lost worker are released', part: 'kills', slow: true, file: RESCUE,
    from: 'for (const one of parked) await ledger.park(by, one);', to: 'if (parked.length > 0) await ledger.release(by, parked);',
  },
  {
    what: 'the start is noted beside the hand-off, not before it', part: 'kills', file: DESK, from: 'const open = await this.#parts.note({',
    to: 'const beside = (note: Note): Set<string> => {\n        this.#parts.note(note).catch(() => undefined);\n        return new Set(note.starting.map(({ action }) => action));\n      };\n      const open = beside({',
  },
  {
    what: 'the claims of a lost worker are left where they are', part: 'kills', slow: true, file: RESCUE,
    from: 'return claims.filter((one) => one.expired || alive.get(one.worker) === false);', to: 'return claims.filter((one) => one.expired && alive.get(one.worker) === false);',
  },
  {
    what: 'the fence is not checked when settling', part: 'stops', file: 'server/channels/settle.ts',
    from: "and a.action_id = n.action_id and a.fence = n.fence and a.state = 'claimed'", to: 'and a.action_id = n.action_id',
  },
  {
    what: 'an attempt that somebody else ended is begun all the same', part: 'stops', file: DESK,
    from: 'if (open.has(one.attempt.action)) void this.#carry(one);\n        else {', to: 'void this.#carry(one);\n        if (open.size < 0) {',
  },
  {
    what: 'the mail channel tries again by itself', part: 'lying', file: 'server/channels/smtp.ts',
    from: '// After anything but a clear acceptance', to: "if (outcome !== 'ended' && outcome.kind === 'unknown') {\n        session.drop();\n        session = await openSession(this.#settings);\n        if ('kind' in session) return session;\n        outcome = await session.send(mail, stillOurs);\n        if (outcome === 'ended') throw new Error('ended');\n      }\n      // After anything but a clear acceptance",
  },
  {
    what: 'a time-out counts as a refusal', part: 'lying', file: 'server/channels/smtp-outcome.ts',
    from: "return { kind: 'unknown', detail: response };\n    default:", to: "return { kind: 'refused', permanent: false, stage: 'message', response };\n    default:",
  },
];
