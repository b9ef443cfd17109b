import { createHash } from 'node:crypto';
import type { Instant } from '#core/kernel/clock.ts';
import type { HoldId, Id } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { holdProblem } from '#core/holds/hold-problems.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { fileKind } from './file-kind.ts';
import type { By } from './holds.ts';

/** A file joined to a hold, and a comment on it. */
export type HoldFileId = Id<'holdFile'>;

/** A delivery note, a photograph, a contract: each under this; the database refuses more. */
export const HOLD_FILE_MEGABYTES_MAX = 10;
/** The same in bytes. */
export const HOLD_FILE_BYTES_MAX = HOLD_FILE_MEGABYTES_MAX * 1024 * 1024;
/** Files of one hold: a dispute with more is a lawsuit, whose file is elsewhere. */
export const HOLD_FILES_MAX = 20;
/** Longest name kept. */
const FILE_NAME_MAX = 200;

/** Comments of one hold that are shown at once, the latest. */
export const HOLD_COMMENTS_MAX = 500;

/** Joins a file to a hold. What it is follows from its bytes, never from its name; the same bytes twice are one file. */
export async function addFile(t: Tenant, holdId: HoldId, of: { name: string; bytes: Uint8Array; by: By }): Promise<Result<HoldFileId, Problem>> {
  const { bytes, by } = of;
  if (bytes.length === 0 || bytes.length > HOLD_FILE_BYTES_MAX) return err(holdProblem('fileSize', { megabytes: HOLD_FILE_MEGABYTES_MAX }));
  const kind = fileKind(bytes);
  if (kind === null) return err(holdProblem('fileKind', {}));
  const hold = await lockHold(t, holdId);
  if (hold === null) return err(holdProblem('holdUnknown', {}));
  const hash = createHash('sha256').update(bytes).digest();
  const known = await t.rows<{ hold_file_id: HoldFileId; same: boolean }>(t.sql`select f.hold_file_id, f.sha256 = ${hash} as same from ${t.from('hold_file')} f where f.hold_id = ${holdId}::bigint`);
  const same = known.find((file) => file.same);
  if (same !== undefined) return ok(same.hold_file_id);
  if (known.length >= HOLD_FILES_MAX) return err(holdProblem('fileCount', { max: HOLD_FILES_MAX }));
  const name = [...of.name.toWellFormed().replaceAll('\u0000', '').trim()].slice(-FILE_NAME_MAX).join('');
  const row = await t.one<{ hold_file_id: HoldFileId }>(t.sql`
    ${t.into('hold_file', 'hold_id, file_name, media_type, sha256, content, at, actor')}
    values (${t.org}, ${holdId}::bigint, ${name === '' ? `fichier${kind.extension}` : name}, ${kind.type}, ${hash}, ${bytes}, ${by.clock.now()}::timestamptz, ${by.actor}) returning hold_file_id`);
  if (row === null) throw new Error('no file row');
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: 'hold.fileAdded', subject: `customer:${hold.customer_id}`,
    facts: { hold: holdId, file: row.hold_file_id, type: kind.type, bytes: bytes.length, sha256: hash.toString('hex') },
  });
  return ok(row.hold_file_id);
}

/** Adds a comment, which is never changed afterwards. The event holds its hash: the words may have to be erased one day, the chain not. */
export async function addComment(t: Tenant, holdId: HoldId, of: { body: string; by: By }): Promise<Result<true, Problem>> {
  const hold = await lockHold(t, holdId);
  if (hold === null) return err(holdProblem('holdUnknown', {}));
  const body = of.body.toWellFormed().replaceAll('\u0000', '');
  await t.run(t.sql`${t.into('hold_comment', 'hold_id, at, actor, body')} values (${t.org}, ${holdId}::bigint, ${of.by.clock.now()}::timestamptz, ${of.by.actor}, ${body})`);
  await record(t, {
    at: of.by.clock.now(), actor: of.by.actor, kind: 'hold.commented', subject: `customer:${hold.customer_id}`,
    facts: { hold: holdId, sha256: createHash('sha256').update(body, 'utf8').digest('hex') },
  });
  return ok(true);
}

const lockHold = (t: Tenant, holdId: HoldId): Promise<{ customer_id: string } | null> =>
  t.one(t.sql`select h.customer_id from ${t.from('hold')} h where h.hold_id = ${holdId}::bigint for update`);

/** A file of a hold as lists show it. */
export type HoldFileRow = { hold_file_id: HoldFileId; file_name: string; media_type: string; bytes: number; at: Instant; actor: string };

/** The files of a hold, oldest first. */
export const listFiles = (t: Tenant, holdId: HoldId): Promise<HoldFileRow[]> => t.rows(t.sql`
  select f.hold_file_id, f.file_name, f.media_type, octet_length(f.content) as bytes, f.at, f.actor from ${t.from('hold_file')} f where f.hold_id = ${holdId}::bigint order by f.hold_file_id`);

/** A comment on a hold. */
export type HoldCommentRow = { hold_comment_id: string; at: Instant; actor: string; body: string };

/** The latest comments of a hold, oldest of them first. */
export const listComments = (t: Tenant, holdId: HoldId): Promise<HoldCommentRow[]> => t.rows(t.sql`
  select k.* from (select c.hold_comment_id, c.at, c.actor, c.body from ${t.from('hold_comment')} c where c.hold_id = ${holdId}::bigint order by c.hold_comment_id desc limit ${HOLD_COMMENTS_MAX}) k
  order by k.hold_comment_id`);

/** The bytes of a file of a hold, with its name and type; null when that hold has no such file. */
export async function readFile(t: Tenant, of: { hold: HoldId; file: HoldFileId }): Promise<{ name: string; type: string; bytes: Buffer } | null> {
  const row = await t.one<{ file_name: string; media_type: string; content: Buffer }>(t.sql`
    select f.file_name, f.media_type, f.content from ${t.from('hold_file')} f where f.hold_id = ${of.hold}::bigint and f.hold_file_id = ${of.file}::bigint`);
  return row === null ? null : { name: row.file_name, type: row.media_type, bytes: row.content };
}
