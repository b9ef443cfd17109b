// Vérifie la preuve d'un message, sans base de données ni logiciel d'autrui / Verifies the proof of a message, with no database and nobody's software:
//   node verify-proof.mjs [DOSSIER | F.json] [--heads F.jsonl]        (Node 18 or later; status 1 and the place when something does not hold)
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts.map((one) => (typeof one === 'string' ? Buffer.from(one, 'utf8') : one)))).digest();
const hex = (...parts) => sha(...parts).toString('hex');
const bytes = (text) => Buffer.from(String(text ?? ''), 'hex');
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const sortKeys = (_, one) => (one !== null && typeof one === 'object' && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one);
const jsonHash = (value) => hex(JSON.stringify(value, sortKeys));
/** What stands for a value in an event: sha256(salt ‖ name ‖ 0 ‖ value). */
const commitment = (salt, name, value) => hex(bytes(salt), `${name}\0${value}`);
const parsed = (text) => { try { return JSON.parse(text); } catch { return null; } };

/** The root that an event's hash and its path lead to (RFC 6962); null when the path does not fit its place. */
function climb(hash, { index, size }, path) {
  let now = sha(Buffer.from([0]), bytes(hash));
  let used = 0;
  if (!Number.isInteger(index) || index < 0 || index >= size) return null;
  for (let [at, width] = [index, size]; width > 1; at = Math.floor(at / 2), width = Math.ceil(width / 2)) {
    if (at % 2 === 0 && at + 1 === width) continue;
    const beside = bytes(path[used++]);
    if (beside.length !== 32) return null;
    now = at % 2 === 0 ? sha(Buffer.from([1]), now, beside) : sha(Buffer.from([1]), beside, now);
  }
  return used === path.length ? now.toString('hex') : null;
}

/** Which state an event brings an action to, from which; null: it is not possible from there. */
function step(state, { kind, facts }, last) {
  const from = (...states) => states.includes(state);
  if (kind === 'action.proposed' && facts.run !== undefined) return state === null ? facts.state : null;
  if (kind === 'action.proposed') return from('approved') ? 'proposed' : null;
  if (kind === 'action.approvedOnce') return from('proposed') ? state : null;
  if (kind === 'action.firstApprovalWithdrawn') return from('proposed') ? state : null;
  if (kind === 'action.approved') return from('proposed', 'unknown') ? 'approved' : null;
  if (kind === 'action.redated') return from('approved') ? state : null;
  if (kind === 'action.claimed') return from('approved') ? 'claimed' : null;
  if (kind === 'action.settled') return from('claimed') ? facts.state : null;
  if (kind === 'action.released') return from('claimed') ? 'approved' : null;
  if (kind === 'action.unknown') return from('claimed') ? facts.state : null;
  if (kind === 'action.ended') return from('approved') ? facts.state : null;
  if (kind === 'action.cancelled') return from('proposed', 'approved') ? 'cancelled' : null;
  if (kind === 'action.sent') return from('unknown') ? 'sent' : null;
  if (kind === 'action.delivered') return from('sent') ? 'delivered' : null;
  if (kind === 'bounce.recorded') return from('sent', 'delivered') && ['hard', 'blocked'].includes(facts.kind) ? 'bounced' : state;
  if (kind === 'task.done') return from('proposed', 'approved') ? (last.test === true ? 'cancelled' : 'sent') : null;
  if (kind === 'task.notDone') return from('proposed', 'approved') ? 'cancelled' : null;
  if (kind === 'message.erased') return state;
  return null;
}

