import { join } from 'node:path';
import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import { CANARIES, LEAK, PASSWORD_IN_URL, SECRETS } from './canaries.ts';

/** The caller's environment, with a secret of each kind. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  DEPLOY_TOKEN: CANARIES.DEPLOY_TOKEN,
  MY_PASSWORD: CANARIES.MY_PASSWORD,
  PLAIN_WORD: CANARIES.PLAIN_WORD,
  ARG_TOKEN: CANARIES.ARG_TOKEN,
  TLS_PRIVATE_KEY: CANARIES.TLS_PRIVATE_KEY,
  DATABASE_URL: `postgres://user:${PASSWORD_IN_URL}@host/db`,
};

/** Agents that print every secret in every form, one byte at a time, on both streams. */
export interface LeakingAgents {
  /** Ends well, and leaves `plan.json`. */
  readonly well: string;
  /** Ends with exit code 1. */
  readonly badly: string;
  /** Leaves `printed` beside the work folder and does not end the first time. */
  readonly never: string;
  /** A reviewer whose next steps hold every secret. */
  readonly reviewer: string;
}

/** Writes the agents; what they print stands in a file outside out_dir, so that no argument holds it. */
export function leakingAgents(rig: Rig): LeakingAgents {
  const source = rig.write(join(rig.base, 'leak.txt'), LEAK);
  const print = [
    "const fs = require('node:fs');",
    `const text = fs.readFileSync(${JSON.stringify(source)});`,
    'for (const fd of [1, 2]) for (const byte of text) fs.writeSync(fd, Buffer.of(byte));',
    'const out = process.env.ORCHESTRATOR_OUT_DIR;',
  ];
  const once = JSON.stringify(join(rig.base, 'printed'));
  const steps = SECRETS.map((action) => ({ priority: 1, source: action, code: 'X', action }));
  const verdict = JSON.stringify({ passed: false, findings: SECRETS, next_step_plan: steps });
  const agent = (name: string, ...lines: readonly string[]): string =>
    rig.nodeAgent(name, [...print, ...lines].join('\n'));
  return {
    well: agent('well', "fs.writeFileSync(out + '/plan.json', '{}');"),
    badly: agent('badly', 'process.exit(1);'),
    never: agent(
      'never',
      `if (!fs.existsSync(${once})) { fs.writeFileSync(${once}, ''); setTimeout(() => {}, 1e6); }`,
    ),
    reviewer: agent('reviewer', `fs.writeFileSync(out + '/review.json', ${JSON.stringify(verdict)});`),
  };
}

/** A run that is given a secret in each way; the manager is `manager`. */
export function leakingRun(rig: Rig, manager: string): readonly string[] {
  const config = { executor: { bin: '/bin/true', env: { CONFIG_SECRET: CANARIES.CONFIG_SECRET } } };
  return [
    ...['./out', '--verbose', ...ALL_PASS, '--config', rig.write('config.json', JSON.stringify(config))],
    ...['--manager-bin', manager, '--pass-env', 'DEPLOY_TOKEN', '--redact-env', 'PLAIN_*'],
    ...['--manager-env', `API_KEY=${CANARIES.API_KEY}`, '--manager-arg', CANARIES.ARG_TOKEN],
    ...['--manager-arg', `--token=${CANARIES.ARG_TOKEN}`],
  ];
}
