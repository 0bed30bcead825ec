import type { Mutation } from '../mutation.ts';

const attack = (point: string): Mutation['noticedBy'] => ({ campaign: 'R10', tier: 'fast', point });
const inSandbox = (name: string): Mutation['noticedBy'] => ({ test: 'test/e2e/sandbox.test.ts', name });

/** The sandbox, the state key, and what is planted for the next git call. */
export const ISOLATION: readonly Mutation[] = [
  {
    name: 'evidence-covered',
    defence: "an empty folder in out_dir's place in a sandbox",
    edits: [
      {
        file: 'src/operations/run/sandbox/stage-view.ts',
        search: "{ kind: 'writable', source: start.attemptFolder }",
        replace: "{ kind: 'writable', source: paths.outDir }",
      },
    ],
    noticedBy: inSandbox('the evidence is out of reach of a sandboxed stage, whatever it tries'),
  },
  {
    name: 'git-read-only',
    defence: 'the git folder is read-only in a sandbox',
    edits: [
      {
        file: 'src/operations/run/sandbox/stage-view.ts',
        search: "? 'writable' : 'read-only';",
        replace: "? 'writable' : 'writable';",
      },
    ],
    noticedBy: inSandbox('other work trees and the git folder cannot be changed from a sandbox'),
  },
  {
    name: 'network-off',
    defence: 'no network in a sandbox unless asked',
    edits: [
      {
        file: 'src/process/sandbox/mounts.ts',
        search: "view.network ? ['--share-net'] : []",
        replace: "['--share-net']",
      },
    ],
    noticedBy: attack('23 an agent talks to a server of this machine'),
  },
  {
    name: 'sandbox-environment',
    defence: 'the sandbox has no environment of its own to be read',
    edits: [
      {
        file: 'src/process/sandbox/launch.ts',
        search: '    env: {},\n',
        replace: "    env: { CANARY_TOKEN: process.env.CANARY_TOKEN ?? '' },\n",
      },
    ],
    noticedBy: attack("13 an agent reads the orchestrator's environment"),
  },
  {
    name: 'sandbox-required',
    defence: 'a required sandbox that cannot be had is refused',
    edits: [
      {
        file: 'src/operations/run/sandbox/prepare-sandbox.ts',
        search: "if (found.mode !== 'required') return",
        replace: 'return',
      },
      {
        file: 'src/operations/run/sandbox/isolate.ts',
        search: "return mode === 'auto' ? ok(bare(why))",
        replace: 'return why !== null ? ok(bare(why))',
      },
    ],
    noticedBy: attack('25 the sandbox is silently missing, or fails as a program would'),
  },
  {
    name: 'git-settings',
    defence: 'what a stage plants for the next git call blocks',
    edits: [
      {
        file: 'src/operations/run/git-settings.ts',
        search: '  if (verifying) return ok({ refused: [], accepted: [] });',
        replace: '  if (verifying || before !== null) return ok([]);',
      },
    ],
    noticedBy: attack('20 an agent plants a hook, and points .git elsewhere'),
  },
  {
    name: 'checkpoint-mac',
    defence: "the checkpoint's MAC is checked",
    edits: [
      {
        file: 'src/operations/evidence/authenticity.ts',
        search: "if (key.checkpoint.verifies(text, authentication.mac)) return ok('authenticated');",
        replace: "if (text !== authentication.mac) return ok('authenticated');",
      },
    ],
    noticedBy: {
      test: 'test/e2e/authenticity.test.ts',
      name: 'whatever is changed in an authenticated run is refused, with every digest mended',
    },
  },
  {
    name: 'audit-mac',
    defence: "the audit records' MACs are checked",
    edits: [
      {
        file: 'src/store/audit-chain.ts',
        search: ", claimed) ? null : 'has a MAC of another key';",
        replace: ", claimed) || plain !== '' ? null : 'has a MAC of another key';",
      },
    ],
    noticedBy: {
      test: 'test/e2e/authenticity.test.ts',
      name: 'a record after the last commit has to carry a MAC of the key as well',
    },
  },
  {
    name: 'inherited-descriptors',
    defence: 'descriptors that the caller left open are closed',
    edits: [
      {
        file: 'src/process/inherited-descriptors.ts',
        search: 'if (descriptor > 2 && isInherited(name)) closeQuietly(descriptor);',
        replace: 'if (descriptor < 0 && isInherited(name)) closeQuietly(descriptor);',
      },
    ],
    noticedBy: inSandbox('a descriptor that the caller left open reaches no stage'),
  },
];
