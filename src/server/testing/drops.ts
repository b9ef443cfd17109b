import type { LightMyRequestResponse } from 'fastify';
import type { CurrentDrop, DropFileView, DropView } from '#core/api/drops.ts';
import type { TestWeb } from './web.ts';

/** A file as a browser would send it. */
export type Dropped = { readonly name: string; readonly content: string | Uint8Array; readonly path?: string; readonly type?: string };

const BOUNDARY = 'boundary-of-the-test';

/** Sends one file to a drop as a form does; `rawName` is put into the header as it is. */
export async function sendFile(web: TestWeb, cookie: string, of: { drop: string; file: Dropped; rawName?: boolean }): Promise<LightMyRequestResponse> {
  const { file, drop } = of;
  const name = of.rawName === true ? file.name : file.name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const field = (key: string, value: string): string => `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`;
  const head = `${field('drop', drop)}${field('path', file.path ?? '')}--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${file.type ?? 'application/octet-stream'}\r\n\r\n`;
  const payload = Buffer.concat([Buffer.from(head), Buffer.from(file.content), Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
  return web.app.inject({
    method: 'POST', url: '/api/imports', payload,
    headers: { host: '127.0.0.1:4180', origin: 'http://127.0.0.1:4180', 'sec-fetch-site': 'same-origin', cookie, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  });
}

/** The drop of a person as it stands. */
export async function currentDrop(web: TestWeb, cookie: string): Promise<DropView | null> {
  return (await web.ask('GET', '/api/drops/current', { cookie })).json<CurrentDrop>().drop;
}

/** Opens a drop; gives its id. */
export async function openDrop(web: TestWeb, cookie: string, files: number): Promise<string> {
  const answer = await web.ask('POST', '/api/drops', { cookie, body: { files, terms: null } });
  if (answer.statusCode !== 201) throw new Error(`no drop: ${answer.body}`);
  return answer.json<{ drop: string }>().drop;
}

/** Longest a drop of a test takes on a busy machine. */
const ENDED_WITHIN_MS = 25_000;

/** Waits until nothing of a drop is left to read. */
export async function endedDrop(web: TestWeb, cookie: string): Promise<DropView> {
  for (let waited = 0; waited < ENDED_WITHIN_MS; waited += 20) {
    const drop = await currentDrop(web, cookie);
    if (drop?.state === 'ended') return drop;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the drop does not end');
}

/** Drops files, waits, and gives what became of each by name. */
export async function dropFiles(web: TestWeb, cookie: string, files: readonly Dropped[]): Promise<{ drop: DropView; byName: ReadonlyMap<string, DropFileView> }> {
  const id = await openDrop(web, cookie, files.length);
  for (const file of files) {
    const answer = await sendFile(web, cookie, { drop: id, file });
    if (answer.statusCode !== 201) throw new Error(`${file.name} did not arrive: ${answer.body}`);
  }
  await web.ask('POST', `/api/drops/${id}/start`, { cookie });
  const drop = await endedDrop(web, cookie);
  return { drop, byName: new Map(drop.files.map((file) => [file.name, file])) };
}
