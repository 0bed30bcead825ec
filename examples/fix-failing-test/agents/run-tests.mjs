import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';

const LIMIT_MS = 60_000;

/**
 * Runs a test command that speaks TAP and reads what it says. `failing` has the name of each failing test, the
 * line of the assertion that failed, and what it expected and got.
 */
export function runTests(argv) {
  const [command, ...args] = argv;
  const ended = spawnSync(command, args, { encoding: 'utf8', timeout: LIMIT_MS });
  if (ended.error) throw new Error(`${argv.join(' ')} could not be run: ${ended.error.message}`);
  const results = readTap(ended.stdout);
  return {
    passed: ended.status === 0 && results.length > 0 && results.every((one) => one.ok),
    count: results.length,
    failing: results.filter((one) => !one.ok).map(describe),
  };
}

function readTap(text) {
  const results = [];
  for (const line of text.split('\n')) {
    const result = /^(not )?ok \d+ - (.*)$/.exec(line);
    if (result !== null) results.push({ ok: result[1] === undefined, name: result[2], details: [] });
    else results.at(-1)?.details.push(line);
  }
  return results;
}

function describe({ name, details }) {
  const detail = (key) => details.map((line) => line.match(`^  ${key}: (.*)$`)?.[1]).find(Boolean) ?? null;
  const frame = details.map((line) => /\(file:\/\/(.*\.test\.js):(\d+):\d+\)/.exec(line)).find(Boolean);
  return {
    test: name,
    file: frame ? relative(process.cwd(), decodeURI(frame[1])) : null,
    line: frame ? Number(frame[2]) : null,
    expected: detail('expected'),
    actual: detail('actual'),
  };
}
