import type { ActionId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { draftMessage } from '#server/channels/prepare.ts';
import type { Preparing } from '#server/channels/prepare.ts';
import { readAction } from '#server/channels/claim.ts';
import { lostBytes } from '#server/channels/journal/lost-bytes.ts';
import { readPolicy } from '#server/dunning/policy.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** An action's message: the bytes as stored for it, or, before it was handed over, as they would be now. */
export type Shown = {
  readonly stored: boolean;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly recipient: string | null;
  readonly mime: Buffer | null;
  readonly pdf: Buffer | null;
};

type Stored = { erased: boolean; subject: string; body: string; recipient: string; mime: Buffer | null; pdf: Buffer | null };

/** The message of an action; problems say what is missing for it to leave. */
export async function showAction(t: Tenant, id: ActionId, preparing: Omit<Preparing, 'formalNoticeDays' | 'testAddress'>): Promise<Result<Shown, readonly Problem[]>> {
  const stored = await t.one<Stored>(t.sql`
    select m.erased_at is not null as erased, m.subject, m.body, m.recipient, m.mime, m.pdf from ${t.from('message')} m where m.action_id = ${id}::bigint`);
  if (stored?.erased === true) {
    return err([{ line: 0, severity: 'error', code: 'action.erased', message: { fr: 'Ce message a été effacé avec les données personnelles de son contact ; sa preuve dit quand et pourquoi.', en: 'This message was erased with its contact’s personal data; its proof says when and why.' } }]);
  }
  if (stored !== null) {
    return ok({ stored: true, subject: stored.subject, text: stored.body, html: null, recipient: stored.recipient, mime: stored.mime, pdf: stored.pdf });
  }
  const lost = await lostBytes(t, id);
  if (lost !== null) return err([lost]);
  const action = await readAction(t, id);
  if (action === null) {
    return err([{ line: 0, severity: 'error', code: 'action.unknown', message: { fr: `Aucune action n° ${id}.`, en: `No action no. ${id}.` } }]);
  }
  const { settings, sending } = await readPolicy(t, preparing.today);
  const draft = await draftMessage(t, action, { ...preparing, formalNoticeDays: settings.formalNoticeDays, testAddress: sending.testAddress });
  if (!draft.ok) return draft;
  const { composed, mail } = draft.value;
  return ok({
    stored: false, subject: composed.rendered.subject, text: composed.rendered.text, html: composed.rendered.html, recipient: action.recipient,
    mime: mail?.bytes ?? null, pdf: composed.pdf,
  });
}
