/** A setting of the embedded server and why it has this value. */
type Setting = { readonly name: string; readonly value: string; readonly reason: string };

const SETTINGS: readonly Setting[] = [
  { name: 'listen_addresses', value: '', reason: 'no TCP: the only way in is the private socket' },
  { name: 'unix_socket_permissions', value: '0700', reason: 'a second fence behind the 0700 folder' },
  { name: 'max_connections', value: '100', reason: 'a few processes with pools of ten to twenty' },
  { name: 'shared_buffers', value: '128MB', reason: 'the rest of the memory serves the operating system cache' },
  { name: 'work_mem', value: '16MB', reason: 'an ageing report sorts some 100,000 rows without a temporary file' },
  { name: 'maintenance_work_mem', value: '128MB', reason: 'index builds after a bulk load' },
  { name: 'random_page_cost', value: '1.1', reason: 'solid-state disks are the rule' },
  { name: 'jit', value: 'off', reason: 'compiling costs more than our short queries take' },
  { name: 'timezone', value: 'UTC', reason: 'instants are kept and shown in UTC, days are computed by us' },
  { name: 'log_timezone', value: 'UTC', reason: 'one time zone in every log' },
  { name: 'datestyle', value: 'ISO, YMD', reason: 'days are read as YYYY-MM-DD' },
  { name: 'password_encryption', value: 'scram-sha-256', reason: 'whatever role ever gets a password' },
  { name: 'logging_collector', value: 'off', reason: 'the launcher owns the log file' },
  { name: 'log_min_messages', value: 'warning', reason: 'the log grows with trouble, not with use' },
  { name: 'log_checkpoints', value: 'off', reason: 'one line every five minutes says nothing to a person' },
  { name: 'log_min_error_statement', value: 'panic', reason: 'statements hold names and amounts: they stay out of the log' },
  { name: 'log_error_verbosity', value: 'terse', reason: 'the detail of an error quotes rows: it stays out of the log' },
];

const DURABLE: readonly Setting[] = [
  { name: 'fsync', value: 'on', reason: 'a committed row survives a power cut' },
  { name: 'full_page_writes', value: 'on', reason: 'a half-written page is repaired after a power cut' },
  { name: 'synchronous_commit', value: 'on', reason: 'what we told the user is done is done' },
];

const FORGETFUL: readonly Setting[] = [
  { name: 'fsync', value: 'off', reason: 'throw-away clusters of tests' },
  { name: 'full_page_writes', value: 'off', reason: 'throw-away clusters of tests' },
  { name: 'synchronous_commit', value: 'off', reason: 'throw-away clusters of tests' },
];

/** A folder name quoted for `unix_socket_directories`, where a bare comma would separate two folders. */
const quoted = (folder: string): string => `"${folder.replaceAll('"', '""')}"`;

/** Port number: on a socket it only names the file `.s.PGSQL.<port>`. */
export const EMBEDDED_PORT = 5432;

/** Name of the superuser role of every embedded cluster. */
export const EMBEDDED_SUPERUSER = 'postgres';

/** Command-line arguments of `postgres`; they prevail over the files of the cluster. */
export function postgresArguments(at: { cluster: string; socketDir: string; fsync: boolean }): string[] {
  const settings = [...SETTINGS, ...(at.fsync ? DURABLE : FORGETFUL)];
  return [
    '-D', at.cluster,
    '-p', String(EMBEDDED_PORT),
    '-c', `unix_socket_directories=${quoted(at.socketDir)}`,
    ...settings.flatMap((setting) => ['-c', `${setting.name}=${setting.value}`]),
  ];
}

/**
 * Command-line arguments of `initdb`. `trust` is right because the only way in is a socket in a 0700 folder. The builtin `C.UTF-8` provider sorts by
 * code point and knows upper and lower case of every letter, the same on every machine and for ever: no index breaks when the system's libraries change.
 */
export function initdbArguments(at: { cluster: string; fsync: boolean }): string[] {
  return [
    '--pgdata', at.cluster, '--username', EMBEDDED_SUPERUSER, '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C',
    '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--data-checksums', '--no-instructions',
    ...(at.fsync ? [] : ['--no-sync']),
  ];
}
