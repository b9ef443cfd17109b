import { createHash } from 'node:crypto';
import type { Instant } from '#core/kernel/clock.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Plain facts of an event: JSON without floats; amounts as decimal texts or minor-unit texts. */
export type Facts = { readonly [key: string]: string | number | boolean | null | readonly string[] | Facts };

/** One state change to keep for ever: who, what kind, about what, on which facts. */
export type NewEvent = {
  readonly at: Instant;
  /** `user:12`, `system:worker`, `cli`. */
  readonly actor: string;
  /** `slice.happened` in lower camel case: `import.applied`. */
  readonly kind: string;
  /** `relation:id`: `import:7`. */
  readonly subject: string;
  readonly facts: Facts;
};

/** Printable ASCII that JSON writes as it is. Nearly every fact is of this kind, and an event has a score of them. */
const PLAIN = /^[ !#-[\]-~]*$/u;

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

/** Canonical JSON: keys sorted at every depth, no spaces; the same facts give the same bytes. */
export function canonicalJson(value: Facts[string]): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return isList(value) ? `[${value.map(quoted).join(',')}]` : `{${fieldsOf(value)}}`;
}

const isList = (value: Facts | readonly string[]): value is readonly string[] => Array.isArray(value);

function fieldsOf(facts: Facts): string {
  let text = '';
  for (const key of Object.keys(facts).toSorted()) text += `${text === '' ? '' : ','}${quoted(key)}:${canonicalJson(facts[key] ?? null)}`;
  return text;
}

/** SHA-256, as hexadecimal, of any JSON value written with its keys sorted: what it is when it comes back from the database, whatever its order then. */
export function jsonHash(value: object): string {
  const sorted = (_key: string, one: unknown): unknown =>
    (one !== null && typeof one === 'object' && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1))) : one);
  return createHash('sha256').update(JSON.stringify(value, sorted), 'utf8').digest('hex');
}

/** Text whose bytes an event's hash covers, after the hash of the event before. */
export function eventBody(event: NewEvent): string {
  const { at, actor, kind, subject, facts } = event;
  return canonicalJson({ at, actor, kind, subject, facts });
}

/**
 * Appends an event to the organisation's chain in the caller's transaction: hash = sha256(previous hash ‖ body). The row
 * lock on the head orders the events of concurrent transactions. One statement, whose plan is kept: it finds one row by its key whatever the
 * organisation, and planning it anew takes as long as doing it.
 */
export async function record(t: Tenant, event: NewEvent): Promise<void> {
  const body = eventBody(event);
  const added = await t.run(t.sql`
    with head as (select h.seq, h.hash from ${t.from('event_head')} h for update),
    moved as (
      ${t.update('event_head', 'e')} set seq = head.seq + 1, hash = sha256(head.hash || convert_to(${body}, 'UTF8'))
      from head where ${t.own('e')} returning e.seq, head.hash as previous, e.hash
    )
    ${t.into('event', 'seq, at, actor, kind, subject, body, previous_hash, hash')}
    select ${t.org}, moved.seq, ${event.at}::timestamptz, ${event.actor}, ${event.kind}, ${event.subject}, ${body}, moved.previous, moved.hash
    from moved`, { keepPlan: true });
  if (added !== 1) throw new Error('the organisation has no event chain');
}
