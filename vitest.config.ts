import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'setup/**/*.test.ts',
      'contract/**/*.test.ts',
      'server/{src,test}/**/*.test.ts',
      'simulator/{src,test}/**/*.test.ts',
      'device/**/*.test.ts',
      'console/**/*.test.{ts,tsx}',
      'bench/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', '**/data/**'],
    globalSetup: 'server/test/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
