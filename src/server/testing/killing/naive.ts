import type { ActionId } from '#core/kernel/id.ts';
import { readActions } from '#server/channels/claim.ts';
import { prepareMessages } from '#server/channels/prepare.ts';
import type { SendOptions } from '#server/channels/send.ts';
import type { SmtpChannel } from '#server/channels/smtp.ts';
import type { Database } from '#server/plumbing/database.ts';

/** Messages sent at once. */
const LANES = 5;
const FORMAL_NOTICE_DAYS = 8;

/**
 * The control: sends as most programs do, inside the transaction that then marks the message as sent. A kill between the server's yes and the commit
 * sends it again. A harness that does not see that proves nothing of the real worker.
 */
export async function naiveTurn(database: Database, options: SendOptions & { readonly channel: SmtpChannel }): Promise<number> {
  const { organisation, channel } = options;
  let sent = 0;
  const sendNext = (): Promise<boolean> => database.inTenant(organisation, async (t) => {
    const next = await t.one<{ action_id: ActionId }>(t.sql`
      select a.action_id from ${t.from('action')} a where a.state = 'approved' and a.channel = 'email' order by a.action_id limit 1 for update skip locked`);
    if (next === null) return false;
    const made = await prepareMessages(t, await readActions(t, [next.action_id]), { ...options, formalNoticeDays: FORMAL_NOTICE_DAYS });
    const message = made.get(next.action_id);
    if (message?.ok !== true || message.value.mail === null) throw new Error('the message could not be composed');
    const outcome = await channel.send(message.value.mail);
    if (outcome.kind !== 'accepted') throw new Error(`not taken: ${outcome.kind}`);
    await t.run(t.sql`${t.update('action', 'a')} set state = 'sent', sent_on = ${options.today}::date where ${t.own('a')} and a.action_id = ${next.action_id}::bigint`);
    sent += 1;
    return true;
  });
  const lane = async (): Promise<void> => {
    for (let more = await sendNext(); more; more = await sendNext());
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return sent;
}
