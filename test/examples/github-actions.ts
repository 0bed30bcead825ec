import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { executableDigest, MEND, makeOrigin, makeTools } from './ci-scratch.ts';
import { type Outcome, outcomeOf, ROOT } from './example.ts';
import { type Ended, readWorkflow, runWorkflow, type World } from './workflow.ts';

/** The workflow of the example. */
export const WORKFLOW = join(ROOT, 'examples/github-actions/.github/workflows/orchestrator.yml');
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
  const origin = makeOrigin(base, join(ROOT, 'examples/github-actions'));
  const tools = makeTools(base);
  const artifact = (name: string, file: string) => join(base, 'artifacts', name, file);
  const unpack = (): string => {
    const folder = join(base, 'unpacked');
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-xzf', artifact('orchestrator-evidence', 'evidence.tar.gz'), '-C', folder]);
    return folder;
  };
  const run = (differing: Differing = {}) => {
    tools.agent(differing.agent ?? MEND);
    tools.write('gh', ghProgram({ head_sha: origin.head, ...differing.origin }));
    const place = { ...origin, base, path: tools.path };
    return runWorkflow(readWorkflow(WORKFLOW), worldOf(place, differing));
  };
  return {
    ...{ run, artifact, program: tools.write },
    outcome: (exitCode) => outcomeOf(exitCode, join(unpack(), 'out')),
    change: () => readFileSync(join(unpack(), 'change.patch'), 'utf8'),
  };
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
  readonly path: string;
}

function worldOf({ base, origin, head, path }: Place, differing: Differing): World {
  const pull = { number: 7, head: { sha: head, repo: { full_name: REPOSITORY } } };
  const event = { event_name: 'pull_request', event: { pull_request: pull } };
  const github = { repository: REPOSITORY, run_id: RUN_ID, token: 'forge-token', ...event };
  return {
    ...{ base, origin, path },
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
