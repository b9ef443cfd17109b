import { hash } from 'node:crypto';
import type { Random } from '#core/kernel/random.ts';
import { jsonHash } from '#server/audit/record.ts';
import { proofFile } from '../proof.ts';
import type { Proof, Proven } from '../proof.ts';

/** A pack as it lies in a folder: its text, its two files. */
export type PackBytes = { readonly text: Buffer; readonly mime: Buffer | null; readonly pdf: Buffer | null };

/** What somebody has who changes a pack: others to take parts from. */
export type Others = { readonly packs: readonly Proven[]; readonly foreign: readonly Proven[] };

/** A change of a pack; null where it changes nothing. */
export type PackTamper = (proven: Proven, random: Random, others: Others) => PackBytes | null;

/** A pack as it was made. */
export const bytesOf = ({ proof, mime, pdf }: Proven): PackBytes => ({ text: proofFile(proof), mime, pdf });

/** A proof whose seal was made anew after somebody changed it: only what the chain says can tell. */
function resealed(proven: Proven, change: Partial<Proof>): PackBytes | null {
  const { seal, ...rest } = { ...proven.proof, ...change };
  const made = jsonHash(rest);
  return made === seal ? null : bytesOf({ ...proven, proof: { ...rest, seal: made } });
}

const flip = (bytes: Buffer, random: Random): Buffer => {
  const copy = Buffer.from(bytes);
  const at = random.between(0, copy.length - 1);
  copy[at] = ((copy[at] ?? 0) + random.between(1, 255)) % 256;
  return copy;
};
const flipHex = (text: string, random: Random): string => flip(Buffer.from(text, 'hex'), random).toString('hex');
const more = (amount: string, random: Random): string => String(BigInt(amount) + BigInt(random.between(1, 99_999)));
const replaced = <T>(values: readonly T[], index: number, value: T): T[] => values.map((one, at) => (at === index ? value : one));
const at = (values: readonly unknown[], random: Random): number => random.between(0, values.length - 1);
const sha = (bytes: Buffer): string => hash('sha256', bytes, 'hex');

/** An event of the proof changed as told, and the seal with it. */
function withEvent(proven: Proven, random: Random, change: (event: Proof['events'][number]) => Proof['events'][number] | null): PackBytes | null {
  const { events } = proven.proof;
  const index = at(events, random);
  const event = events[index];
  const made = event === undefined ? null : change(event);
  return made === null ? null : resealed(proven, { events: replaced(events, index, made) });
}

/** Without whoever made it knowing more than the format: the seal finds all of it. */
const CARELESS: Readonly<Record<string, PackTamper>> = {
  'a byte of proof.json': (proven, random) => ({ ...bytesOf(proven), text: flip(proofFile(proven.proof), random) }),
  'white space in proof.json': (proven, random) => {
    const text = proofFile(proven.proof).toString('utf8');
    const index = random.pick([...text.matchAll(/\n/g)].map((found) => found.index));
    return { ...bytesOf(proven), text: Buffer.from(`${text.slice(0, index)} ${text.slice(index)}`) };
  },
  'a byte of the e-mail': (proven, random) => (proven.mime === null ? null : { ...bytesOf(proven), mime: flip(proven.mime, random) }),
  'a byte of the pages': (proven, random) => (proven.pdf === null ? null : { ...bytesOf(proven), pdf: flip(proven.pdf, random) }),
  'the e-mail missing': (proven) => (proven.mime === null ? null : { ...bytesOf(proven), mime: null }),
  'the e-mail of another message': (proven, random, { packs }) => {
    const { mime } = random.pick(packs);
    return proven.mime === null || mime === null || mime.equals(proven.mime) ? null : { ...bytesOf(proven), mime };
  },
  'pages that were not sent': (proven, random) => (proven.pdf === null ? { ...bytesOf(proven), pdf: Buffer.from(`%PDF ${random.next()}`) } : null),
  'something stated': (proven) => bytesOf({ ...proven, proof: { ...proven.proof, stated: { ...proven.proof.stated, company: `${proven.proof.stated.company}x` } } }),
};

