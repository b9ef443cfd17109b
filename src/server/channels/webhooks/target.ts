import { BlockList, isIP } from 'node:net';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';

/** Longest address of a receiver: what every server takes. */
const URL_CHARS_MAX = 2_048;
const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** Named hosts to which http, the ports named with them and private addresses are allowed (ACQUIT_WEBHOOK_PRIVATE_HOSTS); nobody else may be reached there. */
export type PrivateHosts = ReadonlySet<string>;

/** Reads the setting: hosts, each with a port or for 443 and 80, comma separated; an IPv6 address with a port stands in brackets. Throws of one that cannot be read. */
export const readPrivateHosts = (setting: string | undefined): PrivateHosts => new Set((setting ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '').map(readPrivateHost));

function readPrivateHost(text: string): string {
  const url = URL.parse(`http://${isIP(text) === 6 ? `[${text}]` : text}`);
  const port = /\]?:(\d+)$/u.exec(isIP(text) === 6 ? '' : text)?.[1] ?? null;
  if (url === null || url.pathname !== '/' || url.search !== '' || url.username !== '' || text.endsWith('/')) throw new Error(`ACQUIT_WEBHOOK_PRIVATE_HOSTS: "${text}" is no host, host:port or [IPv6]:port`);
  return `${hostOf(url)}${port === null ? '' : `:${Number(port)}`}`;
}

/** As URLs have it, IPv6 in brackets, without the dot at its end. */
const hostOf = (url: URL): string => url.hostname.replace(/\.$/u, '');

/** Where a call goes: `host` without brackets, `private` when the operator named it. */
export type Target = { readonly secure: boolean; readonly host: string; readonly port: number; readonly path: string; readonly private: boolean };

const SAID = {
  long: { fr: `L’adresse dépasse ${URL_CHARS_MAX} caractères.`, en: `The address has more than ${URL_CHARS_MAX} characters.` },
  unreadable: { fr: 'Ce n’est pas une adresse web : écrivez-la en entier, https:// compris.', en: 'This is no web address: write it in full, with https://.' },
  scheme: { fr: 'L’adresse doit commencer par https:// : ce qui part nomme vos clients et leurs montants.', en: 'The address must begin with https://: what leaves names your customers and their amounts.' },
  user: { fr: 'L’adresse contient un identifiant ou un mot de passe : la signature en tient lieu, retirez-les.', en: 'The address holds a user name or password: the signature stands for them, take them out.' },
  port: { fr: 'Seul le port 443 est permis. L’administrateur peut nommer d’autres hôtes et ports (ACQUIT_WEBHOOK_PRIVATE_HOSTS).', en: 'Only port 443 is allowed. The administrator can name other hosts and ports (ACQUIT_WEBHOOK_PRIVATE_HOSTS).' },
  letters: { fr: 'Le nom d’hôte contient des lettres hors de l’alphabet latin simple, qui peuvent imiter un autre nom : écrivez-le en « xn-- ».', en: 'The host name has letters beyond plain Latin ones, which can imitate another name: write it with "xn--".' },
  inside: { fr: 'Cette adresse mène à cette machine ou à un réseau interne. L’administrateur peut nommer l’hôte s’il le veut (ACQUIT_WEBHOOK_PRIVATE_HOSTS).', en: 'This address leads to this machine or an internal network. The administrator can name the host if it is meant (ACQUIT_WEBHOOK_PRIVATE_HOSTS).' },
} as const satisfies Readonly<Record<string, Bilingual>>;

const refused = (code: keyof typeof SAID): { readonly ok: false; readonly error: Problem } => err({ line: 0, severity: 'error', code: `webhook.${code}`, message: SAID[code] });

/**
 * Reads the address of a receiver as a person entered it. What is refused here is refused before any name is looked up; where a name leads is only known
 * at each call (`refusedAddress`).
 */
export function readTarget(text: string, hosts: PrivateHosts): Result<Target, Problem> {
  if (text.length > URL_CHARS_MAX) return refused('long');
  const url = URL.parse(text);
  if (url === null || text !== text.trim()) return refused('unreadable');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused('scheme');
  if (url.username !== '' || url.password !== '' || /^[a-z]+:\/*[^/?#]*@/iu.test(text)) return refused('user');
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? HTTPS_PORT : HTTP_PORT) : Number(url.port);
  const host = hostOf(url).replace(/^\[|\]$/gu, '');
  const named = hosts.has(`${hostOf(url)}:${port}`) || (hosts.has(hostOf(url)) && (port === HTTPS_PORT || port === HTTP_PORT));
  if (!secure && !named) return refused('scheme');
  if (port !== HTTPS_PORT && !named) return refused('port');
  if (!/^[\x21-\x7e]+$/u.test(text.split(/[/?#]/u)[2] ?? '')) return refused('letters');
  if (!named && (isIP(host) === 0 ? isInsideName(host) : refusedAddress(host, false))) return refused('inside');
  return ok({ secure, host, port, path: `${url.pathname}${url.search}`, private: named });
}

/** Names that no public server has: one word, and the endings kept for machines and local networks (RFC 6761, RFC 6762, RFC 8375). */
const isInsideName = (host: string): boolean => !host.includes('.') || /\.(?:localhost|local|internal|home\.arpa|test|invalid|onion)$/u.test(host);

const listOf = (...nets: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const net of nets) {
    const [address = '', prefix = ''] = net.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
};

/** Addresses of a machine itself and of networks of one's own: allowed to named hosts only. */
const OWN = listOf('127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '::1/128', 'fc00::/7');
/** What answers for the machine at cloud providers (AWS, Google, Scaleway, Alibaba, Azure), reached by nobody: the addresses of this link, and some that are of other networks by their number. */
const NEVER = listOf('169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128', 'fd20:ce::254/128', 'fd00:42::42/128', '100.100.100.200/32', '168.63.129.16/32');
/** No unicast addresses of the public internet (IANA special-purpose registries of IPv4). */
const SPECIAL_4 = listOf('0.0.0.0/8', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4');
/** Of IPv6 the public unicast addresses are allowed, without those that carry an IPv4 address or are for documents and protocols. */
const PUBLIC_6 = listOf('2000::/3');
const SPECIAL_6 = listOf('2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20');

/** Whether no call goes to this address. What is no address at all is refused too. */
export function refusedAddress(address: string, named: boolean): boolean {
  const family = isIP(address) === 4 ? 'ipv4' : isIP(address) === 6 ? 'ipv6' : null;
  if (family === null || NEVER.check(address, family)) return true;
  // Before the others: an IPv4 address written as one of IPv6 (::ffff:10.0.0.1) is outside of 2000::/3, whatever it holds.
  if (family === 'ipv6' && /^::ffff:/iu.test(address)) return true;
  if (OWN.check(address, family)) return !named;
  return family === 'ipv4' ? SPECIAL_4.check(address, 'ipv4') : !PUBLIC_6.check(address, 'ipv6') || SPECIAL_6.check(address, 'ipv6');
}
