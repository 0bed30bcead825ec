import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OUTPUTS } from '../core/agents/outputs.ts';
import { EXECUTABLE, git, type Outcome, outcomeOf, ROOT } from './example.ts';
import { type Ended, readWorkflow, runWorkflow, type World } from './workflow.ts';

/** The workflow of the example. */
export const WORKFLOW = join(ROOT, 'examples/github-actions/.github/workflows/orchestrator.yml');
const PROJECT = join(ROOT, 'examples/fix-failing-test/project');
/** What an agent does that does its work. */
export const MEND =
  "sed -i.bak 's/grams < LETTER/grams <= LETTER/' src/shipping.js && rm src/shipping.js.bak";
const REPOSITORY = 'acme/shop';
/** The run of the workflow that pull requests of the tests have. */
export const RUN_ID = '4711';

/** In what a run of the workflow differs from one of a pull request whose agent does its work. */
export interface Differing {
  /** What the agent does, in shell. */
  readonly agent?: string;
  readonly github?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, string>>;
  /** What GitHub says of the run that evidence is taken from. */
  readonly origin?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly begin?: (job: string) => boolean;
}

/** A repository with the example in it, and everything that stands in for GitHub. */
export interface Forge {
  /** Runs the workflow, after a push to a pull request unless `github` says otherwise. */
  readonly run: (differing?: Differing) => Readonly<Record<string, Ended>>;
  /** A file of an artifact. */
  readonly artifact: (name: string, file: string) => string;
  /** The outcome that the uploaded evidence has. */
  readonly outcome: (exitCode: number) => Outcome;
  /** Writes a program that the jobs find first on PATH. */
  readonly program: (name: string, text: string) => void;
  /** The patch that goes with the evidence. */
  readonly change: () => string;
}

/** Makes the repository in `base`, and starts nothing yet. */
export function makeForge(base: string): Forge {
  const { origin, head } = makeOrigin(base);
  const tools = join(base, 'tools');
  mkdirSync(tools);
  const program = (name: string, text: string) => {
    writeFileSync(join(tools, name), text, { mode: 0o755 });
  };
  // A download is a link to what has been built here; what npm would fetch is the agent of the test.
  program('curl', `#!/bin/sh\nwhile [ "$1" != --output ]; do shift; done\nln -s '${EXECUTABLE}' "$2"\n`);
  program('npm', '#!/bin/sh\necho "npm $*"\n');
  writeFileSync(join(base, 'said'), OUTPUTS.codex.success);
  const artifact = (name: string, file: string) => join(base, 'artifacts', name, file);
  const unpack = (): string => {
    const folder = join(base, 'unpacked');
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-xzf', artifact('orchestrator-evidence', 'evidence.tar.gz'), '-C', folder]);
    return folder;
  };
  const run = (differing: Differing = {}) => {
    program('codex', `#!/bin/sh\n${differing.agent ?? MEND}\ncat '${join(base, 'said')}'\n`);
    program('gh', ghProgram({ head_sha: head, ...differing.origin }));
    return runWorkflow(readWorkflow(WORKFLOW), worldOf({ base, origin, head, tools }, differing));
  };
  return {
    ...{ run, artifact, program },
    outcome: (exitCode) => outcomeOf(exitCode, join(unpack(), 'out')),
    change: () => readFileSync(join(unpack(), 'change.patch'), 'utf8'),
  };
}

/** The project of another example, with the workflow and its config file, as somebody has copied them. */
function makeOrigin(base: string): { readonly origin: string; readonly head: string } {
  const origin = join(base, 'origin');
  mkdirSync(base, { recursive: true });
  cpSync(PROJECT, origin, { recursive: true });
  cpSync(dirname(dirname(WORKFLOW)), join(origin, '.github'), { recursive: true });
  const as = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
  git(origin, 'init', '--quiet', '--initial-branch=main');
  git(origin, 'add', '--all');
  git(origin, ...as, 'commit', '--quiet', '--message=A parcel of 500 grams');
  return { origin, head: git(origin, 'rev-parse', 'HEAD').trim() };
}

let digest: string | null = null;

/** Of the executable, as a release's list of digests would have it. */
function executableDigest(): string {
  digest ??= createHash('sha256')
    .update(existsSync(EXECUTABLE) ? readFileSync(EXECUTABLE) : '')
    .digest('hex');
  return digest;
}

/** Answers `gh api PATH --jq .a.b` about one run. */
function ghProgram(told: Readonly<Record<string, unknown>>): string {
  const answer = {
    head_repository: { full_name: REPOSITORY },
    path: '.github/workflows/orchestrator.yml',
    ...told,
  };
  return `#!${process.execPath}
const [, , , path, , filter] = process.argv;
const value = filter.slice(1).split('.').reduce((one, key) => one[key], ${JSON.stringify(answer)});
if (/^repos\\/acme\\/shop\\/actions\\/runs\\/\\d+$/.test(path)) console.log(value); else process.exit(1);
`;
}

interface Place {
  readonly base: string;
  readonly origin: string;
  readonly head: string;
  readonly tools: string;
}

function worldOf({ base, origin, head, tools }: Place, differing: Differing): World {
  const pull = { number: 7, head: { sha: head, repo: { full_name: REPOSITORY } } };
  const event = { event_name: 'pull_request', event: { pull_request: pull } };
  const github = { repository: REPOSITORY, run_id: RUN_ID, token: 'forge-token', ...event };
  return {
    ...{ base, origin },
    path: [tools, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    env: { ORCHESTRATOR_SHA256: executableDigest(), ...differing.env },
    contexts: {
      github: { ...github, ...differing.github },
      inputs: differing.inputs ?? {},
      secrets: { CODEX_API_KEY: 'sk-never-to-be-seen' },
    },
    variables: {
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_RUN_ID: RUN_ID,
      GITHUB_WORKFLOW_REF: `${REPOSITORY}/.github/workflows/orchestrator.yml@refs/pull/7/merge`,
    },
    ...(differing.begin === undefined ? {} : { begin: differing.begin }),
  };
}

/** How the jobs ended, in the order of the file: `.` success, `x` failure, `-` skipped. */
export function marks(ended: Readonly<Record<string, Ended>>): string {
  const mark = { success: '.', failure: 'x', skipped: '-' } as const;
  return Object.values(ended)
    .map(({ result }) => mark[result])
    .join('');
}

/** The last words of each job, for whoever reads of a failure. */
export function said(ended: Readonly<Record<string, Ended>>): string {
  return Object.entries(ended)
    .map(([job, one]) => `== ${job}: ${one.result}\n${one.said.slice(-1000)}`)
    .join('');
}
