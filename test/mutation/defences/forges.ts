import type { Mutation } from '../mutation.ts';

const scenario = (name: string): Mutation['noticedBy'] => ({
  campaign: 'R16',
  tier: 'fast',
  point: `scenario ${name}`,
});

/** What keeps a forge from opening a gate. */
export const FORGES: readonly Mutation[] = [
  {
    name: 'github-head',
    defence: 'a head that has moved closes the gate',
    edits: [
      {
        file: 'src/core/gates/github/judge-pull-request.ts',
        search: 'if (pull.headSha !== headSha)',
        replace: "if (pull.headSha === '')",
      },
    ],
    noticedBy: scenario('github-ci-head-moved'),
  },
  {
    name: 'github-check-identity',
    defence: 'a check is told apart by its app as well',
    edits: [
      {
        file: 'src/core/gates/github/fold-checks.ts',
        search: '(run) => run.app?.id ?? null,',
        replace: '() => null,',
      },
    ],
    noticedBy: scenario('github-ci-other-app-hides-pending'),
  },
  {
    name: 'github-total',
    defence: 'a list is only believed when it has as many entries as it counts',
    edits: [
      {
        file: 'src/gates/github/pages.ts',
        search: 'page.found === page.total ?',
        replace: 'page.found <= page.total ?',
      },
    ],
    noticedBy: scenario('github-ci-wrong-total'),
  },
  {
    name: 'github-approval-commit',
    defence: 'an approval is of the head, or it does not count',
    edits: [
      {
        file: 'src/core/gates/github/judge-approval.ts',
        search: 'commitSha === headSha\n',
        replace: 'commitSha !== null && headSha !== null\n',
      },
    ],
    noticedBy: scenario('github-review-old-commit'),
  },
  {
    name: 'gitlab-pipeline-commit',
    defence: 'a pipeline of another commit does not count',
    edits: [
      {
        file: 'src/core/gates/gitlab/judge-ci.ts',
        search: 'if (pipeline.sha !== headSha)',
        replace: "if (pipeline.sha === '')",
      },
      {
        file: 'src/gates/gitlab/read-ci.ts',
        search: 'pipeline.sha !== headSha || ',
        replace: '',
      },
    ],
    noticedBy: scenario('gitlab-ci-old-pipeline'),
  },
  {
    name: 'gitlab-approval-time',
    defence: 'an approval that is older than the head does not count',
    edits: [
      {
        file: 'src/core/gates/gitlab/judge-approval.ts',
        search: 'if (atMs < context.sinceMs)',
        replace: 'if (atMs < 0)',
      },
    ],
    noticedBy: scenario('gitlab-review-before-the-push'),
  },
  {
    name: 'gitlab-rule-unmet',
    defence: 'a rule that GitLab waves through does not count as met',
    edits: [
      {
        file: 'src/core/gates/gitlab/judge-review.ts',
        search: 'if (people < rule.required)',
        replace: 'if (people < 0)',
      },
    ],
    noticedBy: scenario('gitlab-review-invalid-rule'),
  },
  {
    name: 'gitlab-total',
    defence: 'a list is only believed when it has as many entries as GitLab counts',
    edits: [
      {
        file: 'src/gates/gitlab/pages.ts',
        search: 'total !== null && !more && total !==',
        replace: "total === 'x' && !more && total !==",
      },
    ],
    noticedBy: scenario('gitlab-ci-page-lost'),
  },
  {
    name: 'gitlab-shape',
    defence: 'a field that a verdict uses has to be there',
    edits: [
      {
        file: 'src/formats/gitlab/facts.schema.ts',
        search: '  approved: z.boolean(),',
        replace: '  approved: z.boolean().catch(true),',
      },
    ],
    noticedBy: {
      ...{ campaign: 'R16', tier: 'fast' },
      point:
        'gitlab-review-passes /api/v4/projects/acme%2Fshop/merge_requests/7/approval_state: drop rules.0.approved',
    },
  },
];
