import { generateKeyPairSync, sign } from 'node:crypto';
import type { Certificate } from './sink.ts';

// A certificate for 127.0.0.1 made on the spot (RFC 5280), so that none lies in the repository to expire one day.

const DAY_MS = 86_400_000;
const LONG_FORM = 128;

/** One element of DER (X.690): tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < LONG_FORM ? Buffer.from([content.length]) : content.length < 256 ? Buffer.from([0x81, content.length]) : Buffer.from([0x82, content.length >> 8, content.length & 255]);
  return Buffer.concat([Buffer.from([tag]), length, content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const utcTime = (at: Date): Buffer => der(0x17, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`));
const pem = (name: string, bytes: Buffer): string => `-----BEGIN ${name}-----\n${bytes.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END ${name}-----\n`;

const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const SUBJECT_ALT_NAME = '551d11';
const BASIC_CONSTRAINTS = '551d13';
const LOOPBACK = [127, 0, 0, 1];

/** A key and a certificate that vouches for itself, good for this machine's loopback address for a day. */
export function loopbackCertificate(now: Date): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const name = sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from('127.0.0.1')))));
  const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), der(0x04, value));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.from([1])), algorithm, name,
    sequence(utcTime(new Date(now.getTime() - DAY_MS)), utcTime(new Date(now.getTime() + DAY_MS))), name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension(SUBJECT_ALT_NAME, sequence(der(0x87, Buffer.from(LOOPBACK)))), extension(BASIC_CONSTRAINTS, sequence(der(0x01, Buffer.from([255])))))),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: pem('CERTIFICATE', sequence(body, algorithm, signature)) };
}
