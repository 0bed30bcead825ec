/**
 * A scenario: what a forge holds, how it misbehaves, and the verdict that a gate must give. One JSON file each in
 * `scenarios/`; what a file leaves out is an ordinary open change whose checks and reviews are fine.
 *
 * Commits are written as `@head`, `@old`, `@base`, `@merge` (the test merge), and `@pushed` for whatever the branch of the change holds now.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';

/** What the symbolic commits stand for. */
export const COMMITS = {
  head: '1111111111111111111111111111111111111111',
  old: '0000000000000000000000000000000000000bad',
  base: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',
  merge: 'dddddddddddddddddddddddddddddddddddddddd',
} as const;

const FOLDER = join(import.meta.dirname, 'scenarios');

/** A field that is laid over the answer as it is, for what has no word of its own here. */
const extra = z.record(z.string(), z.unknown()).default({});

const checkRunSchema = z.strictObject({
  name: z.string(),
  app: z.string().default('github-actions'),
  status: z.string().default('completed'),
  conclusion: z.string().nullable().default('success'),
  sha: z.string().default('@pushed'),
  /** Runs of one suite replace one another under `filter=latest`. */
  suite: z.number().default(1),
  extra,
});

const statusSchema = z.strictObject({
  context: z.string(),
  state: z.string().default('success'),
  sha: z.string().default('@pushed'),
  extra,
});

const reviewSchema = z.strictObject({
  user: z.string().default('rita'),
  state: z.string().default('APPROVED'),
  commit: z.string().nullable().default('@pushed'),
  body: z.string().default(''),
  extra,
});

const commitSchema = z.strictObject({
  sha: z.string().default('@pushed'),
  author: z.string().nullable().default('adam'),
  committer: z.string().nullable().default('adam'),
  extra,
});

const githubSchema = z.strictObject({
  repo: z.string().default('acme/shop'),
  pull: z
    .strictObject({
      number: z.number().default(7),
      state: z.string().default('open'),
      merged: z.boolean().default(false),
      draft: z.boolean().default(false),
      author: z.string().default('adam'),
      /** Who pushed the head, by the activity of the repository; null where that does not say. */
      pusher: z.string().nullable().default('adam'),
      sha: z.string().default('@head'),
      branch: z.string().default('work'),
      base: z.string().default('main'),
      /** The repository that the branch is in, where it is a fork. */
      fork: z.string().nullable().default(null),
      extra,
    })
    .prefault({}),
  checkRuns: z.array(checkRunSchema).default([]),
  /** Suites made up beside the listed runs, newer than them, each with so many successful runs. */
  moreSuites: z
    .strictObject({ count: z.number(), runs: z.number().default(1) })
    .nullable()
    .default(null),
  statuses: z.array(statusSchema).default([]),
  /** `required_status_checks` of the branch's rulesets: contexts, `context@app id` where one is bound. */
  rules: z.array(z.string()).default([]),
  strict: z.boolean().default(false),
  /** Classic protection; null where the branch has none. */
  protection: z.array(z.string()).nullable().default(null),
  reviews: z.array(reviewSchema).default([]),
  commits: z.array(commitSchema).default([{ sha: '@pushed', author: 'adam', committer: 'adam', extra: {} }]),
  /** Commits made up beside the listed ones. */
  moreCommits: z.number().default(0),
  /** Who may do what; whoever is not named may read. */
  permissions: z.record(z.string(), z.string()).default({ rita: 'write', ravi: 'write', adam: 'write' }),
});

const jobSchema = z.strictObject({
  name: z.string(),
  status: z.string().default('success'),
  allowFailure: z.boolean().default(false),
  extra,
});

const ruleSchema = z.strictObject({
  name: z.string().default('All Members'),
  type: z.string().default('any_approver'),
  required: z.number().default(1),
  approved: z.boolean().default(true),
  by: z.array(z.string()).default(['rita']),
  eligible: z.array(z.string()).default([]),
  extra,
});

