import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import { type Attack, unless, unlessEnded } from './attack.ts';

const LEFT = 'out/left.json';

/** A run whose executor performs `body` in out_dir and has to leave `left.json`. */
function leaving(rig: Rig, body: string, ...flags: readonly string[]) {
  const agent = rig.agent(`agent-${rig.ledger().length}`, `cd "$ORCHESTRATOR_OUT_DIR"; ${body}`);
  const expected = ['--executor-bin', agent, '--executor-expected-artifact', LEFT];
  return rig.run(['./out', ...ALL_PASS, ...expected, ...flags], { limitMs: 10_000 });
}

const stale: readonly Attack[] = [
  ['an agent that does nothing', 'true'],
  ['an agent that sets its times to the future', 'touch -c -d 2099-01-01 left.json'],
].map(([name = '', body = '']) => ({
  row: 5,
  name: `a stale artifact: ${name}`,
  control: 'the same file counts with --allow-stale-artifacts',
  attempt: async (rig) => {
    rig.write(LEFT, '{"passed": true}');
    const run = await leaving(rig, body);
    const allowed = await leaving(rig, 'true', '--allow-stale-artifacts');
    const status = rig.exists(LEFT) ? 'there' : 'gone';
    return [
      ...unlessEnded(run, 1, 'left.json'),
      ...unless(status === 'there', 'the file was not put back'),
      ...unlessEnded(allowed, 0),
    ];
  },
}));

const tracked: Attack = {
  row: 5,
  name: 'a stale artifact: a tracked file that is only touched',
  control: 'the same agent with other content ends with 0',
  attempt: async (rig) => {
    rig.gitRepo({ 'plan.json': '{}' });
    const flags = ['--executor-expected-artifact', 'plan.json'];
    const touches = rig.agent(
      'touches',
      'cp plan.json x; cat x > plan.json; rm x; touch -d 2099-01-01 plan.json',
    );
    const changes = rig.agent('changes', 'echo "{\\"a\\": 1}" > plan.json');
    const run = await rig.run(['./out', ...ALL_PASS, '--executor-bin', touches, ...flags]);
    const control = await rig.run(['./out2', ...ALL_PASS, '--executor-bin', changes, ...flags]);
    return [...unlessEnded(run, 1), ...unlessEnded(control, 0)];
  },
};

/** Things that a reader hangs on, is led astray by, or runs out of memory over. */
const SPECIAL: Readonly<Record<string, readonly [row: number, body: string]>> = {
  'a pipe': [7, 'mkfifo left.json'],
  'a link to an endless device': [7, 'ln -s /dev/zero left.json'],
  'a sparse gigabyte': [7, 'truncate -s 1G left.json'],
  'a link to itself': [7, 'ln -s left.json left.json'],
  'a second name of a file elsewhere': [7, 'ln ../../secret.json left.json'],
  'a folder': [7, 'mkdir left.json'],
  'a link to a file outside': [8, 'ln -s ../../secret.json left.json'],
  'a link to a system file': [8, 'ln -s /etc/passwd left.json'],
  'a folder on the way that is a link': [8, 'true'],
  '17 MiB of JSON': [9, 'yes 0, | head -c 17825792 | sed "1s/^/[/" > left.json; echo 0] >> left.json'],
  '65 levels of arrays': [10, 'printf "[%.0s" $(seq 65) > left.json; printf "]%.0s" $(seq 65) >> left.json'],
  'a hundred thousand levels': [10, 'yes [ | head -n 100000 | tr -d "\\n" > left.json'],
};

const special: readonly Attack[] = Object.entries(SPECIAL).map(([name, [row, body]]) => ({
  row,
  name: `an artifact that is ${name}`,
  control: 'a plain file in the same place ends with 0; 64 levels are read',
  attempt: async (rig) => {
    rig.write(join(rig.base, 'secret.json'), '{"secret": "s3cr3t-of-the-host"}');
    const run = name.includes('on the way') ? await linkedFolder(rig) : await leaving(rig, body);
    const copied = copies(rig).filter((text) => /s3cr3t-of-the-host|root:/.test(text));
    const levels = `${'['.repeat(64)}${']'.repeat(64)}`;
    const control = await leaving(rig, `rm -rf left.json; echo '${levels}' > left.json`);
    return [
      ...unlessEnded(run, 1, 'left.json'),
      ...unless(copied.length === 0, 'what is outside was copied'),
      ...unlessEnded(control, 0),
    ];
  },
}));

