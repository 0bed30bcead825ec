import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import { seen } from '../seen.ts';
import type { Point } from '../try-points.ts';
import { measure, outOfBound, type Peaks } from './peak.ts';

/** The promise, MB. */
export const MOST_FOR_ARTIFACTS = 250;

interface Artifact {
  readonly name: string;
  readonly role: 'manager' | 'reviewer';
  /** JavaScript that makes `F`; `fs` and `sh` are there. */
  readonly source: string;
  readonly code: number;
}

const FINDING = `{severity:'low',file:'src/some/file.ts',line:1,message:'a finding that says what is wrong'}`;
const STEP = `{priority:'P1',source:'reviewer',code:'SOME_CODE',action:'mend what the finding says'}`;
const LIMIT = 16 * 1024 * 1024;

/** `--max-artifact-bytes` is left at its default, 16 MiB. */
const ARTIFACTS: readonly Artifact[] = [
  {
    name: 'an artifact at its bound',
    role: 'manager',
    source: `write('{"a":"' + 'x'.repeat(${LIMIT} - 8) + '"}')`,
    code: 0,
  },
  {
    name: 'an artifact of one byte more',
    role: 'manager',
    source: `write('{"a":"' + 'x'.repeat(${LIMIT} - 7) + '"}')`,
    code: 1,
  },
  {
    name: 'four million small arrays',
    role: 'manager',
    source: `write('[' + '[0],'.repeat(${LIMIT / 4 - 2}) + '[0]]')`,
    code: 0,
  },
  {
    name: 'three-byte characters up to the bound',
    role: 'manager',
    source: `write('"' + '\\u20ac'.repeat(${Math.floor(LIMIT / 3) - 1}) + '"')`,
    code: 0,
  },
  { name: 'a sparse gigabyte', role: 'manager', source: `sh('truncate', '-s', '1G', F)`, code: 1 },
  {
    name: 'a million brackets',
    role: 'manager',
    source: `write('['.repeat(1e6) + ']'.repeat(1e6))`,
    code: 1,
  },
  { name: 'a FIFO', role: 'manager', source: `sh('mkfifo', F)`, code: 1 },
  { name: 'a link to /dev/zero', role: 'manager', source: `fs.symlinkSync('/dev/zero', F)`, code: 1 },
  {
    name: '100,000 findings',
    role: 'reviewer',
    source: `write(JSON.stringify({passed:true,findings:Array.from({length:1e5},()=>(${FINDING}))}, null, 1))`,
    code: 0,
  },
  {
    name: '100,000 next steps',
    role: 'reviewer',
    source: `write(JSON.stringify({passed:false,findings:[],next_step_plan:Array.from({length:1e5},()=>(${STEP}))}))`,
    code: 1,
  },
];

/** Every artifact, in every tier. */
export function artifactPoints(peaks: Peaks): readonly Point[] {
  return ARTIFACTS.map((artifact) => ({
    name: artifact.name,
    attempt: (rig: Rig) => leave(rig, artifact, peaks),
  }));
}

async function leave(rig: Rig, artifact: Artifact, peaks: Peaks): Promise<readonly string[]> {
  const file = `${rig.work}/left.json`;
  const agent = rig.nodeAgent(
    'leaver',
    `const fs = require('node:fs'); const F = ${JSON.stringify(file)};
const write = (text) => fs.writeFileSync(F, text);
const sh = (name, ...args) => require('node:child_process').execFileSync(name, args);
${artifact.source}`,
  );
  const { role } = artifact;
  const { run, megabytes } = await measure(rig, [
    ...['./out', ...ALL_PASS, `--${role}-bin`, agent, `--${role}-expected-artifact`, file],
  ]);
  peaks.artifacts.push(megabytes);
  return [
    ...(run.code === artifact.code ? [] : [`expected exit ${artifact.code}: ${seen(run)}`]),
    ...outOfBound(megabytes, MOST_FOR_ARTIFACTS),
  ];
}
