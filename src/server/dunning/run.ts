import { createHash } from 'node:crypto';
import { decideAccount } from '#core/dunning/decide.ts';
import type { Decision, ProposedAction } from '#core/dunning/decision.ts';
import type { AccountFacts, Freshness } from '#core/dunning/facts.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId, RunId } from '#core/kernel/id.ts';
import type { Clock } from '#core/kernel/clock.ts';
import { jsonHash, record } from '#server/audit/record.ts';
import { settleHoldsOf } from '#server/holds/settle-holds.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { insertActions, insertDecisions } from './action-store.ts';
import { approvalsOf } from './approvals.ts';
import { loadAccounts } from './facts-store.ts';
import { enterTests, leaveTests, readRunningTests } from './hold-outs.ts';
import { readPolicy } from './policy.ts';
import { recordProposed } from './record-proposed.ts';
import type { Policy } from './policy.ts';
import { latestScenarios } from './scenario-store.ts';
import { adoptSentElsewhere } from './sent-elsewhere.ts';
import { cancelOrphanCopies } from './standing-copies.ts';
import type { StoredScenario } from './scenario-store.ts';

/** Who listens to a run while it goes: each batch of decisions as it is taken, each action as it is proposed. */
export type RunSink = {
  decisions(batch: readonly DecisionLine[]): void | Promise<void>;
  actions(batch: readonly ActionLine[]): void | Promise<void>;
};

/** A decision with the account it is about. */
export type DecisionLine = { readonly customer: string; readonly decision: Decision; readonly actionId: ActionId | null };

/** An action as proposed, with what a list shows of it; no id in a dry run. */
export type ActionLine = {
  readonly id: ActionId | null;
  readonly customer: string;
  readonly customerName: string;
  readonly proposed: ProposedAction;
  readonly to: string | null;
  readonly state: 'proposed' | 'approved';
  /** Different persons who must approve it. */
  readonly approvals: 1 | 2;
};

/** What a run did. `stopped` names why nothing was proposed at all. */
export type RunResult = {
  readonly runId: RunId | null;
  readonly today: Day;
  readonly stopped: 'ledgerStale' | 'bankStale' | 'globalStop' | null;
  readonly decisions: number;
  readonly actions: number;
};

/** Which organisation, for which day, by whom; a dry run writes nothing. */
export type RunOptions = {
  readonly organisation: OrganisationId;
  readonly today: Day;
  readonly clock: Clock;
  readonly actor: string;
  readonly dryRun?: boolean;
  readonly sink?: RunSink;
};

/** Two runs of one organisation wait for each other; the second then sees what the first proposed. */
const RUN_LOCK = 4_180_003;

/**
 * One dunning run for a business day: reads every account in one snapshot, decides, and, unless it is a dry run, keeps
 * the run, each decision and each action in one transaction with its event. Run again on the same day it proposes nothing new.
 */
export async function runDunning(database: Database, options: RunOptions): Promise<RunResult> {
  if (running >= RUNS_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await runOnce(database, options);
  } finally {
    const next = waiting.shift();
    // The place goes from one to the next; it is only given back when nobody waits.
    if (next === undefined) running -= 1;
    else next();
  }
}

/** Runs of this process at once: each holds two of its eight connections, and runs that hold one and wait for the other would wait for ever. */
const RUNS_AT_ONCE = 2;
let running = 0;
const waiting: (() => void)[] = [];

async function runOnce(database: Database, options: RunOptions): Promise<RunResult> {
  if (options.dryRun === true) {
    return database.inTenant(options.organisation, (read) => evaluate({ read, write: null, options }), { isolation: 'repeatable read', readOnly: true });
  }
  // What became of promises, plans and disputes is noted first; the decisions derive it themselves from the same allocations.
  await settleHoldsOf(database, options);
  await database.inTenant(options.organisation, (t) => leaveTests(t, options.clock.now()));
  await database.inTenant(options.organisation, (t) => adoptSentElsewhere(t, { now: options.clock.now(), actor: options.actor }));
  return database.inTenant(options.organisation, async (write) => {
    await write.run(write.sql`select pg_advisory_xact_lock(${RUN_LOCK}, hashtext(${options.organisation}))`);
    await cancelOrphanCopies(write, { now: options.clock.now(), actor: options.actor });
    return database.inTenant(options.organisation, (read) => evaluate({ read, write, options }), { isolation: 'repeatable read', readOnly: true });
  });
}

type Evaluation = { read: Tenant; write: Tenant | null; options: RunOptions };

