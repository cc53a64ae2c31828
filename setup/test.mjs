// `npm test`: installs what is missing, then checks everything, cheapest first. With arguments only vitest runs, with them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConsole } from './build-console.mjs';
import { install } from './install.mjs';
import { root, run } from './run.mjs';
import { installSystemPackages } from './system-packages.mjs';

// A Ctrl-C reaches what we run from the terminal, and its end is ours.
process.on('SIGINT', () => {});

const args = process.argv.slice(2);
const node = await install();
await installSystemPackages();
await buildConsole(node);

const checks = [
  ['lint and format', '@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  ['types', 'typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['types of the console', 'typescript/bin/tsc', '-p', 'console/tsconfig.json'],
  ['dead code', 'knip/bin/knip.js'],
];
for (const [name, program, ...rest] of args.length > 0 ? [] : checks) await check(name, program, rest);
await runTests();

async function check(name, program, rest) {
  const began = performance.now();
  const { code } = await run(node, [join(root, 'node_modules', program), ...rest]);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${code === 0 ? '✓' : '✗'} ${name}, ${seconds} s`);
  if (code !== 0) process.exit(code);
}

async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-report-'));
  const report = join(folder, 'report.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(node, [vitest, 'run', ...reporters, ...args]);
  const { passed, failed, skipped } = count(report);
  rmSync(folder, { recursive: true });
  if (skipped > 0) console.log(`${skipped} skipped.`);
  // Vitest also fails for an error outside of any test.
  console.log(`\n${passed} passed, ${code !== 0 && failed === 0 ? 1 : failed} failed`);
  process.exit(code);
}

function count(report) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
  // A file that could not be loaded has no failed test of its own.
  const broken = result.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  );
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + broken.length,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}
