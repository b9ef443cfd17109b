import type { Fault } from '#core/api/faults.ts';

/** A refused request: its status and the sentence the server gave. */
export class ApiFault extends Error {
  readonly status: number;
  readonly fault: Fault;
  constructor(status: number, fault: Fault) {
    super(fault.code);
    this.status = status;
    this.fault = fault;
  }
}

const UNREACHABLE: Fault = {
  code: 'network.unreachable',
  message: { fr: 'Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.', en: 'The server does not answer. Check your connection, then try again.' },
};

const isFault = (value: unknown): value is Fault =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && 'message' in value && typeof value.message === 'object';

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: 'same-origin', ...init });
  } catch {
    throw new ApiFault(0, UNREACHABLE);
  }
}

async function read<Answer>(response: Response): Promise<Answer> {
  const text = await response.text();
  const body: unknown = text === '' ? null : JSON.parse(text);
  if (response.ok) return body as Answer;
  throw new ApiFault(response.status, isFault(body) ? body : UNREACHABLE);
}

/** Asks for something. */
export async function get<Answer>(path: string): Promise<Answer> {
  return read<Answer>(await send(path, { method: 'GET', headers: { accept: 'application/json' } }));
}

/** Asks for a change; the body travels as JSON. */
export async function change<Answer>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
  const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return read<Answer>(await send(path, { method, ...json }));
}

/** Fetches a file to be saved under the name the server gives it; a refusal is thrown as of any other request. */
export async function fetchFile(path: string): Promise<{ readonly blob: Blob; readonly name: string }> {
  const response = await send(path, { method: 'GET' });
  if (!response.ok) return read<never>(response);
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return { blob: await response.blob(), name: name === undefined ? 'document' : decodeURIComponent(name) };
}

/** Sends a file and says how far it is; fields stand before the file, as the server reads them in order. */
export function upload<Answer>(path: string, of: { file: File; fields: Readonly<Record<string, string>> }, advance: (done: number, total: number) => void): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(of.fields)) form.append(name, value);
  form.append('file', of.file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.upload.addEventListener('progress', (event) => advance(event.loaded, event.total));
    request.addEventListener('error', () => reject(new ApiFault(0, UNREACHABLE)));
    request.addEventListener('load', () => {
      read<Answer>(new Response(request.responseText, { status: request.status === 0 ? 502 : request.status })).then(resolve, reject);
    });
    request.send(form);
  });
}