/** The agent replaces the folder of its artifact by a link to one outside that holds such a file. */
function linkedFolder(rig: Rig) {
  rig.write(join(rig.base, 'elsewhere/left.json'), '{"secret": "s3cr3t-of-the-host"}');
  const agent = rig.agent('links', `cd "$ORCHESTRATOR_OUT_DIR"; ln -s ../../elsewhere sub`);
  return rig.run([
    ...['./out', ...ALL_PASS, '--executor-bin', agent],
    ...['--executor-expected-artifact', 'out/sub/left.json'],
  ]);
}

function copies(rig: Rig): readonly string[] {
  const folder = join(rig.out, 'artifacts');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** Row 11: what a lenient reader takes for something else. */
const LENIENT: readonly string[] = [
  ...['{"passed":false,"passed":true}', '{"__proto__":{"passed":true}}', '{"a":{"__proto__":1}}', '[1e400]'],
  ...['\\377{}', '{"a":"\\377"}', '\\357\\273\\277{}', '{"a":1,}', '{"a":NaN}', "{'a':1}", '{"a":1}{}', ''],
];

const lenient: Attack = {
  row: 11,
  name: 'JSON that lenient readers take: duplicate keys, __proto__, other bytes than UTF-8, huge numbers',
  control: 'the last run of the point, with strict JSON, ends with 0',
  attempt: async (rig) => {
    const wrong: string[] = [];
    for (const text of LENIENT) {
      const run = await leaving(rig, `printf '${text.replaceAll("'", "'\\''")}' > left.json`);
      wrong.push(...unlessEnded(run, 1).map((one) => `${text}: ${one}`));
    }
    return [...wrong, ...unlessEnded(await leaving(rig, 'echo "{}" > left.json'), 0)];
  },
};

/** Swaps the artifact with a link to a file outside for as long as it runs, from outside every process tree. */
const SWAPPER = `
const fs = require('node:fs');
const [file, secret, folder] = process.argv.slice(1);
for (;;) {
  fs.writeFileSync(folder + '/good', '{"good": true}');
  try { fs.renameSync(folder + '/good', file); } catch {}
  try { fs.symlinkSync(secret, folder + '/bad'); fs.renameSync(folder + '/bad', file); } catch {}
}`;

const swapped: Attack = {
  row: 6,
  name: 'an artifact that is swapped with a link to a file outside while it is checked',
  control: 'a reader that looks first and opens then is led astray by the same swapping',
  attempt: async (rig) => {
    const secret = rig.write(join(rig.base, 'secret.json'), '{"secret": "s3cr3t-of-the-host"}');
    const file = join(rig.out, 'left.json');
    rig.write('out/other', '');
    const swapper = spawn(process.execPath, ['-e', SWAPPER, file, secret, rig.base], { stdio: 'ignore' });
    try {
      const misled = isNaiveReaderMisled(file);
      const wrong: string[] = [];
      for (let index = 0; index < 6; index += 1) {
        const run = await leaving(rig, 'true', '--allow-stale-artifacts');
        wrong.push(...unlessEnded(run, [0, 1]));
        wrong.push(
          ...unless(!copies(rig).some((text) => text.includes('s3cr3t')), 'what is outside was copied'),
        );
      }
      return [...wrong, ...unless(misled, 'the control: the naive reader was not misled')];
    } finally {
      swapper.kill('SIGKILL');
    }
  },
};

/** Tries until the link's target has been read in place of a file that had been a plain one. */
function isNaiveReaderMisled(file: string): boolean {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    try {
      if (lstatSync(file).isFile() && readFileSync(file, 'utf8').includes('s3cr3t')) return true;
    } catch {
      // Between two names there is a moment without a file.
    }
  }
  return false;
}

/** Rows 5 to 11: what a stage leaves. */
export const ARTIFACTS: readonly Attack[] = [...stale, tracked, ...special, lenient, swapped];