/** Each check names what does not hold: `bad(place, en français, in English)`. `of`: the proof, its files, the events as read, the heads kept elsewhere. */
export const CHECKS = {
  seal({ proof: { seal, ...rest } }, bad) {
    if (rest.format !== 'acquit-proof-1') bad('format', 'n’est pas une preuve de ce modèle', 'is no proof of this kind');
    if (seal !== jsonHash(rest)) bad('proof.json', 'a été modifié après coup (sceau)', 'was changed afterwards (seal)');
  },
  files({ proof: { message, erased }, files }, bad) {
    for (const [name, key] of [['message.eml', 'mime'], ['letter.pdf', 'pdf']]) {
      const [wanted, file] = [message?.[key] ?? null, files[name] ?? null];
      if (file === null ? wanted !== null && !erased : wanted !== hex(file)) bad(name, 'n’a pas l’empreinte annoncée, ou manque', 'has not the hash it should have, or is missing');
    }
  },
  hashes({ proof }, bad) {
    for (const one of proof.events) if (one.hash !== hex(bytes(one.previous), one.body)) bad(`event ${one.seq}`, 'son empreinte n’est pas celle de son texte', 'its hash is not that of its words');
  },
  subjects({ proof, events }, bad) {
    for (const [index, { seq, said }] of events.entries()) {
      const mine = said?.subject === `action:${proof.action}` && String(said.facts?.action) === proof.action;
      if (!mine && !(said?.kind === 'run.completed')) bad(`event ${seq}`, `ne parle pas de l’action ${proof.action}`, `does not speak of action ${proof.action}`);
      if (index > 0 && seq <= events[index - 1].seq) bad(`event ${seq}`, 'n’est pas à sa place', 'is not in its place');
    }
    if (events.length === 0) bad('events', 'aucun événement', 'no event');
  },
  tree({ proof, lines }, bad) {
    const last = Math.max(0, ...lines.map(({ said }) => said?.seq ?? 0));
    for (const { seq, hash, head, path } of proof.events) {
      const said = head === null ? null : lines[head]?.said;
      if (head === null && (seq <= last || path.length > 0)) bad(`event ${seq}`, 'devrait être couvert par une empreinte', 'should be covered by a head');
      if (head !== null && (!said || climb(hash, { index: seq - said.from, size: said.seq - said.from + 1 }, path) !== said.root || (seq === said.seq && hash !== said.hash))) bad(`event ${seq}`, 'ne mène pas à l’empreinte de la chaîne', 'does not lead to the head of the chain');
    }
  },
  heads({ proof, lines }, bad) {
    for (const [index, { text, said }] of lines.entries()) {
      const before = lines[index - 1];
      if (said?.format !== 'acquit-head-1' || text !== JSON.stringify(said, sortKeys)) bad(`head ${index + 1}`, 'n’est pas une empreinte', 'is no head');
      else if (said.organisation !== proof.organisation || said.installation !== proof.installation) bad(`head ${index + 1}`, 'est d’une autre organisation', 'is of another organisation');
      else if (before?.said && (said.from <= before.said.seq || (said.from === before.said.seq + 1 && said.previous !== hex(before.text)))) bad(`head ${index + 1}`, 'ne suit pas la précédente', 'does not follow the one before');
    }
  },
  kept({ proof, lines, kept }, bad) {
    if (kept === null) return;
    let [previous, seq] = ['0'.repeat(64), 0];
    for (const [index, text] of kept.entries()) {
      const said = parsed(text);
      if (said?.previous !== previous || said.from !== seq + 1 || said.organisation !== proof.organisation || said.installation !== proof.installation) return bad(`heads file, line ${index + 1}`, 'ne suit pas la précédente', 'does not follow the one before');
      [previous, seq] = [hex(text), said.seq];
    }
    for (const [index, { text }] of lines.entries()) if (!kept.includes(text)) bad(`head ${index + 1}`, 'n’est pas parmi celles gardées ailleurs', 'is not among those kept elsewhere');
    for (const { seq: at, head } of proof.events) if (head === null && at <= seq) bad(`event ${at}`, 'est plus ancien qu’une empreinte gardée : redemandez la preuve', 'is older than a head kept elsewhere: ask for the proof again');
  },
  story({ proof, own }, bad) {
    let [state, after] = [null, null];
    const last = { test: own.some(({ said }) => said.facts.test === true) };
    for (const { seq, said } of own) {
      if (String(said.facts.after) !== String(after)) bad(`event ${seq}`, 'un événement de cette action manque avant celui-ci', 'an event of this action is missing before this one');
      const next = step(state, said, last);
      if (next === null) bad(`event ${seq}`, `« ${said.kind} » n’est pas possible dans l’état « ${state} »`, `"${said.kind}" cannot be in state "${state}"`);
      [state, after] = [next ?? state, seq];
    }
    if (state !== proof.state) bad('state', `les événements disent « ${state} », la preuve « ${proof.state} »`, `the events say "${state}", the proof "${proof.state}"`);
  },
  proposal({ proof, own, run }, bad) {
    const facts = own[0]?.said.kind === 'action.proposed' ? own[0].said.facts : {};
    if (facts.run === undefined) return bad('events', 'la proposition n’est pas parmi les événements (action plus ancienne que ce modèle de preuve ?)', 'the proposal is not among the events (an action older than this kind of proof?)');
    const wrong = (what, fr) => bad(what, `${fr} ne sont pas ceux de la proposition`, 'not as it was proposed');
    if (facts.total !== proof.total || facts.currency !== proof.currency) wrong('total', 'le montant et la devise');
    if (!same(facts.items, proof.items.map(({ item, amount, dueOn }) => `${item} ${amount} ${dueOn}`))) wrong('items', 'les postes');
    if (!same(facts.decisions, proof.decisions.map(({ item, reason, step: at, facts: said }) => `${item} ${reason} ${at ?? '-'} ${hex(said)}`))) wrong('decisions', 'les motifs');
    if (proof.items.reduce((sum, { amount }) => sum + BigInt(amount), 0n) !== BigInt(proof.total)) bad('total', 'le total n’est pas la somme des postes', 'the total is not the sum of the items');
    if (run?.said.subject !== `run:${facts.run}`) bad('run', 'n’est pas le passage qui a proposé l’action', 'is not the run that proposed the action');
    if (run && (run.said.facts.policy ?? null) !== (proof.policy === null ? null : jsonHash(proof.policy))) bad('policy', 'les réglages ne sont pas ceux du passage', 'the settings are not those of the run');
  },
  claims({ proof: { message, total, currency, items, erased }, own }, bad) {
    if (erased && !own.some(({ said }) => said.kind === 'message.erased')) bad('erased', 'aucun événement ne dit que le message a été effacé', 'no event says that the message was erased');
    if (message && !own.some(({ said }) => said.kind === 'action.claimed')) bad('message', 'rien n’a été remis', 'nothing was handed over');
    for (const { seq, said: { kind, facts } } of own) {
      if (kind !== 'action.claimed') continue;
      const listed = items.map(({ item, amount }) => `${item} ${amount}`).sort();
      if (facts.total !== total || facts.currency !== currency || !same(facts.items, listed)) bad(`event ${seq}`, 'a remis d’autres montants', 'handed over other amounts');
      if (erased) continue;
      const holds = message && facts.headerId === message.headerId && facts.template === message.template && facts.recipient === commitment(message.salt, 'recipient', message.recipient)
        && ['mime', 'pdf'].every((name) => facts[name] === (message[name] === null ? null : commitment(message.salt, name, message[name])));
      if (!holds) bad(`event ${seq}`, 'a remis un autre message, ou à un autre destinataire', 'handed over another message, or to another recipient');
    }
  },
  attempts({ proof: { attempts, message, state, erased }, own }, bad) {
    const of = (kind, fence) => own.find(({ said }) => said.kind === kind && said.facts.fence === fence)?.said;
    const fences = own.filter(({ said }) => said.kind === 'action.claimed').map(({ said }) => said.facts.fence);
    if (!same(fences, attempts.map(({ fence }) => fence))) bad('attempts', 'les remises ne sont pas celles des événements', 'the hand-offs are not those of the events');
    for (const { fence, outcome, response } of attempts) {
      const settled = of('action.settled', fence)?.facts;
      const confirmed = own.find(({ said }) => said.kind === 'action.sent')?.said;
      const answered = settled && settled.outcome === outcome && (erased || settled.response === commitment(message?.salt, 'response', response));
      const bySomebody = outcome === 'accepted' && confirmed && fence === fences.at(-1) && response === `confirmed by ${confirmed.actor}`;
      const lost = (outcome === 'unknown' && of('action.unknown', fence)) || (outcome === 'released' && of('action.released', fence));
      if (!answered && !bySomebody && !lost && !(state === 'claimed' && fence === fences.at(-1))) bad(`attempt ${fence}`, 'la réponse n’est pas celle de l’événement', 'the answer is not that of the event');
    }
  },
};

