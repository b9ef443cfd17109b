import { expect, test } from 'vitest';
import { webhookClient } from './post.ts';
import type { Posting } from './post.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import { readPrivateHosts, readTarget, refusedAddress } from './target.ts';

const NOBODY = readPrivateHosts(undefined);
const posting = (url: string): Posting => ({ url, headers: {}, body: Buffer.from('{}') });

/** The targets that are refused by their address alone. */
test.each([
  ['http://127.0.0.1', 'scheme'], ['http://[::1]', 'scheme'], ['http://0.0.0.0', 'scheme'], ['http://2130706433', 'scheme'], ['http://0177.0.0.1', 'scheme'], ['http://169.254.169.254', 'scheme'],
  ['http://[fd00:ec2::254]', 'scheme'], ['http://10.0.0.1', 'scheme'], ['http://[::ffff:10.0.0.1]', 'scheme'], ['http://localhost.', 'scheme'], ['http://user@10.0.0.1', 'user'],
  ['gopher://erp.example.com', 'scheme'], ['file:///etc/passwd', 'scheme'], ['ftp://erp.example.com', 'scheme'],
  // With https as well: the number decides, however it is written.
  ['https://127.0.0.1', 'inside'], ['https://[::1]', 'inside'], ['https://0.0.0.0', 'inside'], ['https://2130706433', 'inside'], ['https://0177.0.0.1', 'inside'], ['https://0x7f.1', 'inside'],
  ['https://169.254.169.254/latest', 'inside'], ['https://[fd00:ec2::254]', 'inside'], ['https://10.0.0.1', 'inside'], ['https://[::ffff:10.0.0.1]', 'inside'], ['https://[::ffff:8.8.8.8]', 'inside'],
  ['https://[64:ff9b::a00:1]', 'inside'], ['https://[2002:a00:1::]', 'inside'], ['https://localhost.', 'inside'], ['https://localhost', 'inside'], ['https://metadata', 'inside'],
  ['https://metadata.google.internal', 'inside'], ['https://user@erp.example.com', 'user'], ['https://user:word@erp.example.com', 'user'], ['https://@erp.example.com', 'user'],
  ['https://erp.example.com:22', 'port'], ['https://erp.example.com:5432', 'port'], ['https://erp.example.com:80', 'port'], [`https://erp.example.com/${'a'.repeat(8_192)}`, 'long'],
  ['https://еrp.example.com', 'letters'], ['https://erp。example.com', 'letters'], ['erp.example.com', 'unreadable'], ['', 'unreadable'], [' https://erp.example.com', 'unreadable'], ['javascript:alert(1)', 'scheme'],
])('%s is refused: %s', async (url, code) => {
  expect(readTarget(url, NOBODY)).toMatchObject({ ok: false, error: { code: `webhook.${code}` } });
  const asked: string[] = [];
  const post = webhookClient({ hosts: NOBODY, resolve: async (host) => (asked.push(host), ['93.184.216.34']) });
  expect(await post(posting(url))).toEqual({ outcome: 'address', status: null });
  expect(asked).toEqual([]);
});

/** Those that a name leads to; each look-up gives what the row says. */
test.each<[string, () => Promise<readonly string[]>, string]>([
  ['a name that leads to a private address', async () => ['10.1.2.3'], 'address'],
  ['one private address among public ones', async () => ['93.184.216.34', '192.168.1.1'], 'address'],
  ['a name that leads to the metadata of a cloud machine, by whatever alias', async () => ['169.254.169.254'], 'address'],
  ['the same as IPv6', async () => ['fd00:ec2::254'], 'address'],
  ['a private address written as IPv6', async () => ['::ffff:10.0.0.1'], 'address'],
  ['an answer that is no address', async () => ['erp.example.com'], 'address'],
  ['a name that does not exist', async () => Promise.reject(new Error('ENOTFOUND')), 'dns'],
  ['a name without an address', async () => [], 'dns'],
  ['a look-up that never ends', () => new Promise(() => undefined), 'dns'],
])('%s is refused', async (_name, resolve, outcome) => {
  const post = webhookClient({ hosts: NOBODY, resolve, callMs: 200 });
  expect(await post(posting('https://erp.example.com/hook'))).toEqual({ outcome, status: null });
});

