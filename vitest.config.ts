import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: 'alone', include: ['src/**/*.test.ts', 'tools/**/*.test.ts', 'bench/**/*.test.ts'], exclude: ['src/**/*.db.test.ts'] } },
      { test: { ...shared, name: 'database', include: ['src/**/*.db.test.ts'], globalSetup: ['src/server/testing/global-setup.ts'] } },
      {
        test: {
          ...shared, name: 'browser', include: ['e2e/**/*.e2e.ts'], globalSetup: ['src/server/testing/global-setup.ts'], testTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['src/core/**/*.ts'], exclude: ['**/*.test.ts'] },
  },
});
