import type { Mutation } from '../mutation.ts';

const SOURCES = 'test/e2e/gate-sources.test.ts';
const POLICY = 'test/e2e/gate-policy.test.ts';
const noticed = (test: string, name: string): Mutation['noticedBy'] => ({ test, name });

/** What keeps a gate shut although somebody says that it is open. */
export const GATES: readonly Mutation[] = [
  {
    name: 'every-document-passes',
    defence: 'a gate opens only where every document of it passes',
    edits: [
      {
        file: 'src/core/gates/combine-sources.ts',
        search: '...documents.map((one) => statusOf(gate, one)),',
        replace: '',
      },
      {
        file: 'src/core/gates/decide-gates.ts',
        search: 'const passed = said && documents.every((one) => documentPasses(one, gate));',
        replace: 'const passed = said;',
      },
      {
        file: 'src/core/gates/decide-gates.ts',
        search: 'decision.documents.every((one) => documentPasses(one, gate))',
        replace: 'decision.documents.length >= 0',
      },
    ],
    noticedBy: noticed(SOURCES, 'a gate is opened by the document of a command, and by nothing less'),
  },
  {
    name: 'trusted-files',
    defence: 'an executable that a gate is decided with is the one that was there before the first stage',
    edits: [
      {
        file: 'src/operations/run/gate-sources/trusted-files.ts',
        search: 'if (now.ok && before?.sha256 === now.value.sha256) return [];',
        replace: "if (now.ok && before?.sha256 !== '') return [];",
      },
    ],
    noticedBy: noticed(SOURCES, 'a gate command that a stage has replaced opens nothing'),
  },
  {
    name: 'head-holds-validated-tree',
    defence: 'a forge is believed only about a commit that holds what was validated',
    edits: [
      {
        file: 'src/operations/run/gate-sources/open-sources.ts',
        search: 'if (match.value?.same === true) return null;',
        replace: 'if (match.value !== null) return null;',
      },
    ],
    noticedBy: noticed(
      SOURCES,
      'a commit that does not hold what was validated is not what a forge can close',
    ),
  },
  {
    name: 'token-withheld',
    defence: 'a token that gates are read with reaches no stage',
    edits: [
      {
        file: 'src/process/child-environment.ts',
        search: ' || options.withheld.has(name)',
        replace: '',
      },
    ],
    noticedBy: noticed(SOURCES, 'ci and review are read from GitHub, for the commit that was validated'),
  },
  {
    name: 'policy-of-the-base',
    defence: 'a policy is read from the base commit',
    edits: [
      {
        file: 'src/operations/run/gate-sources/read-policy.ts',
        search: '    if (base === null) {\n      const what',
        replace:
          "    if (base !== null) {\n      const { readPolicyFolder } = await import('../../../store/pinned-folder.ts');\n      return readPolicyFolder(context.plan.repoRoot + '/' + source.dir);\n    }\n    if (base === null) {\n      const what",
      },
    ],
    noticedBy: noticed(POLICY, 'a policy that a stage rewrites in the work tree is not the one that decides'),
  },
  {
    name: 'base-kept',
    defence: 'the base is found before the first stage and kept',
    edits: [
      {
        file: 'src/operations/run/open-resumed.ts',
        search: 'if (plan.closure.base === before.config.closure.base) return ok(before.repo.base);',
        replace: 'if (plan.closure.base === null) return ok(before.repo.base);',
      },
    ],
    noticedBy: noticed(
      POLICY,
      'a base that a stage moves is not looked up again, with the same flags on a resume either',
    ),
  },
  {
    name: 'scope-guard',
    defence: 'the scope guard judges the change before every other source',
    edits: [
      {
        file: 'src/operations/run/gate-sources/open-sources.ts',
        search:
          "const scope = gate === 'policy' ? await readScope(context, document, question, judged) : null;",
        replace: 'const scope = null;',
      },
    ],
    noticedBy: noticed(POLICY, 'the scope guard blocks what it does not allow, by code, path and rule'),
  },
];
