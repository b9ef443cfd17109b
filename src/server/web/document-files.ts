import type { FileView } from '#core/api/reviews.ts';
import type { Id } from '#core/kernel/id.ts';
import type { DocumentId } from '#server/intake/einvoice/apply-einvoice.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Attachment } from './attachment.ts';

/** A stored file of a document. */
export type DocumentFileId = Id<'documentFile'>;

const KINDS = { 'application/pdf': { type: 'pdf', extension: '.pdf' }, 'application/xml': { type: 'xml', extension: '.xml' } } as const;

/** Media types that documents are kept as; the database accepts no other. */
type MediaType = keyof typeof KINDS;

/** The files of documents, the PDF that people read before the XML. */
export async function filesOf(t: Tenant, documents: readonly string[]): Promise<ReadonlyMap<string, FileView[]>> {
  const rows = await t.rows<{ id: string; document: string; media_type: MediaType }>(t.sql`
    select f.document_file_id::text as id, f.document_id::text as document, f.media_type from ${t.from('document_file')} f
    where f.document_id = any(${[...documents]}::bigint[]) order by f.document_id, f.media_type, f.document_file_id`);
  return Map.groupBy(rows.map(({ id, document, media_type: media }): FileView => ({ id, document, type: KINDS[media].type })), (file) => file.document);
}

/** A file of a document of this organisation to be saved, or null. */
export async function readFileOf(t: Tenant, of: { document: DocumentId; file: DocumentFileId }): Promise<Attachment | null> {
  const row = await t.one<{ file_name: string; media_type: MediaType; content: Buffer }>(t.sql`
    select f.file_name, f.media_type, f.content from ${t.from('document_file')} f
    where f.document_id = ${of.document}::bigint and f.document_file_id = ${of.file}::bigint`);
  return row === null ? null : { bytes: row.content, type: row.media_type, name: row.file_name, extension: KINDS[row.media_type].extension };
}