test.each([
  ['8.8.8.8', false], ['93.184.216.34', false], ['2606:2800:220:1:248:1893:25c8:1946', false],
  ['100.64.0.1', true], ['172.16.0.1', true], ['172.31.255.255', true], ['192.0.2.1', true], ['198.18.0.1', true], ['224.0.0.1', true], ['255.255.255.255', true], ['0.1.2.3', true],
  ['fe80::1', true], ['fc00::1', true], ['ff02::1', true], ['2001:db8::1', true], ['2001::1', true], ['::', true], ['::7f00:1', true],
])('%s is refused: %s', (address, wanted) => {
  expect(refusedAddress(address, false)).toBe(wanted);
});

test('a host that the operator named may be private, on its port; the machine behind a cloud machine never', () => {
  const hosts = readPrivateHosts('erp.lan:8443, 127.0.0.1:8080 ,crm.lan');
  expect(readTarget('https://erp.lan:8443/hook?a=1', hosts)).toEqual({ ok: true, value: { secure: true, host: 'erp.lan', port: 8443, path: '/hook?a=1', private: true } });
  expect(readTarget('http://127.0.0.1:8080/', hosts)).toMatchObject({ ok: true, value: { secure: false } });
  expect(readTarget('https://crm.lan/', hosts)).toMatchObject({ ok: true });
  for (const url of ['https://crm.lan:8443/', 'http://127.0.0.1/', 'http://127.0.0.1:8081/', 'http://erp.lan:8444/']) expect(readTarget(url, hosts).ok).toBe(false);
  // On another port it is a name like any other, whose private address is refused at the call.
  expect(readTarget('https://erp.lan/', hosts)).toMatchObject({ ok: true, value: { private: false } });
  expect(['10.0.0.1', '127.0.0.1', '::1', '169.254.169.254', 'fd00:ec2::254', '0.0.0.0'].map((address) => refusedAddress(address, true))).toEqual([false, false, false, true, true, true]);
  expect(['fd20:ce::254', 'fd00:42::42', '100.100.100.200', '168.63.129.16'].filter((address) => !refusedAddress(address, true))).toEqual([]);
});

test('an IPv6 host is named in brackets with its port, as it is or without any port; what is no host is refused', () => {
  const hosts = readPrivateHosts('[fd12::1]:8443, fd12:0::2, ERP.lan.:8443');
  expect(['http://[fd12::1]:8443/', 'http://[fd12::2]/', 'https://[fd12::2]/', 'https://erp.lan:8443/', 'https://ERP.LAN.:8443/'].filter((url) => !readTarget(url, hosts).ok)).toEqual([]);
  expect(['http://[fd12::1]:8444/', 'http://[fd12::1:8443]/', 'http://[fd12::2]:8443/'].filter((url) => readTarget(url, hosts).ok)).toEqual([]);
  // With no brackets the last group is a part of the address.
  expect([readTarget('http://[fd12::1]:8443/', readPrivateHosts('fd12::1:8443')).ok, readTarget('http://[fd12::1:8443]/', readPrivateHosts('fd12::1:8443')).ok]).toEqual([false, true]);
  for (const wrong of ['https://erp.lan', 'erp.lan/hook', 'a b', 'erp.lan:port', '[fd12::1']) {
    expect(() => readPrivateHosts(wrong)).toThrow(/ACQUIT_WEBHOOK_PRIVATE_HOSTS/);
    expect(readSettings({ ACQUIT_WEBHOOK_PRIVATE_HOSTS: wrong }).ok).toBe(false);
  }
  expect(readSettings({ ACQUIT_WEBHOOK_PRIVATE_HOSTS: '[fd12::1]:8443, fd12:0::2, ERP.lan.:8443, 10.0.0.7:8080' }).ok).toBe(true);
});
