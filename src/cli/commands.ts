import { backupCommand, restoreCommand } from './backup.ts';
import type { Command } from './context.ts';
import { demoCommand } from './demo.ts';
import { actionsCommand, approveCommand, resumeCommand, runCommandOf, sendCommand, showCommand } from './dunning.ts';
import { companyCommand } from './company.ts';
import { holdCommand } from './hold.ts';
import { holdOutCommand } from './hold-out.ts';
import { importCommand } from './import.ts';
import { headsCommand } from './heads.ts';
import { inboxCommand } from './inbox.ts';
import { chargesCommand, termsCommand } from './law.ts';
import { allocateCommand, matchCommand, unallocateCommand } from './match.ts';
import { eraseCommand } from './erase.ts';
import { proofCommand } from './proof.ts';
import { freezeCommand, reconcileCommand } from './reconcile.ts';
import { replayCommand } from './replay.ts';
import { reviewCommand } from './review.ts';
import { explainCommand } from './explain.ts';
import { signInLinkCommand } from './sign-in-link.ts';
import { webhookCommand } from './webhook.ts';
import { ageingCommand, itemsCommand, undoCommand } from './ledger.ts';
import { serveCommand, workerCommand } from './serve.ts';
import { migrateCommand, verifyCommand } from './verify.ts';

/** Every command by name, in the order the help shows them. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  serve: serveCommand,
  worker: workerCommand,
  demo: demoCommand,
  import: importCommand,
  inbox: inboxCommand,
  undo: undoCommand,
  review: reviewCommand,
  items: itemsCommand,
  ageing: ageingCommand,
  terms: termsCommand,
  charges: chargesCommand,
  company: companyCommand,
  hold: holdCommand,
  match: matchCommand,
  allocate: allocateCommand,
  unallocate: unallocateCommand,
  run: runCommandOf,
  actions: actionsCommand,
  approve: approveCommand,
  send: sendCommand,
  resume: resumeCommand,
  freeze: freezeCommand,
  reconcile: reconcileCommand,
  webhook: webhookCommand,
  show: showCommand,
  explain: explainCommand,
  replay: replayCommand,
  'hold-out': holdOutCommand,
  proof: proofCommand,
  erase: eraseCommand,
  verify: verifyCommand,
  backup: backupCommand,
  restore: restoreCommand,
  heads: headsCommand,
  migrate: migrateCommand,
  'sign-in-link': signInLinkCommand,
};
