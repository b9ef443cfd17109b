import fastify from 'fastify';
import { CLOCK, givenCompany, layOut } from '../data.ts';
import { median, quantile } from '../figure.ts';
import type { Figure } from '../figure.ts';
import { whileServed } from '../serve.ts';
import type { Bench, Measure } from './measure.ts';

/** Open items of one customer; a company of 10,000 customers then has 100,000. */
const ITEMS_A_CUSTOMER = 10;
const REQUESTS = 40;
/** What is shown while somebody types follows the hand below a fifth of a second. */
const GOAL_SECONDS = 0.2;

type Asked = { readonly name: string; readonly method: 'GET' | 'POST' | 'PUT'; readonly path: (customer: number) => string; readonly body?: (customer: number) => object; readonly requests?: number; readonly goal: number | null };

const ASKED: readonly Asked[] = [
  { name: 'draft previewed on a customer, 30 days and the messages of its steps', method: 'POST', path: () => '/api/scenarios/standard/preview', body: (customer) => ({ customer: String(customer), days: 30 }), goal: GOAL_SECONDS },
  { name: 'next 30 days of a customer', method: 'GET', path: (customer) => `/api/customers/${customer}/next-days?days=30`, goal: GOAL_SECONDS },
  { name: 'scenario of a customer and who chose it', method: 'GET', path: (customer) => `/api/customers/${customer}/scenario`, goal: GOAL_SECONDS },
  { name: 'customers proposed for a preview', method: 'GET', path: () => '/api/scenarios/preview-customers', requests: 5, goal: null },
  { name: 'whom three rules take', method: 'POST', path: () => '/api/assignment/check', body: () => ({ rules: RULES }), requests: 5, goal: null },
  { name: 'what publishing a draft would change today', method: 'GET', path: () => '/api/scenarios/standard/impact', requests: 3, goal: null },
  { name: 'dry run of today, by action and reason', method: 'GET', path: () => '/api/scenarios/dry-run?day=2026-11-23', requests: 3, goal: null },
];

const RULES = [
  { name: 'one', scenario: 'firm', when: { openTotals: [{ from: { amount: '9000.00', currency: 'EUR' }, below: null }] } }, { name: 'two', scenario: 'gentle', when: { accountPrefixes: ['C0001'] } },
  { name: 'three', scenario: 'standard', when: { languages: ['fr'] } },
];

type Place = { readonly address: string; readonly cookie: string; readonly first: number; readonly customers: number };

async function ask(place: Place, asked: Asked): Promise<{ seconds: number[]; body: string }> {
  const seconds: number[] = [];
  let body = '';
  for (let request = 0; request < (asked.requests ?? REQUESTS); request += 1) {
    const customer = place.first + Math.floor((request * place.customers) / REQUESTS);
    const sent = asked.body === undefined ? {} : { body: JSON.stringify(asked.body(customer)) };
    const started = performance.now();
    const response = await fetch(place.address + asked.path(customer), {
      method: asked.method, headers: { cookie: place.cookie, origin: place.address, ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }) }, ...sent,
    });
    body = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${body.slice(0, 200)}`);
    seconds.push((performance.now() - started) / 1000);
  }
  return { seconds, body };
}

async function sameBytes(body: string): Promise<number> {
  const bare = fastify({ logger: false });
  bare.get('/', (_request, reply) => reply.type('application/json').send(body));
  const address = await bare.listen({ host: '127.0.0.1', port: 0 });
  const { seconds } = await ask({ address, cookie: '', first: 1, customers: 1 }, { name: '', method: 'GET', path: () => '/', goal: null });
  await bare.close();
  return median(seconds);
}

async function measureAll(place: Place, size: number): Promise<Figure[]> {
  const whole = await (await fetch(`${place.address}/api/scenarios/standard/versions/1`, { headers: { cookie: place.cookie } })).json() as { definition: { steps: { offsetDays: number }[] } };
  const { definition } = whole;
  await ask(place, { name: '', method: 'PUT', path: () => '/api/scenarios/standard/draft', body: () => ({ ...definition, steps: definition.steps.map((step, at) => (at === 1 ? { ...step, offsetDays: 9 } : step)) }), requests: 1, goal: null });
  const figures: Figure[] = [];
  for (const asked of ASKED) {
    const { seconds, body } = await ask(place, asked);
    const note = `worst of ${seconds.length} ${(quantile(seconds, 1) * 1000).toFixed(0)} ms; ${body.length} bytes`;
    figures.push({ name: asked.name, size, unit: `items of ${place.customers} customers behind it`, seconds: median(seconds), floor: { what: 'the same bytes from fastify', seconds: await sameBytes(body) }, goal: null, note: asked.goal === null ? note : `goal ${asked.goal * 1000} ms; ${note}` });
  }
  return figures;
}

async function measure({ database, owner, size }: Bench): Promise<Figure[]> {
  const organisation = await givenCompany(database);
  const customers = Math.ceil(size / ITEMS_A_CUSTOMER);
  await layOut(owner, { organisation, items: size, settled: Math.floor(size / 2), customers });
  const found = await owner.query<{ first: string }>('select min(customer_id) as first from customer where organisation_id = $1', [organisation]);
  return whileServed({ database, organisation, clock: CLOCK }, (at) => measureAll({ ...at, first: Number(found.rows[0]?.first ?? 0), customers }, size));
}

/** What the scenario screens ask for, over HTTP. */
export const previewMeasure: Measure = { about: 'previews of scenarios over HTTP', sizeMax: 100_000, measure };
