/** What the seeds have lived through: a proof about something that never happened proves nothing. */
export class Meters {
  readonly counts = new Map<string, number>();

  note(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  add(other: Iterable<readonly [string, number]>): void {
    for (const [name, by] of other) this.note(name, by);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }
}

/** Meters that must not stand at zero after a run of many seeds. */
export const VITAL = [
  'claimed', 'taken by the mail server', 'letters printed', 'second try of the same bytes', 'parked', 'parked, settled by a person', 'released',
  'parked, too early to say', 'two calls of one worker', 'taken for dead with a message under way', 'killed', 'killed with a message under way', 'stopped', 'claim too old at the hand-off', 'claim too old before the last byte', 'transaction failed', 'commit lost', 'two workers at once',
  'changed while workers worked', 'waits at the claim: quietHours', 'waits at the claim: closedDay', 'waits at the claim: capReached', 'waits at the claim: globalStop', 'waits at the claim: ledgerStale',
  'cancelled at the claim: paid', 'cancelled at the claim: disputed', 'cancelled at the claim: paused', 'cancelled at the claim: promised', 'cancelled at the claim: planned',
  'cancelled at the claim: insolvent', 'cancelled at the claim: amountChanged', 'cancelled at the claim: contactChanged', 'cancelled at the claim: creditCovers',
  'waits at the claim: oneContactADay', 'waits at the claim: dayToCome', 'cancelled at the claim: channelRefused', 'run again the same day', 'changes of clocks', 'outages', 'clock moved', 'mailbox dead',
  'restored: inPlace', 'restored: otherDatabase', 'restored: journalLost', 'restored: beside, journal same', 'restored: beside, journal copied', 'restored: beside, journal none', 'frozen: journalAhead', 'frozen: restored',
  'frozen: journalMissing', 'frozen: journalCopied', 'turns of a frozen installation', 'reconciled: applied', 'reconciled: adopted', 'journal found again', 'took over', 'took over from an original that nobody stopped',
  'placed by a reconciliation: sent', 'placed by a reconciliation: parked', 'placed by a reconciliation: waiting', 'placed by a reconciliation: refused',
] as const;