const gitlabSchema = z.strictObject({
  project: z.string().default('acme/shop'),
  mergeRequest: z
    .strictObject({
      iid: z.number().default(7),
      state: z.string().default('opened'),
      draft: z.boolean().default(false),
      author: z.string().default('adam'),
      sha: z.string().nullable().default('@head'),
      branch: z.string().default('work'),
      base: z.string().default('main'),
      status: z.string().default('mergeable'),
      extra,
    })
    .prefault({}),
  pipeline: z
    .strictObject({
      id: z.number().default(31),
      sha: z.string().default('@pushed'),
      status: z.string().default('success'),
      extra,
    })
    .nullable()
    .prefault({}),
  jobs: z.array(jobSchema).default([{ name: 'test', status: 'success', allowFailure: false, extra: {} }]),
  moreJobs: z.number().default(0),
  /** Null where the instance has no approval rules at all (Free tier). */
  rules: z.array(ruleSchema).nullable().default([]),
  approvals: z
    .array(
      z.strictObject({
        user: z.string(),
        at: z.string().nullable().default('2026-01-03T12:00:00.000Z'),
        extra,
      }),
    )
    .default([]),
  /** Heads that the change has had, newest first, and since when. */
  versions: z
    .array(z.strictObject({ sha: z.string(), at: z.string(), extra }))
    .default([{ sha: '@pushed', at: '2026-01-02T12:00:00.000Z', extra: {} }]),
  commits: z.array(commitSchema).default([{ sha: '@pushed', author: 'adam', committer: 'adam', extra: {} }]),
});

const FAULT_KINDS = [
  'slow',
  'cut',
  'status',
  'rate_limited',
  'secondary_limit',
  'malformed',
  'wrong_type',
  'empty',
  'html',
  'redirect',
  'lost_page',
  'foreign_link',
  'link_loop',
  'wrong_total',
  'empty_page',
] as const;

const faultSchema = z.strictObject({
  /** Name of a route, as `requests` has it. */
  route: z.string(),
  /** Which calls of the route, from 1; all where left out. */
  calls: z.array(z.number()).nullable().default(null),
  /** Only this page. */
  page: z.number().nullable().default(null),
  kind: z.enum(FAULT_KINDS),
  /** HTTP status for `status`, and of a limit (403 or 429). */
  status: z.number().default(500),
  /** Seconds in `retry-after` or until the reset of a limit. */
  seconds: z.number().default(60),
});

const changeSchema = z.strictObject({
  /** Before this call, from 1, of the route is answered; `*` counts all requests. */
  route: z.string(),
  call: z.number(),
  /** Where in the scenario, as `github.checkRuns.0.status`. */
  set: z.string(),
  to: z.unknown(),
});

export const scenarioSchema = z.strictObject({
  /** What it is about, in one sentence. */
  shows: z.string(),
  verdict: z.strictObject({
    forge: z.enum(['github', 'gitlab']),
    gate: z.enum(['ci', 'review']),
    status: z.string(),
    passed: z.boolean(),
    /** Codes of the details that block, each once, in alphabetical order. */
    codes: z.array(z.string()),
    /** Codes that are recorded and do not block; only these are looked for. */
    noted: z.array(z.string()).default([]),
    /** Whether it can still change by itself. */
    waits: z.boolean().default(false),
    /** How often the gate is asked; the last answer counts. */
    asks: z.number().default(1),
  }),
  /** The commit that was pushed. */
  pinned: z.string().default('@head'),
  ci: z
    .strictObject({
      required: z
        .array(
          z.strictObject({
            name: z.string(),
            app: z.string().nullable().default(null),
            accept: z.array(z.string()).default([]),
          }),
        )
        .default([]),
      acceptFlaky: z.boolean().default(false),
    })
    .prefault({}),
  review: z
    .strictObject({
      approvals: z.number().nullable().default(null),
      reviewers: z.array(z.string()).default([]),
      agents: z.array(z.string()).default([]),
    })
    .prefault({}),
  github: githubSchema.prefault({}),
  gitlab: gitlabSchema.prefault({}),
  /** Bare repository whose branches give the heads of changes; absolute. */
  repository: z.string().nullable().default(null),
  token: z
    .strictObject({
      value: z.string().default('forge-token'),
      /** Routes that the token may not use, and what it is told. */
      denied: z.record(z.string(), z.number()).default({}),
    })
    .prefault({}),
  limits: z
    .strictObject({ perHour: z.number().default(5000), resetSecs: z.number().default(3600) })
    .prefault({}),
  faults: z.array(faultSchema).default([]),
  changes: z.array(changeSchema).default([]),
});

export type Scenario = z.output<typeof scenarioSchema>;
export type Fault = Scenario['faults'][number];

/** The names of all scenarios, in the order of the alphabet. */
export function scenarioNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'))
    .sort();
}

/** Reads one scenario; a file that is wrong is thrown. */
export function loadScenario(name: string): Scenario {
  return readScenario(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')));
}

/** A scenario from what a test writes. */
export function readScenario(given: unknown): Scenario {
  return scenarioSchema.parse(given);
}
