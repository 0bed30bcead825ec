/**
 * `make reproducible`: builds once more from a copy of the sources in a folder with another name, with another
 * home, clock zone and language, and compares the bytes with the executable that is there.
 *
 *     node src/build/reproducible.ts bin/orchestrator
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inRoot } from './repository.ts';

const [executable = ''] = process.argv.slice(2);
const elsewhere = mkdtempSync(join(tmpdir(), 'orchestrator another place '));
try {
  const here = sha256(resolve(executable));
  const there = buildIn(elsewhere);
  console.log(`  ${here}  ${executable}\n  ${there}  built in ${elsewhere}`);
  if (here !== there) throw new Error('two builds of the same sources differ');
} finally {
  rmSync(elsewhere, { recursive: true, force: true });
}

function buildIn(folder: string): string {
  for (const part of ['package.json', 'package-lock.json', 'tsconfig.json', 'src', 'docs', 'node_modules']) {
    cpSync(inRoot(part), join(folder, part), { recursive: true, verbatimSymlinks: true });
  }
  const home = join(folder, 'home');
  mkdirSync(home);
  const result = spawnSync(
    join(folder, 'node_modules/.bin/node'),
    [join(folder, 'src/build/build.ts'), '--host', 'bin/orchestrator'],
    {
      cwd: '/',
      env: {
        PATH: '/usr/bin:/bin',
        HOME: home,
        TZ: 'Pacific/Auckland',
        LANG: 'tr_TR.UTF-8',
        NODE_ENV: 'test',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (result.status !== 0) throw new Error(`the build in ${folder} failed`);
  return sha256(join(folder, 'bin/orchestrator'));
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
