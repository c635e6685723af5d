/** The tests that must notice a fault in the judge, for `npm run mutation`: quick ones, for they run thousands of times. */
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['tests/judge/**/*.test.ts'], testTimeout: 60_000 } });