/** By somebody who knows the format, and makes the seal and every hash within reach anew. */
const CAREFUL: Readonly<Record<string, PackTamper>> = {
  'an amount and the total': (proven, random) => {
    const { items } = proven.proof;
    const index = at(items, random);
    const item = items[index];
    if (item === undefined) return null;
    const changed = replaced(items, index, { ...item, amount: more(item.amount, random) });
    return resealed(proven, { items: changed, total: String(changed.reduce((sum, { amount }) => sum + BigInt(amount), 0n)) });
  },
  'the total alone': (proven, random) => resealed(proven, { total: more(proven.proof.total, random) }),
  'the currency': (proven) => resealed(proven, { currency: 'USD' }),
  'a due day': (proven, random) => {
    const { items } = proven.proof;
    const index = at(items, random);
    const item = items[index];
    return item === undefined ? null : resealed(proven, { items: replaced(items, index, { ...item, dueOn: item.dueOn.replace(/^\d{4}/, '2019') }) });
  },
  'a fact of a decision': (proven, random) => {
    const { decisions } = proven.proof;
    const index = at(decisions, random);
    const one = decisions[index];
    return one === undefined ? null : resealed(proven, { decisions: replaced(decisions, index, random.chance(0.5) ? { ...one, facts: one.facts.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)) } : { ...one, reason: 'notDue' }) });
  },
  'a decision left out': (proven) => resealed(proven, { decisions: proven.proof.decisions.slice(1) }),
  'the settings of the run': (proven) => (proven.proof.policy === null ? null : resealed(proven, { policy: { ...proven.proof.policy, formalNoticeDays: 60 } })),
  'the settings left out': (proven) => resealed(proven, { policy: null }),
  'the recipient': (proven) => (proven.proof.message === null ? null : resealed(proven, { message: { ...proven.proof.message, recipient: 'autre@autre.example' } })),
  'the salt': (proven, random) => (proven.proof.message === null ? null : resealed(proven, { message: { ...proven.proof.message, salt: flipHex(proven.proof.message.salt, random) } })),
  'the Message-ID or the template': (proven, random) => {
    const { message } = proven.proof;
    if (message === null) return null;
    return resealed(proven, { message: random.chance(0.5) ? { ...message, headerId: '<autre@autre.example>' } : { ...message, template: 'reminder1 fr 99' } });
  },
  'the e-mail and its hash': (proven, random) => {
    const { message } = proven.proof;
    if (message === null || proven.mime === null) return null;
    const mime = flip(proven.mime, random);
    return resealed({ ...proven, mime }, { message: { ...message, mime: sha(mime) } });
  },
  'the pages and their hash': (proven, random) => {
    const { message } = proven.proof;
    if (message === null || proven.pdf === null) return null;
    const pdf = flip(proven.pdf, random);
    return resealed({ ...proven, pdf }, { message: { ...message, pdf: sha(pdf) } });
  },
  'the message of another action': (proven, random, { packs }) => {
    const other = random.pick(packs);
    return other.proof.message === null || other.proof.action === proven.proof.action ? null : resealed({ ...proven, mime: other.mime, pdf: other.pdf }, { message: other.proof.message });
  },
  'no message': (proven) => (proven.proof.message === null ? null : resealed({ ...proven, mime: null, pdf: null }, { message: null })),
  'an outcome': (proven, random) => {
    const { attempts } = proven.proof;
    const index = at(attempts, random);
    const one = attempts[index];
    return one === undefined ? null : resealed(proven, { attempts: replaced(attempts, index, { ...one, outcome: one.outcome === 'accepted' ? 'refused' : 'accepted' }) });
  },
  'an answer': (proven, random) => {
    const { attempts } = proven.proof;
    const index = at(attempts, random);
    const one = attempts[index];
    return one === undefined ? null : resealed(proven, { attempts: replaced(attempts, index, { ...one, response: `250 2.0.0 ${random.between(1, 999)}` }) });
  },
  'a hand-off left out or added': (proven, random) => {
    const { attempts } = proven.proof;
    const extra = { fence: attempts.length + 1, outcome: 'accepted', response: '250 ok' };
    return resealed(proven, { attempts: attempts.length > 0 && random.chance(0.5) ? attempts.slice(1) : [...attempts, extra] });
  },
  'the state': (proven, random) => {
    const state = random.pick(['sent', 'delivered', 'cancelled', 'failed', 'proposed', 'bounced']);
    return state === proven.proof.state ? null : resealed(proven, { state });
  },
  'the action, the organisation or the installation': (proven, random) => resealed(proven, random.pick([{ action: '999999' }, { organisation: 'autre' }, { installation: '00000000-0000-0000-0000-000000000000' }])),
  'an event left out': (proven, random) => {
    const { events } = proven.proof;
    return resealed(proven, { events: events.toSpliced(at(events, random), 1) });
  },
  'two events swapped': (proven, random) => {
    const { events } = proven.proof;
    const index = random.between(0, events.length - 2);
    const [one, other] = [events[index], events[index + 1]];
    return one === undefined || other === undefined ? null : resealed(proven, { events: replaced(replaced(events, index, other), index + 1, one) });
  },
  'an event twice': (proven, random) => {
    const { events } = proven.proof;
    const index = at(events, random);
    const event = events[index];
    return event === undefined ? null : resealed(proven, { events: events.toSpliced(index, 0, event) });
  },
  'an event of another action': (proven, random, { packs, foreign }) => {
    const other = random.pick(random.chance(0.5) ? packs : foreign);
    const event = random.pick(other.proof.events);
    if (proven.proof.events.some(({ body }) => body === event.body)) return null;
    return withEvent(proven, random, () => event);
  },
  'the body of an event, its hash made anew': (proven, random) => withEvent(proven, random, (event) => {
    const body = event.body.replace(/"(\w+)":"(\d+)"/, (_whole, name: string, value: string) => `"${name}":"${BigInt(value) + 1n}"`);
    return body === event.body ? null : { ...event, body, hash: sha(Buffer.concat([Buffer.from(event.previous, 'hex'), Buffer.from(body)])) };
  }),
  'the body of an event': (proven, random) => withEvent(proven, random, (event) => ({ ...event, body: event.body.replace('"at":"2026', '"at":"2025') })),
  'the hash of an event': (proven, random) => withEvent(proven, random, (event) => ({ ...event, hash: flipHex(event.hash, random) })),
  'the link before an event': (proven, random) => withEvent(proven, random, (event) => ({ ...event, previous: flipHex(event.previous, random) })),
  'the number of an event': (proven, random) => withEvent(proven, random, (event) => ({ ...event, seq: event.seq + random.pick([-1, 1]) })),
  'a hash on the way to the head': (proven, random) => withEvent(proven, random, (event) => {
    const index = at(event.path, random);
    const one = event.path[index];
    return one === undefined ? null : { ...event, path: random.chance(0.5) ? replaced(event.path, index, flipHex(one, random)) : event.path.toSpliced(index, 1) };
  }),
  'an event without its head': (proven, random) => withEvent(proven, random, (event) => (event.head === null ? null : { ...event, head: null, path: [] })),
  'the line of a head': (proven, random) => {
    const { heads } = proven.proof;
    const index = at(heads, random);
    const line = heads[index];
    if (line === undefined) return null;
    const other = random.pick([line.replace('"at":"2026', '"at":"2025'), line.replace(/"day":"\d{4}/, '"day":"2025'), line.replace(/"root":"../, '"root":"zz'), line.replace('"seq":', '"seq": '), line.replace('acquit-head-1', 'acquit-head-2')]);
    return other === line ? null : resealed(proven, { heads: replaced(heads, index, other) });
  },
  'an event and every head made by oneself': (proven, random) => {
    const [line] = proven.proof.heads;
    const index = at(proven.proof.events, random);
    if (line === undefined) return null;
    const events = proven.proof.events.map((event, place) => {
      const body = place === index ? event.body.replace('"at":"2026', `"at":"20${random.between(10, 25)}`) : event.body;
      return { ...event, body, hash: sha(Buffer.concat([Buffer.from(event.previous, 'hex'), Buffer.from(body)])), head: place, path: [] };
    });
    const heads: string[] = [];
    for (const { seq, hash: last } of events) {
      const before = heads.at(-1);
      const root = sha(Buffer.concat([Buffer.from([0]), Buffer.from(last, 'hex')]));
      heads.push(line.replace(/"from":\d+/, `"from":${seq}`).replace(/"seq":\d+/, `"seq":${seq}`).replace(/"root":"\w+"/, `"root":"${root}"`).replace(/"hash":"\w+"/, `"hash":"${last}"`)
        .replace(/"previous":"\w+"/, `"previous":"${before === undefined ? '0'.repeat(64) : sha(Buffer.from(before))}"`));
    }
    return resealed(proven, { events, heads });
  },
  'the proof of another organisation under this name': (proven, random, { foreign }) => {
    const other = random.pick(foreign);
    return resealed(other, { organisation: proven.proof.organisation });
  },
};

/** Every way, by name. */
export const PACK_TAMPERS: Readonly<Record<string, PackTamper>> = { ...CARELESS, ...CAREFUL };

/** What nobody can find: what is on the company's word alone, the seal made anew; and the last thing that happened left out, the state put back. */
export const BEYOND_PROOF: Readonly<Record<string, PackTamper>> = {
  'something stated, the seal made anew': (proven) => resealed(proven, { stated: { ...proven.proof.stated, company: 'Autre' } }),
  'that it came back, left out': (proven) => (proven.proof.state === 'bounced' ? resealed(proven, { state: 'sent', events: proven.proof.events.slice(0, -1) }) : null),
};
