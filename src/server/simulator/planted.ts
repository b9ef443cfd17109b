/** A bug that somebody could make one day, as a piece of text put in the place of another, and the promise whose check must find it. */
export type PlantedBug = {
  readonly promise: string; readonly what: string; readonly file: string; readonly from: string; readonly to: string; readonly also?: Omit<PlantedBug, 'promise' | 'what' | 'also'>;
};

const RECHECK = 'server/channels/recheck.ts';
const CLAIM = 'server/channels/claim-batch.ts';
const SEND = 'server/channels/send.ts';
const DESK = 'server/channels/desk.ts';
const SETTLE = 'server/channels/settle.ts';
const RESCUE = 'server/channels/rescue.ts';
const OUTCOME = 'server/channels/smtp-outcome.ts';
const STANDING = 'core/dunning/standing.ts';
const HOLDS = 'core/dunning/holds-in-force.ts';
const THEN = 'core/dunning/account-then.ts';
const PLACE = 'core/dunning/place-sends.ts';
const MISSING = 'core/channels/sort-missing.ts';
const STALE = 'server/dunning/stale-proposals.ts';

/** Nothing is asked again at the hand-off: whatever was approved leaves. */
const NOT_ASKED_AGAIN = { file: RECHECK, from: 'const wanted = stillWanted(ground, action);', to: "const wanted: Verdict = { go: 'now' };" };

