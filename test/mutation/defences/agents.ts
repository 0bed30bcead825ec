import type { Mutation } from '../mutation.ts';

const attack = (point: string): Mutation['noticedBy'] => ({ campaign: 'R10', tier: 'fast', point });
const READ_ARTIFACT = 'src/store/artifacts/read-artifact.ts';

/** What keeps an agent's files, output and repository from doing harm. */
export const AGENTS: readonly Mutation[] = [
  {
    name: 'set-aside',
    defence: 'what is in the place of an expected artifact is set aside',
    edits: [
      {
        file: 'src/operations/run/attempt-artifacts.ts',
        search: 'if (tracked.has(storePath(path, context.roots)) || leadsAway(context, path)) continue;',
        replace: "if (path !== '') continue;",
      },
    ],
    noticedBy: attack('5 a stale artifact: an agent that does nothing'),
  },
  {
    name: 'tracked-baseline',
    defence: 'a tracked artifact must differ from what it was',
    edits: [
      {
        file: 'src/operations/run/attempt-artifacts.ts',
        search: 'return baselines.find((one) => one.path === stored)?.sha256 === sha256;',
        replace: "return baselines.find((one) => one.path === stored)?.sha256 === '';",
      },
    ],
    noticedBy: attack('5 a stale artifact: a tracked file that is only touched'),
  },
  {
    name: 'artifact-outside-roots',
    defence: 'an artifact leads nowhere outside out_dir and repo-root',
    edits: [
      { file: READ_ARTIFACT, search: '  if (escaped !== null) return malformed(escaped);\n', replace: '' },
    ],
    noticedBy: attack('8 an artifact that is a link to a file outside'),
  },
  {
    name: 'artifact-hard-link',
    defence: 'an artifact has one name only',
    edits: [{ file: READ_ARTIFACT, search: 'if (stats.nlink > 1)', replace: 'if (stats.nlink > 1_000)' }],
    noticedBy: attack('7 an artifact that is a second name of a file elsewhere'),
  },
  {
    name: 'artifact-size',
    defence: 'the bound of an artifact',
    edits: [
      {
        file: 'src/operations/run/attempt-artifacts.ts',
        search: 'maxBytes: context.plan.maxArtifactBytes,',
        replace: 'maxBytes: 2 ** 31,',
      },
    ],
    noticedBy: attack('9 an artifact that is 17 MiB of JSON'),
  },
  {
    name: 'artifact-depth',
    defence: 'the depth of an artifact',
    edits: [
      {
        file: READ_ARTIFACT,
        search: '{ maxDepth: MAX_JSON_DEPTH }',
        replace: '{ maxDepth: MAX_JSON_DEPTH * 1_000 }',
      },
    ],
    noticedBy: attack('10 an artifact that is 65 levels of arrays'),
  },
  {
    name: 'environment-allow-list',
    defence: 'agents get the base set of variables only',
    edits: [
      {
        file: 'src/process/child-environment.ts',
        search: '    if (!passed && !options.inherit && !isBase(name, options.platform)) continue;\n',
        replace: '',
      },
    ],
    noticedBy: attack(
      "12 an agent dumps its environment: only the base set and the orchestrator's own are in it",
    ),
  },
  {
    name: 'mask-hold-back',
    defence: 'the end of a piece of output is held back while it may begin a secret',
    edits: [
      {
        file: 'src/process/mask.ts',
        search: 'return pass(data, search.openTail(data));',
        replace: 'return pass(data, data.length);',
      },
    ],
    noticedBy: {
      test: 'test/e2e/cut-secrets.test.ts',
      name: 'a secret is masked wherever the output is cut into pieces',
    },
  },
  {
    name: 'mask-encodings',
    defence: 'secrets are masked in their encodings',
    edits: [
      {
        file: 'src/process/mask.ts',
        search: 'secrets.flatMap((secret) => secretVariants(secret.value))',
        replace: 'secrets.map((secret) => secret.value)',
      },
    ],
    noticedBy: attack('14 an agent prints secrets in every encoding, byte by byte'),
  },
  {
    name: 'terminal-escapes',
    defence: 'control characters are made visible',
    edits: [
      {
        file: 'src/render/harmless.ts',
        search: 'read.replace(UNSAFE, escapeOf).replace(',
        replace: 'read.replace(',
      },
    ],
    noticedBy: attack('15 terminal escapes in the output'),
  },
  {
    name: 'stage-prefix',
    defence: 'every echoed line is prefixed',
    edits: [
      {
        file: 'src/render/harmless.ts',
        search: '  return lines.map((line) =>',
        replace:
          "  if (stage !== '') return lines.map((line) => oneLine(withoutCarriageReturn(line), maxLength));\n  return lines.map((line) =>",
      },
    ],
    noticedBy: attack('16 workflow commands in the output'),
  },
  {
    name: 'own-git-dir',
    defence: 'git never sees the configuration of the repository',
    edits: [
      {
        file: 'src/git/private-git-dir.ts',
        search: 'const common = { GIT_DIR: folder,',
        replace: 'const common = { GIT_DIR: request.dirs.gitDir,',
      },
    ],
    noticedBy: attack('19 git code execution by a filter by .gitattributes, in six situations'),
  },
];
