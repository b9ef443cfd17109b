import type { ActionId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Says of a message that the send journal alone knows: it left, its bytes are not in this database, and what their hash was. Null for every other one. */
export async function lostBytes(t: Tenant, action: ActionId): Promise<Problem | null> {
  const row = await t.one<{ sha256: string }>(t.sql`
    select encode(s.journal_sha256, 'hex') as sha256 from ${t.from('send_attempt')} s join ${t.from('action')} a on a.action_id = s.action_id
    where s.action_id = ${action}::bigint and s.journal_sha256 is not null and a.state in ('sent', 'delivered', 'bounced', 'replied', 'unknown')
      and not exists (select from ${t.from('message')} m where m.action_id = s.action_id) order by s.fence desc limit 1`);
  if (row === null) return null;
  return {
    line: 0, severity: 'warning', code: 'action.bytesElsewhere',
    message: {
      fr: `Ce message est parti avant que la base ne soit restaurée : son contenu n’y est pas. Le journal d’envoi en garde l’empreinte SHA-256 ${row.sha256}.`,
      en: `This message left before the database was restored: its bytes are not in it. The send journal holds their SHA-256, ${row.sha256}.`,
    },
  };
}