async function evaluate(evaluation: Evaluation): Promise<RunResult> {
  const { read, write, options } = evaluation;
  const policy = await readPolicy(read, options.today);
  const scenarios = await latestScenarios(read);
  const runId = write === null ? null : await beginRun(write, options, policy);
  const digest = createHash('sha256');
  const counts = { decisions: 0, actions: 0 };
  let first: ActionId | null = null;
  const window = policy.facts.contactCap?.windowDays ?? 0;
  const batches = loadAccounts(read, {
    today: options.today, scenarios, standardScenario: policy.settings.scenario, contactWindowDays: Math.max(window, 1),
  });
  for await (const accounts of batches) {
    const decided = decideBatchOf(accounts, policy);
    for (const { decision } of decided.lines) digest.update(`${decision.itemId}\t${decision.do}\t${decision.reason}\t${decision.step ?? ''}\n`);
    counts.decisions += decided.lines.length;
    counts.actions += decided.actions.length;
    await keep({ write, runId, options, policy, scenarios }, decided);
    first ??= decided.actions.find(({ id }) => id !== null)?.id ?? null;
    if (write !== null) await enterTests(write, accounts, options);
    await options.sink?.decisions(decided.lines);
    await options.sink?.actions(decided.actions);
  }
  const stopped = stoppedBy(policy);
  if (write !== null && runId !== null) await endRun(write, { runId, options, counts, first, settings: policy.settings, stopped, digest: digest.digest() });
  return { runId, today: options.today, stopped, ...counts };
}

/** Why nothing at all is proposed under a policy: a person said so, or a source is too old. */
function stoppedBy({ facts }: Policy): RunResult['stopped'] {
  const old = (age: Freshness | null): boolean => age !== null && (age.ageDays === null || age.ageDays > age.limitDays);
  if (facts.globalStop) return 'globalStop';
  return old(facts.ledger) ? 'ledgerStale' : old(facts.bank) ? 'bankStale' : null;
}

/** What was decided for some accounts. */
export type Decided = { lines: DecisionLine[]; actions: ActionLine[] };

/** Decides for accounts under a policy: a line a decision, and the actions they ask for. */
export function decideBatchOf(accounts: readonly AccountFacts[], policy: Policy): Decided {
  const lines: DecisionLine[] = [];
  const actions: ActionLine[] = [];
  for (const account of accounts) {
    const result = decideAccount(policy.facts, account);
    for (const decision of result.decisions) lines.push({ customer: account.customer.code, decision, actionId: null });
    for (const proposed of result.actions) {
      const contact = account.contacts.find(({ contactId }) => contactId === proposed.contactId);
      const approvals = approvalsOf(proposed, policy);
      actions.push({
        id: null, customer: account.customer.code, customerName: account.customer.name, proposed,
        to: proposed.channel === 'email' ? (contact?.email ?? null) : proposed.channel === 'sms' || proposed.channel === 'call' ? (contact?.phone ?? null) : null,
        // A task waits for the person who does it, not for an approval.
        state: proposed.kind === 'task' || proposed.needsApproval || approvals > 1 || policy.settings.approveEverything ? 'proposed' : 'approved',
        approvals,
      });
    }
  }
  return { lines, actions };
}

type Keeping = { write: Tenant | null; runId: RunId | null; options: RunOptions; policy: Policy; scenarios: ReadonlyMap<string, StoredScenario> };

async function keep(keeping: Keeping, decided: Decided): Promise<void> {
  const { write, runId, options, policy, scenarios } = keeping;
  if (write === null || runId === null) return;
  // A session keeps the plans of its foreign keys; those made while the tables were almost empty look rows up by scanning them.
  await write.run(write.sql`discard plans`);
  const ids = await insertActions(write, { runId, today: options.today, now: options.clock.now(), scenarios, tests: await readRunningTests(write), test: policy.sending.testAddress !== null }, decided.actions);
  decided.actions = decided.actions.map((action) => ({ ...action, id: ids.get(action.proposed.key) ?? null }));
  decided.lines = decided.lines.map((line) => {
    const key = line.decision.actionKey;
    return key === null ? line : { ...line, actionId: ids.get(key) ?? null };
  });
  await insertDecisions(write, runId, decided.lines);
}

async function beginRun(write: Tenant, options: RunOptions, policy: Policy): Promise<RunId> {
  const row = await write.one<{ run_id: RunId }>(write.sql`
    ${write.into('run', 'today, started_at, stopped, policy, decision_count, action_count, digest, actor')}
    values (${write.org}, ${options.today}::date, ${options.clock.now()}::timestamptz, null, ${JSON.stringify(policy.settings)}::jsonb, 0, 0, '', ${options.actor})
    returning run_id`);
  if (row === null) throw new Error('no run row');
  return row.run_id;
}

type Ending = { runId: RunId; options: RunOptions; counts: { decisions: number; actions: number }; first: ActionId | null; settings: Policy['settings']; stopped: string | null; digest: Buffer };

async function endRun(write: Tenant, ending: Ending): Promise<void> {
  const { runId, options, counts, stopped, digest } = ending;
  await write.run(write.sql`
    ${write.update('run', 'r')} set decision_count = ${counts.decisions}, action_count = ${counts.actions}, stopped = ${stopped}, digest = ${digest}
    where ${write.own('r')} and r.run_id = ${runId}::bigint`);
  const at = options.clock.now();
  if (ending.first !== null) await recordProposed(write, { runId, at, actor: options.actor, first: ending.first });
  await record(write, {
    at, actor: options.actor, kind: 'run.completed', subject: `run:${runId}`,
    facts: { today: options.today, decisions: counts.decisions, actions: counts.actions, stopped, digest: digest.toString('hex'), policy: jsonHash(ending.settings) },
  });
}
