import fastify from 'fastify';
import { systemClock } from '#server/plumbing/clock.ts';
import { CUSTOMERS, givenCompany, layOut } from '../data.ts';
import { median, quantile } from '../figure.ts';
import type { Figure } from '../figure.ts';
import { whileServed } from '../serve.ts';
import type { Bench, Measure } from './measure.ts';

const REQUESTS = 100;
/** A page that comes within a quarter of a second feels immediate; the floor is the same bytes without any work. */
const P99_GOAL_SECONDS = 0.25;

/** Seconds of each request, one after the other. */
async function ask(address: string, cookie: string): Promise<{ seconds: number[]; body: string }> {
  const seconds: number[] = [];
  let body = '';
  for (let request = 0; request < REQUESTS; request += 1) {
    const started = performance.now();
    const response = await fetch(address, { headers: { cookie } });
    body = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${body.slice(0, 200)}`);
    seconds.push((performance.now() - started) / 1000);
  }
  return { seconds, body };
}

async function sameBytes(body: string): Promise<number> {
  const bare = fastify({ logger: false });
  bare.get('/', (_request, reply) => reply.type('application/json').send(body));
  const { seconds } = await ask(await bare.listen({ host: '127.0.0.1', port: 0 }), '');
  await bare.close();
  return median(seconds);
}

async function measure({ database, owner, size }: Bench): Promise<Figure[]> {
  const organisation = await givenCompany(database);
  await layOut(owner, { organisation, items: Math.ceil(size / 2), settled: Math.floor(size / 4), customers: CUSTOMERS });
  return whileServed({ database, organisation, clock: systemClock }, async ({ address, cookie }) => {
    const { seconds, body } = await ask(`${address}/api/customers`, cookie);
    const note = `p99 ${(quantile(seconds, 0.99) * 1000).toFixed(0)} ms, goal ${P99_GOAL_SECONDS * 1000} ms; ${body.length} bytes`;
    return [{ name: 'page of 50 customers over HTTP', size, unit: 'items behind it', seconds: median(seconds), floor: { what: 'the same bytes from fastify', seconds: await sameBytes(body) }, goal: null, note }];
  });
}

/** The list of customers as the browser asks for it, one page of fifty. */
export const pageMeasure: Measure = { about: 'a page over HTTP', sizeMax: 1_000_000, measure };