/** Runs every check (but one, to test the checks); gives what does not hold, with its place. */
export function verifyProof({ proof, files, kept = null }, without = '') {
  const found = [];
  const bad = (place, fr, en) => found.push({ place, fr, en });
  try {
    const events = proof.events.map((one) => ({ seq: one.seq, said: parsed(one.body) }));
    const own = events.filter(({ said }) => said?.subject === `action:${proof.action}`);
    const of = { proof, files, kept, events, own, run: events.find(({ said }) => said?.kind === 'run.completed'), lines: proof.heads.map((text) => ({ text, said: parsed(text) })) };
    for (const [name, check] of Object.entries(CHECKS)) if (name !== without) check(of, bad);
  } catch (error) { bad('proof.json', `ne se lit pas comme une preuve (${error.message})`, `cannot be read as a proof (${error.message})`); }
  return found;
}

/** A proof's text and its files (named by `file`, or in the text itself), which must be written exactly as they were made. */
export function parsePack(text, file) {
  const { files, ...proof } = parsed(text) ?? {};
  if (`${JSON.stringify(files === undefined ? proof : { ...proof, files }, null, 1)}\n` !== text) throw new Error('proof.json: modifié, ou écrit autrement / changed, or written otherwise');
  const names = ['message.eml', 'letter.pdf'];
  const read = (name) => { const one = Buffer.from(files[name] ?? '', 'base64'); if (one.toString('base64') !== (files[name] ?? '')) throw new Error(`${name}: base64`); return files[name] === undefined ? null : one; };
  return { proof, files: Object.fromEntries(names.map((name) => [name, files === undefined ? file(name) : read(name)])) };
}

