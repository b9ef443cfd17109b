import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/** A rule and the rows that break it, counted. */
export type Rule = { readonly name: string; readonly query: SqlPiece };

/** `commitment` of commitment.ts, in SQL. */
const committed = (t: Tenant, of: { name: string; value: SqlPiece }): SqlPiece =>
  t.sql`encode(sha256(m.salt || convert_to(${of.name}, 'UTF8') || '\\x00'::bytea || convert_to(${of.value}, 'UTF8')), 'hex')`;

const factsOf = (t: Tenant, kind: string): SqlPiece =>
  t.sql`(select e.subject, e.body::jsonb -> 'facts' as facts from ${t.from('event')} e where e.kind = ${kind} and e.body::jsonb -> 'facts' ? 'action')`;

/** What must hold between messages, hand-offs and the events that commit to them. Events from before each action had its own commit to nothing. */
export function messageRules(t: Tenant): Rule[] {
  const hex = (column: 'mime_sha256' | 'pdf_sha256'): SqlPiece => (column === 'mime_sha256' ? t.sql`encode(m.mime_sha256, 'hex')` : t.sql`encode(m.pdf_sha256, 'hex')`);
  return [
    {
      name: 'messages are those their hand-offs committed to',
      query: t.sql`
        select count(*)::text as bad from ${t.from('message')} m join ${factsOf(t, 'action.claimed')} e on e.subject = 'action:' || m.action_id join ${t.from('action')} a on a.action_id = m.action_id
        where m.erased_at is null and (e.facts ->> 'recipient' is distinct from ${committed(t, { name: 'recipient', value: t.sql`m.recipient` })} or e.facts ->> 'headerId' is distinct from m.header_id
          or e.facts ->> 'mime' is distinct from case when m.mime_sha256 is not null then ${committed(t, { name: 'mime', value: hex('mime_sha256') })} end
          or e.facts ->> 'pdf' is distinct from case when m.pdf_sha256 is not null then ${committed(t, { name: 'pdf', value: hex('pdf_sha256') })} end
          or e.facts ->> 'total' is distinct from a.total::text or e.facts ->> 'currency' is distinct from a.currency)`,
    },
    {
      name: 'answers are those their hand-offs committed to',
      query: t.sql`
        select count(*)::text as bad from ${t.from('send_attempt')} s join ${factsOf(t, 'action.settled')} e on e.subject = 'action:' || s.action_id and (e.facts ->> 'fence')::int = s.fence
        join ${t.from('message')} m on m.action_id = s.action_id
        where m.erased_at is null and (s.outcome is distinct from e.facts ->> 'outcome' or e.facts ->> 'response' is distinct from ${committed(t, { name: 'response', value: t.sql`s.response` })})
          and not exists (select from ${t.from('event')} n where n.subject = e.subject and n.kind = 'action.sent' and s.outcome = 'accepted' and s.response = 'confirmed by ' || n.actor)`,
    },
  ];
}
