/** Object identifier of SHA-256 (RFC 5754), in DER with its tag. */
const SHA256_OID = Buffer.from([0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]);
const NULL = Buffer.from([0x05, 0x00]);
const VERSION_1 = Buffer.from([0x02, 0x01, 0x01]);
/** The certificate of the authority is to come with the answer, so that the answer can be checked by itself. */
const WITH_CERTIFICATE = Buffer.from([0x01, 0x01, 0xff]);
const SEQUENCE = 0x30;
const OCTET_STRING = 0x04;

/** A DER element shorter than 128 bytes, as every part of the request is. */
function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length > 127) throw new Error('a timestamp request has no part that long');
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}

/**
 * The request for a timestamp (RFC 3161, section 2.4.1) of a SHA-256, as a timestamping authority takes it by POST (application/timestamp-query).
 * It names no policy and no nonce: the same hash gives the same file.
 */
export function timestampRequest(sha256: Buffer): Buffer {
  if (sha256.length !== 32) throw new Error('a SHA-256 has 32 bytes');
  const imprint = element(SEQUENCE, element(SEQUENCE, SHA256_OID, NULL), element(OCTET_STRING, sha256));
  return element(SEQUENCE, VERSION_1, imprint, WITH_CERTIFICATE);
}
