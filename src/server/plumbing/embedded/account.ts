import { lchown, lstat, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { problem } from './problem.ts';
import type { EmbeddedProblem } from './problem.ts';
import { findProgram } from './program.ts';

/** A user the server may run as; `name` is its number when /etc/passwd does not know it. */
export type User = { readonly uid: number; readonly gid: number; readonly name: string };

/**
 * The user PostgreSQL runs as and how we become it: `self` (we are it), `switch` (we are root and set the ids), `capability` (root too, but this user
 * cannot walk to the folders, so setpriv hands it the one capability that lets it).
 */
export type Account = User & ({ readonly way: 'self' | 'switch' } | { readonly way: 'capability'; readonly setpriv: string; readonly capability: Capability });

/** Lets a process read and search any folder; `dac_override` lets it write as well and is taken only where the first is withheld (containers). */
type Capability = 'dac_read_search' | 'dac_override';

/** Numbers of the capabilities in the kernel's masks (linux/capability.h). */
const CAPABILITIES: readonly (readonly [Capability, bigint])[] = [['dac_read_search', 2n], ['dac_override', 1n]];

/** Capabilities without which setpriv cannot do this: setgid 6, setuid 7, setpcap 8. */
const NEEDED_BITS: readonly bigint[] = [6n, 7n, 8n];

/** Accounts looked for when neither the data nor the cluster names an ordinary owner. */
const FALLBACK_NAMES: readonly string[] = ['postgres', 'nobody'];

/** Reads /etc/passwd: one `name:password:uid:gid:…` a line, other lines ignored. */
export function parsePasswd(text: string): User[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([^:#]+):[^:]*:(\d+):(\d+):/.exec(line);
    return match === null ? [] : [{ name: match[1] ?? '', uid: Number(match[2]), gid: Number(match[3]) }];
  });
}

type Owner = { readonly uid: number; readonly gid: number };

/** For root: the owner of the cluster, else the (declared) owner of the data folder, else `postgres`, else `nobody`; never root; null when none fits. */
export function chooseUser(users: readonly User[], cluster: Owner | null, data: Owner): User | null {
  const known = (uid: number): User | null => users.find((user) => user.uid === uid) ?? null;
  if (cluster !== null && cluster.uid !== 0) return known(cluster.uid) ?? { ...cluster, name: String(cluster.uid) };
  const byName = FALLBACK_NAMES.flatMap((name) => users.filter((user) => user.name === name));
  const candidates = [known(data.uid), ...byName];
  return candidates.find((user) => user !== null && user.uid !== 0) ?? null;
}

/** Whether a user, with no other group than its own, may enter a folder and every folder above it. */
export async function canEnter(user: User, folder: string): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  const parent = path.dirname(folder);
  return parent === folder || canEnter(user, parent);
}

/** The capability to hand over, or null when this process has none of them or may not change its identity. */
async function capabilityAtHand(): Promise<Capability | null> {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
  if (mask === undefined) return null;
  const bits = BigInt(`0x${mask}`);
  const has = (bit: bigint): boolean => ((bits >> bit) & 1n) === 1n;
  if (!NEEDED_BITS.every(has)) return null;
  return CAPABILITIES.find(([, bit]) => has(bit))?.[0] ?? null;
}

const users = async (): Promise<User[]> => parsePasswd(await readFile('/etc/passwd', 'utf8').catch(() => ''));

const ownerOf = (folder: string): Promise<Owner | null> => lstat(folder).then(({ uid, gid }) => ({ uid, gid }), () => null);

async function ordinaryAccount(cluster: string, self: Owner): Promise<Result<Account, EmbeddedProblem>> {
  const known = (await users()).find((user) => user.uid === self.uid);
  const who = known?.name ?? String(self.uid);
  const owner = await ownerOf(cluster);
  if (owner !== null && owner.uid !== self.uid) return err(problem('embedded.owner', { where: cluster, who, detail: `uid ${owner.uid}` }));
  if (owner === null && known === undefined) return err(problem('embedded.noPasswdEntry', { where: cluster, who }));
  return ok({ ...self, name: who, way: 'self' });
}

async function accountOfRoot(at: { cluster: string; dataDir: string; folders: readonly string[] }): Promise<Result<Account, EmbeddedProblem>> {
  const data = await stat(at.dataDir);
  const user = chooseUser(await users(), await ownerOf(at.cluster), data);
  if (user === null) return err(problem('embedded.noAccount', { where: at.dataDir }));
  const closed: string[] = [];
  for (const folder of [...at.folders, at.dataDir]) if (!(await canEnter(user, folder))) closed.push(folder);
  if (closed[0] === undefined) return ok({ ...user, way: 'switch' });
  const setpriv = await findProgram('setpriv');
  const capability = await capabilityAtHand();
  if (setpriv === null || capability === null) return err(problem('embedded.unreachableFolder', { where: closed[0], who: user.name }));
  return ok({ ...user, way: 'capability', setpriv, capability });
}

/** Decides which user the server runs as; `folders` are the program folders that user must be able to enter. */
export async function findAccount(at: { cluster: string; dataDir: string; folders: readonly string[] }): Promise<Result<Account, EmbeddedProblem>> {
  const uid = process.geteuid?.() ?? -1;
  return uid === 0 ? accountOfRoot(at) : ordinaryAccount(at.cluster, { uid, gid: process.getegid?.() ?? -1 });
}

/** Gives a file or folder (never what a link points to) to the account; nothing to do for an ordinary user. */
export async function giveTo(account: Account, file: string): Promise<void> {
  if (account.way !== 'self') await lchown(file, account.uid, account.gid);
}

/** Gives a whole folder to the account when it belongs to root, as after a restore or a `chown -R root`. */
export async function giveTreeTo(account: Account, folder: string): Promise<void> {
  if (account.way === 'self' || (await lstat(folder)).uid !== 0) return;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) await giveTo(account, path.join(entry.parentPath, entry.name));
  await giveTo(account, folder);
}
