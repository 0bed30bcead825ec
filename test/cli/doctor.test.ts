import { readFileSync } from 'node:fs';
import t from 'tap';
import { doctorFlags, readDoctorRequest } from '../../src/cli/doctor.ts';
import { runFlags } from '../../src/cli/flags.ts';
import { normaliseArgv } from '../../src/cli/normalise-argv.ts';
import { CHECKS } from '../../src/core/doctor/finding.ts';

const read = (...argv: string[]) => readDoctorRequest(normaliseArgv(argv, doctorFlags()), '/caller');
const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

t.test('it takes the line of the run that is meant, a part of it too', async (t) => {
  t.match(await read(), {
    ok: true,
    value: { run: { outDir: '/caller/out' }, stage: null, probeArgs: ['--version'] },
  });
  t.match(await read('o', '--sandbox', 'auto', '--executor-bin', './a', '--stage', 'executor'), {
    ok: true,
    value: {
      stage: 'executor',
      run: { outDir: '/caller/o', given: { roles: { executor: { bin: { value: '/caller/a' } } } } },
    },
  });
});

t.test('what a probe is started with is passed on as written', async (t) => {
  t.match(await read('--stage', 'manager', '--probe-arg', '--resume', '--probe-arg', ''), {
    value: { probeArgs: ['--resume', ''] },
  });
  t.match(await read('--probe-arg', 'x'), { ok: false, failure: { message: /--stage as well/ } });
  t.match(await read('--stage', 'planner'), { ok: false, failure: { message: /--stage: expected manager/ } });
});

t.test('every flag of a run is taken but those that ask for something else', async (t) => {
  const own = new Set(doctorFlags().map((flag) => flag.name));
  const missing = runFlags().filter((flag) => !own.has(flag.name));
  t.strictSame(missing.map((flag) => flag.name).sort(), ['dry-run', 'print-config', 'quiet']);
});

t.test('its page names every check, and the command line page every flag of its own', async (t) => {
  const doctor = page('doctor.md');
  for (const check of CHECKS) t.ok(doctor.includes(`\`${check}\``), check);
  const section = page('command-line.md')
    .split(/^### /m)
    .find((part) => part.startsWith('doctor\n'));
  for (const name of ['stage', 'probe-arg', 'verbose']) t.ok(section?.includes(`\`--${name}`), name);
});
