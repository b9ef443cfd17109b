import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { must } from '#core/kernel/result.ts';
import { openEmbedded } from '#server/plumbing/embedded/server.ts';
import { migrate } from '#server/plumbing/migrate.ts';
import { ensureLogin } from '#server/plumbing/open-database.ts';

type Server = { config: pg.ClientConfig; stop(): Promise<void> };

/** The server under test: ACQUIT_TEST_DATABASE_URL when given (a superuser's), else an embedded one of its own without fsync. */
async function startServer(): Promise<Server> {
  const url = process.env['ACQUIT_TEST_DATABASE_URL'];
  if (url !== undefined && url !== '') {
    const { host, port, user, password } = new pg.Client({ connectionString: url });
    return { config: { host, port, ...(user === undefined ? {} : { user }), ...(typeof password === 'string' ? { password } : {}) }, stop: async () => undefined };
  }
  const folder = await mkdtemp(join(tmpdir(), 'acquit-test-'));
  const server = must(await openEmbedded({ dataDir: folder, fsync: false, log: () => undefined }));
  return {
    config: { host: server.host, port: server.port, user: server.superuser },
    stop: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the server of the test run, migrates one template database; gives what undoes it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const template = `acquit_template_${process.pid}`;
  const maintenance = new pg.Client({ ...server.config, database: 'postgres' });
  await maintenance.connect();
  await maintenance.query(`drop database if exists ${template} with (force)`);
  await maintenance.query(`create database ${template}`);
  const owner = new pg.Client({ ...server.config, database: template });
  await owner.connect();
  await migrate(owner);
  const loginUser = 'acquit_test_login';
  const loginPassword = typeof server.config.password === 'string' ? 'only-for-tests' : null;
  await ensureLogin(owner, { user: loginUser, ...(loginPassword === null ? {} : { password: loginPassword }) });
  await owner.end();
  project.provide('ownerConfig', server.config);
  project.provide('loginUser', loginUser);
  project.provide('loginPassword', loginPassword);
  project.provide('templateDatabase', template);
  return async () => {
    await maintenance.query(`drop database if exists ${template} with (force)`);
    await maintenance.end();
    await server.stop();
  };
}
