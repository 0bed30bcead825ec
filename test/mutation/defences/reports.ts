import type { Mutation } from '../mutation.ts';

const HTML: Mutation['noticedBy'] = {
  campaign: 'R10',
  tier: 'fast',
  point: '24 markup in every text of an HTML report',
};

const AGENTS = 'test/e2e/agents/profiles.test.ts';
const HOUSEKEEPING = 'test/e2e/housekeeping.test.ts';
const RETENTION = 'src/core/retention.ts';

/** What keeps reports harmless and true, runs from being cleaned away, and agents to their word and their limits. */
export const REPORTS: readonly Mutation[] = [
  {
    name: 'html-escape',
    defence: 'text is escaped in the HTML report',
    edits: [
      {
        file: 'src/render/html/markup.ts',
        search: '.replace(MARKUP, (found)',
        replace: '.replace(/$^/g, (found)',
      },
    ],
    noticedBy: HTML,
  },
  {
    name: 'html-policy',
    defence: 'the HTML report has a content-security policy',
    edits: [
      {
        file: 'src/render/html/page.ts',
        search: '<meta http-equiv="Content-Security-Policy"',
        replace: '<meta name="policy"',
      },
    ],
    noticedBy: HTML,
  },
  {
    name: 'html-policy-in-browser',
    defence: 'the policy of the HTML report lets no script run',
    edits: [
      {
        file: 'src/render/html/page.ts',
        search: "`default-src 'none'; style-src",
        replace: "`default-src 'unsafe-inline'; img-src http:; style-src",
      },
    ],
    noticedBy: { campaign: 'R10', tier: 'fast', point: '24 markup in an HTML report, in a browser' },
  },
  {
    name: 'html-log-escape',
    defence: 'lines of logs are escaped in the HTML report',
    edits: [
      {
        file: 'src/render/html/logs.ts',
        search: "const text = escapeHtml(line.replace(SGR, '').replaceAll('\\t', '    '), MAX_LINE);",
        replace: "const text = line.replace(SGR, '').slice(0, MAX_LINE);",
      },
    ],
    noticedBy: HTML,
  },
  {
    name: 'junit-closure-ready',
    defence: 'in JUnit a run that is not done has a case that fails',
    edits: [
      {
        file: 'src/render/report-junit.ts',
        search: "if (report.terminal_state === 'done' && report.failure === null) return",
        replace: 'if (report.failure === null) return',
      },
    ],
    noticedBy: {
      test: 'test/e2e/html-report.test.ts',
      name: 'JUnit of a run that was killed is not green, though nothing in it has failed',
    },
  },
  {
    name: 'live-line-harmless',
    defence: 'the live line shows control characters and does not obey them',
    edits: [
      {
        file: 'src/render/progress/frame.ts',
        search: 'oneLine(look.lastLine.slice(0, 1000).trim(), MAX_COLUMNS)',
        replace: 'look.lastLine.slice(0, 1000).trim()',
      },
    ],
    noticedBy: {
      test: 'test/e2e/terminal-trouble.test.ts',
      name: 'no control character of a stage reaches the terminal, in the live line or above it',
    },
  },
  {
    name: 'clean-live',
    defence: 'clean leaves a run alone that is worked on',
    edits: [
      { file: RETENTION, search: "return 'an orchestrator works on it';", replace: 'return null;' },
      {
        file: 'src/operations/housekeeping/remove-run.ts',
        search: "return locked.failure.reason === 'locked' ? ok(stays(locked.failure.message)) : locked;",
        replace: 'return removeLocked(outDir, judged, io);',
      },
    ],
    noticedBy: {
      test: HOUSEKEEPING,
      name: 'a run that is worked on is listed as running, and is not cleaned away',
    },
  },
  {
    name: 'clean-blocked',
    defence: 'clean leaves a blocked run alone unless asked',
    edits: [
      {
        file: RETENTION,
        search: "return rule.includeBlocked ? null : 'blocked: --include-blocked takes it';",
        replace: 'return null;',
      },
    ],
    noticedBy: { test: HOUSEKEEPING, name: 'clean tells what would go, and removes it only with --execute' },
  },
  {
    name: 'clean-resumable',
    defence: 'clean leaves a run alone that can be resumed unless asked',
    edits: [
      {
        file: RETENTION,
        search: "return rule.includeResumable ? null : 'can be resumed: --include-resumable takes it';",
        replace: 'return null;',
      },
    ],
    noticedBy: {
      test: HOUSEKEEPING,
      name: 'a run that was killed is listed as unfinished, and stays until resumable runs are asked for',
    },
  },
  {
    name: 'budget-unknown',
    defence: 'use that is not reported fails under a limit',
    edits: [
      {
        file: 'src/core/agents/limits.ts',
        search: 'const unknown = set.find((one) => one.used === null);',
        replace: 'const unknown = set.find((one) => one.limit === -1);',
      },
    ],
    noticedBy: {
      test: AGENTS,
      name: 'a limit on what an agent does not report fails, and so does output that was cut',
    },
  },
  {
    name: 'budget-exceeded',
    defence: 'use over a limit fails the stage',
    edits: [
      {
        file: 'src/core/agents/limits.ts',
        search: 'const over = set.find((one) => one.used !== null && one.used > (one.limit ?? 0));',
        replace: 'const over = set.find((one) => one.limit === -1);',
      },
    ],
    noticedBy: { test: AGENTS, name: 'attempts use one limit together, and a larger one on resume goes on' },
  },
  {
    name: 'agent-result',
    defence: 'what an agent says of itself counts although it exits 0',
    edits: [
      {
        file: 'src/core/judge-attempt.ts',
        search: 'judgeUse(facts.agent, null) ?? judgeEnding(facts.agent);',
        replace: 'judgeUse(facts.agent, null);',
      },
    ],
    noticedBy: {
      test: AGENTS,
      name: 'an agent that exits 0 with an error, a refusal, a cap or no result fails its stage',
    },
  },
  {
    name: 'agent-is-error',
    defence: 'a result of Claude Code with is_error is no success',
    edits: [
      {
        file: 'src/core/agents/claude-code.ts',
        search: "if (subtype === 'success' && !result.is_error) return",
        replace: "if (subtype === 'success') return",
      },
    ],
    noticedBy: {
      test: AGENTS,
      name: 'an agent that exits 0 with an error, a refusal, a cap or no result fails its stage',
    },
  },
  {
    name: 'stopped-terminal',
    defence: 'a terminal that is stopped does not stop the run',
    edits: [
      {
        file: 'src/compose.ts',
        search: '      keepBack(stdout);\n',
        replace: '',
      },
    ],
    noticedBy: {
      test: 'test/e2e/terminal-trouble.test.ts',
      name: 'a terminal that is stopped (ctrl-S) keeps no time limit from being kept, and the run ends',
    },
  },
];