/** Bugs in what decides whether a message leaves, each to be found by playing seeds. */
export const PLANTED: readonly PlantedBug[] = [
  { promise: 'A1', what: 'nothing is asked again at the hand-off', ...NOT_ASKED_AGAIN },
  { promise: 'A1', what: 'what is paid stays open', file: THEN, from: 'item.amount - settledBy(item.allocations, moment);\n    if (open', to: 'item.amount;\n    if (open' },
  { promise: 'A1', what: 'an item that is gone is no reason to stop', file: RECHECK, from: "    if (now === undefined) return { go: 'cancel', reason: account.items.some((item) => item.itemId === itemId) ? 'held' : 'paid' };", to: '    if (now === undefined) continue;' },
  { promise: 'A2', what: 'nothing is asked again at the hand-off', ...NOT_ASKED_AGAIN },
  { promise: 'A2', what: 'a dispute of all of it is taken for a part', file: HOLDS, from: 'if (found.disputedPart >= item.open) found.dispute = hold;', to: 'if (found.disputedPart > item.open) found.dispute = hold;' },
  { promise: 'A2', what: 'disputes are left out', file: STANDING, from: 'if (holds.dispute !== null) {', to: 'if (holds.dispute !== null && holds.dispute.itemId === null) {' },
  { promise: 'A3', what: 'a pause is not looked at', file: STANDING, from: 'if (holds.pause !== null) {', to: 'if (holds.pause !== null && holds.pause.itemId !== null) {' },
  { promise: 'A3', what: 'the stop of all dunning is looked at in planning alone', file: RECHECK, from: "if (settings.globalStop) return later('globalStop');", to: "if (settings.globalStop) return { go: 'now' };" },
  { promise: 'A3', what: 'a pause ends a day early', file: HOLDS, from: 'if (last !== null && today > last) {', to: 'if (last !== null && today >= last) {' },
  { promise: 'A4', what: 'promises are left out', file: STANDING, from: "if (holds.promise !== null) return suspended('promised', account, { hold: holds.promise, facts: dated(holds.promise) });", to: '' },
  { promise: 'A4', what: 'the grace of a promise is forgotten', file: 'core/holds/grace.ts', from: 'for (let left = graceDays; left > 0;)', to: 'for (let left = 0; left > 0;)' },
  { promise: 'A4', what: 'nothing is asked again at the hand-off', ...NOT_ASKED_AGAIN },
  { promise: 'A5', what: 'plans are left out', file: STANDING, from: "if (holds.plan !== null) return suspended('planned', account, { hold: holds.plan, facts: dated(holds.plan) });", to: '' },
  { promise: 'A5', what: 'a plan is judged by its first instalment alone', file: 'core/holds/plan.ts', from: 'due += minor;\n', to: 'due += minor * 2n;\n' },
  { promise: 'A5', what: 'nothing is asked again at the hand-off', ...NOT_ASKED_AGAIN },
  { promise: 'A6', what: 'insolvency is not looked at', file: STANDING, from: "if (holds.insolvency !== null) return waits('insolvent', null, { since: holds.insolvency.from });", to: '' },
  { promise: 'A6', what: 'insolvency is only that of the item it was noted on', file: HOLDS, from: "if (hold.kind === 'insolvency') return true;", to: "if (hold.kind === 'insolvency') return hold.itemId === item.itemId;" },
  { promise: 'A6', what: 'nothing is asked again at the hand-off', ...NOT_ASKED_AGAIN },
  { promise: 'A7', what: 'credits are ignored', file: 'core/dunning/decide.ts', from: 'if (credits >= total) {', to: 'if (credits > total * 1000n) {' },
  { promise: 'A7', what: 'only the largest credit counts', file: 'core/dunning/decide.ts', from: 'if (credit.currency === currency) sum += credit.amount;', to: 'if (credit.currency === currency && credit.amount > sum) sum = credit.amount;' },
  { promise: 'A7', what: 'credits are not those of the day of the hand-off', ...NOT_ASKED_AGAIN },
  { promise: 'A8', what: 'an old ledger is no reason', file: 'core/dunning/obstacles.ts', from: "stale('ledger', policy.ledger, wait) ??", to: '' },
  { promise: 'A8', what: 'a ledger may be twice as old', file: 'core/dunning/obstacles.ts', from: 'age.ageDays <= age.limitDays)', to: 'age.ageDays <= 2 * age.limitDays)' },
  { promise: 'A8', what: 'nothing is asked again at the hand-off', ...NOT_ASKED_AGAIN },
  { promise: 'A10', what: 'days are counted from ten days before the due day', file: THEN, from: 'dueOn: valueAt(item.dueOn, of.moment.at),\n    firstSeenOn: item.firstSeenOn, estimated: item.estimated, lastStepDone: done.done', to: 'dueOn: addDays(valueAt(item.dueOn, of.moment.at), -10),\n    firstSeenOn: item.firstSeenOn, estimated: item.estimated, lastStepDone: done.done' },
  { promise: 'A10', what: 'days are counted from the day of the invoice', file: 'core/dunning/account-then.ts', from: 'dueOn: valueAt(item.dueOn, of.moment.at),\n    firstSeenOn: item.firstSeenOn, estimated: item.estimated, lastStepDone: done.done', to: 'dueOn: item.issuedOn,\n    firstSeenOn: item.firstSeenOn, estimated: item.estimated, lastStepDone: done.done' },
  { promise: 'A11', what: 'a dead mailbox is not looked at', file: 'core/dunning/recipient.ts', from: 'if (contact.bouncedChannels.includes(channel)) bounced = true;\n      else if', to: 'if' },
  { promise: 'A11', what: 'the address is not compared at the hand-off', ...NOT_ASKED_AGAIN },
  { promise: 'A13', what: 'steps that were done come again', file: 'core/dunning/steps.ts', from: 'furthest !== null && (step.number <= furthest.number || offset <= furthest.offsetDays);', to: 'furthest !== null && step.number < furthest.number;' },
  { promise: 'A13', what: 'two levels on one day', file: 'core/dunning/steps.ts', from: 'Math.max(ready, last + Math.max(GAP_DAYS_MIN, step.minimumGapDays))', to: 'ready' },
  { promise: 'A13', what: 'what is parked holds nothing up', file: 'core/dunning/obstacles.ts', from: 'if (pending === null) return null;', to: "if (pending === null || pending.state === 'unknown') return null;" },
  { promise: 'A14', what: 'amounts are not compared at the hand-off', file: RECHECK, from: "if (now.amount !== amount) return { go: 'cancel', reason: 'amountChanged' };", to: '' },
  { promise: 'A14', what: 'the disputed part is asked for', file: STANDING, from: 'asked: item.open - holds.disputedPart,', to: 'asked: item.open,' },
  { promise: 'A14', what: 'a part payment is not seen', file: THEN, from: 'const open = item.amount - settledBy(item.allocations, moment);', to: 'const open = settledBy(item.allocations, moment) < item.amount ? item.amount : 0n;' },
  { promise: 'B1', what: 'a message that nobody knows the end of goes again by itself', file: SETTLE, from: "case 'unknown': return 'unknown';", to: "case 'unknown': return 'approved';" },
  { promise: 'B2', what: 'the message is composed anew for each try', file: 'server/simulator/memory-ledger.ts', from: 'let stored = messages.get(row.id);', to: 'messages.delete(row.id);\n  let stored = messages.get(row.id);' },
  { promise: 'B4', what: 'a time-out counts as a failure', file: OUTCOME, from: "return { kind: 'unknown', detail: response };\n    default:", to: "return { kind: 'refused', permanent: false, stage: 'message', response };\n    default:" },
  { promise: 'B4', what: 'a started hand-off of a lost worker is released', file: RESCUE, from: "const parked = await ledger.endAttempts(by, { orphans, outcome: 'unknown' });\n  for (const one of parked) await ledger.park(by, one);", to: "const parked = await ledger.endAttempts(by, { orphans, outcome: 'unknown' });\n  if (parked.length > 0) await ledger.release(by, parked);" },
  {
    promise: 'B4', what: 'the start is noted beside the hand-off, not before it', file: DESK, from: 'const open = await this.#parts.note({',
    to: 'const beside = (note: Note): Set<string> => {\n        this.#parts.note(note).catch(() => undefined);\n        return new Set(note.starting.map(({ action }) => action));\n      };\n      const open = beside({',
  },
  { promise: 'A13', what: 'a person may say that it did not arrive while it may still leave', file: 'core/dunning/hand-off-times.ts', from: 'return left <= 0 ? 0 :', to: 'return left <= 1e15 ? 0 :' },
  { promise: 'B3', what: 'a worker that only seemed gone settles what was parked', file: 'server/simulator/memory-ledger.ts', from: "row.fence !== one.fence || row.state !== 'claimed'", to: 'row.fence !== one.fence' },
  { promise: 'B4', what: 'an answer that came before the end of the message is believed', file: OUTCOME, from: "if (progress === 'ended') return { kind: 'accepted'", to: "if (progress !== 'session') return { kind: 'accepted'" },
  { promise: 'B4', what: 'a cut connection counts as accepted', file: OUTCOME, from: "return { kind: 'unknown', detail: response };\n    default:", to: "return { kind: 'accepted', response };\n    default:" },
  { promise: 'B5', what: 'a claim is begun however old it is', file: SEND, from: '<= minutes * MINUTE_MS', to: '<= 1000 * minutes * MINUTE_MS' },
  { promise: 'B5', what: 'a claim is looked at for its age when it is made, not when it leaves', file: SEND, from: 'carrySafely(options, claimed, (stage) => within(', to: 'carrySafely(options, claimed, (stage) => stage === "begin" || within(' },
  { promise: 'B4', what: 'the last byte leaves however old the claim is', file: SEND, from: "stage === 'begin' ? BEGIN_MINUTES : END_MINUTES", to: "stage === 'begin' ? BEGIN_MINUTES : 1000 * END_MINUTES" },
  {
    promise: 'B5', what: 'an attempt that somebody else ended is begun, however old its claim is', file: DESK, from: 'if (open.has(one.attempt.action)) void this.#carry(one);\n        else {', to: 'void this.#carry(one);\n        if (open.size < 0) {',
    also: { file: SEND, from: '<= minutes * MINUTE_MS', to: '<= 1000 * minutes * MINUTE_MS' },
  },
  { promise: 'B7', what: 'what an earlier run of the day proposed takes no place', file: 'core/dunning/obstacles.ts', from: 'return sent || planned || standing ?', to: 'return sent || planned ?' },
  {
    promise: 'B7', what: 'actions that stand are forgotten, and the key of an action is another each time', file: 'core/dunning/obstacles.ts', from: 'if (pending === null) return null;', to: 'if (pending === null || pending.step > 0) return null;',
    also: { file: 'core/dunning/batch.ts', from: 'const cycle = `${leader.item.itemId}.${leader.item.round}`;', to: 'const cycle = `${leader.item.itemId}.${performance.now()}`;' },
  },
  { promise: 'B8', what: 'a restored ledger goes on', file: 'server/channels/journal/guard.ts', from: "if (verdict.verdict === 'freeze') {", to: "if (verdict.verdict === 'freeze' && verdict.because === 'journalMissing') {" },
  { promise: 'B8', what: 'a journal that is gone is taken for the first one', file: 'core/channels/compare-journal.ts', from: "return database.opened === null ? { verdict: 'first' }", to: "return database.opened !== undefined ? { verdict: 'first' }" },
  { promise: 'B8', what: 'what the journal knows is not placed', file: MISSING, from: 'place: real.flatMap(', to: 'place: real.slice(real.length).flatMap(' },
  { promise: 'B8', what: 'placed messages count for no step and no budget', file: PLACE, from: "(outcome === 'accepted' ? send.day : null)", to: "(outcome === 'accepted' ? null : null)" },
  { promise: 'B8', what: 'a message of the journal that nobody knows the end of leaves again', file: PLACE, from: "(outcome === 'accepted' ? 'sent' : 'unknown')", to: "(outcome === 'accepted' ? 'sent' : 'approved')" },
  { promise: 'B8', what: 'runs of a frozen ledger take the numbers of what left', file: MISSING, from: 'return known > unheard ? known : unheard;', to: 'return (known > unheard ? known : unheard) * 0n;' },
  { promise: 'B8', what: 'automatic steps leave by themselves after a ledger was taken over without proof', file: STALE, from: '  await store.approveEverything(by);\n', to: '' },
  { promise: 'B8', what: 'what was approved leaves although nothing proves what left', file: STALE, from: '  await store.propose(back, by);\n', to: '' },
  { promise: 'B8', what: 'what another program sent while a ledger was reconciled is not looked at', file: 'server/channels/journal/reconcile.ts', from: 'if (!tellsTheSame(tail.sends, after.sends)) {', to: 'if (tail.sends.length > after.sends.length) {' },
  { promise: 'B10', what: 'claims of lost workers are left where they are', file: RESCUE, from: 'return claims.filter((one) => one.expired || alive.get(one.worker) === false);', to: 'return claims.filter((one) => one.expired && alive.get(one.worker) === false && one.fence > 1);' },
  { promise: 'B10', what: 'debtors with one item are left out', file: 'server/dunning/run.ts', from: 'for (const account of accounts) {\n    const result', to: 'for (const account of accounts.filter(({ items }) => items.length > 1)) {\n    const result' },
  { promise: 'B10', what: 'the last of a queue is never taken', file: SEND, from: 'while (at < queue.length && left > 0', to: 'while (at < queue.length - 1 && left > 0' },
  { promise: 'C1', what: 'the budget is not weighed at the hand-off', file: RECHECK, from: "if (!pressureOf(policy.facts, made, 0).allowed) return later('capReached');", to: '' },
  { promise: 'C1', what: 'what leaves in the same chunk does not count', file: CLAIM, from: 'if (testAddress === null) noteLeaving(ground, action);', to: '' },
  { promise: 'C1', what: 'the window is a day short', file: 'core/dunning/pressure.ts', from: 'dayNumber(policy.today) - cap.windowDays;', to: 'dayNumber(policy.today) - cap.windowDays + 1;' },
  { promise: 'C2', what: 'hours are those of the company', file: 'core/dunning/contact-hours.ts', from: 'const { day, minute } = localTime(at, instant);', to: "const { day, minute } = localTime({ country: 'FR', postalCode: null }, instant);" },
  { promise: 'C2', what: 'hours are not looked at', file: RECHECK, from: 'return quiet(ground, action);', to: 'return null;' },
  { promise: 'C2', what: 'holidays of regions are forgotten', file: 'core/ledger/calendar.ts', from: 'if (calendar.national.some(matches)) return true;', to: 'return calendar.national.some(matches);' },
  { promise: 'C3', what: 'the day of the approval is forgotten', file: RECHECK, from: 'approvedOn !== null && approvedOn < today;', to: 'approvedOn !== null && approvedOn > today;' },
  { promise: 'C5', what: 'a refusal is not looked at', file: 'core/dunning/recipient.ts', from: 'else if (contact.refusedChannels.includes(channel)) refused = true;\n', to: '' },
  { promise: 'C5', what: 'a refusal is looked at in planning alone', ...NOT_ASKED_AGAIN },
  { promise: 'D2', what: 'the message names the items of another debtor too', file: 'server/simulator/memory-ledger.ts', from: "const items = row.items.map((item) => `${item.document} ${item.amount}`).join", to: "const items = [...row.items, ...([...parts.actions.rows.values()].find((other) => other.code !== row.code)?.items ?? [])].map((item) => `${item.document} ${item.amount}`).join" },
  { promise: 'D2', what: 'the message goes to the address of another debtor', file: 'server/simulator/memory-ledger.ts', from: "recipient: preparing.testAddress ?? row.recipient ?? ''", to: "recipient: [...parts.actions.rows.values()].find((other) => other.code !== row.code && other.recipient !== null)?.recipient ?? row.recipient ?? ''" },
  { promise: 'D8', what: 'the address is not compared at the hand-off', file: RECHECK, from: "if (action.channel === 'email' && (contact?.email ?? null) !== action.recipient) return { go: 'cancel', reason: 'contactChanged' };", to: '' },
  { promise: 'D8', what: 'nothing is asked again at the hand-off', ...NOT_ASKED_AGAIN },
];