function main([first, ...rest]) {
  const words = first === undefined || first === '--heads' ? [dirname(fileURLToPath(import.meta.url)), ...(first === undefined ? [] : [first, ...rest])] : [first, ...rest];
  const kept = words[1] === '--heads' ? readFileSync(words[2], 'utf8').replace(/\n$/, '').split('\n') : null;
  const folder = statSync(words[0]).isDirectory();
  const file = (name) => { try { return readFileSync(join(words[0], name)); } catch (error) { if (error.code === 'ENOENT') return null; throw error; } };
  const pack = parsePack(readFileSync(folder ? join(words[0], 'proof.json') : words[0], 'utf8'), file);
  const found = verifyProof({ ...pack, kept });
  for (const { place, fr, en } of found) console.log(`NON  ${place}: ${fr} / ${en}`);
  if (found.length > 0) return 1;
  const { proof } = pack;
  const open = proof.events.filter(({ head }) => head === null).length;
  const say = (fr, en) => console.log(`OK   ${fr}\n     ${en}`);
  for (const { body, seq } of proof.events) console.log(`     ${seq}  ${parsed(body).at}  ${parsed(body).kind}  ${parsed(body).actor}`);
  say(`${proof.events.length} événements, dans cet ordre ; ${proof.items.length} postes, total ${proof.total} ${proof.currency} (unités mineures) ; état « ${proof.state} ».`, `${proof.events.length} events, in this order; ${proof.items.length} items, total ${proof.total} ${proof.currency} (minor units); state "${proof.state}".`);
  if (proof.message) say(`Les octets du message et son destinataire (${proof.message.recipient}) sont ceux de la remise.`, `The message's bytes and its recipient (${proof.message.recipient}) are those handed over.`);
  say(kept ? `Les empreintes sont parmi les ${kept.length} gardées ailleurs.` : 'Les empreintes ne sont comparées à rien : donnez --heads F.jsonl, une copie gardée ailleurs.', kept ? `The heads are among the ${kept.length} kept elsewhere.` : 'The heads are compared with nothing: give --heads F.jsonl, a copy kept elsewhere.');
  if (open > 0) say(`${open} événements ne sont encore couverts par aucune empreinte : redemandez la preuve demain.`, `${open} events are covered by no head yet: ask for the proof again tomorrow.`);
  console.log('—    Non prouvé : l’heure exacte (l’ordre l’est), la lecture du message, ce qui est arrivé après le dernier événement, ce que dit « stated ».\n     Not proven: the exact time (the order is), that it was read, what happened after the last event, what "stated" says.');
  return 0;
}

if (process.argv[1] && fileURLToPath(import.meta.url) === realpathSync(process.argv[1])) process.exitCode = main(process.argv.slice(2));
