import type { Mutation } from '../mutation.ts';

const attack = (point: string): Mutation['noticedBy'] => ({ campaign: 'R10', tier: 'fast', point });

/** What keeps evidence from being forged, and from being written where it does not belong. */
export const EVIDENCE: readonly Mutation[] = [
  {
    name: 'exclusive-temp-name',
    defence: 'random names of temporary files, made with O_EXCL',
    edits: [
      {
        file: 'src/store/durable-write.ts',
        search: '  const hex = random();\n',
        replace: "  const hex = '0'.repeat(16);\n",
      },
      {
        file: 'src/store/durable-write.ts',
        search: "openSync(file, 'wx', mode)",
        replace: "openSync(file, 'w', mode)",
      },
    ],
    noticedBy: attack('26 an agent leaves links under names of temporary files'),
  },
  {
    name: 'refusal-of-other-files',
    defence: 'refusal of what is no regular file in the place of a document',
    edits: [
      {
        file: 'src/store/durable-write.ts',
        search:
          '    if (there !== null && !there.isFile()) return fail(obstructed(file, describeKind(there)));\n',
        replace: '',
      },
    ],
    noticedBy: {
      test: 'test/e2e/tampering.test.ts',
      name: 'a pipe in the place of a document stops the run and never hangs a command',
    },
  },
  {
    name: 'tamper-check-before-commit',
    defence: 'the checkpoint must be what we last wrote',
    edits: [
      {
        file: 'src/store/evidence.ts',
        search: 'if (!fenced.ok || checkpoint.isAsLeft()) return fenced;',
        replace: 'if (!fenced.ok || checkpoint.last() !== undefined) return fenced;',
      },
    ],
    noticedBy: attack('1 an agent rewrites control files: the checkpoint becomes garbage'),
  },
  {
    name: 'audit-log-as-left',
    defence: 'the audit log must be what we last wrote',
    edits: [
      {
        file: 'src/store/audit-log.ts',
        search:
          "return actual.equals(expected) ? ok(undefined) : fail(tampered(file, 'its content is another'));",
        replace: 'return actual.length >= 0 ? ok(undefined) : fail(tampered(file, ""));',
      },
      {
        file: 'src/store/audit-log.ts',
        search: '!opened.isFile() || opened.size !== before',
        replace: '!opened.isFile()',
      },
    ],
    noticedBy: attack('1 an agent rewrites control files: the audit log loses its first record'),
  },
  {
    name: 'checkpoint-digest',
    defence: "the checkpoint's own digest and exact form",
    edits: [
      {
        file: 'src/formats/parse-checkpoint.ts',
        search: '  if (digest !== null) return refuse(digest);\n',
        replace: '',
      },
    ],
    noticedBy: attack('2 a bit of a done checkpoint is flipped, at 16 places'),
  },
  {
    name: 'report-digest',
    defence: 'under a committed done the report must be the one that the checkpoint names',
    edits: [
      {
        file: 'src/operations/examine-evidence.ts',
        search: "...(done && report.state !== 'matches' ? [finding('report', report.detail)] : []),",
        replace: '',
      },
    ],
    noticedBy: { campaign: 'R11', tier: 'fast', point: 'done, report corrupted' },
  },
  {
    name: 'audit-chain',
    defence: 'the seal of each audit record',
    edits: [
      {
        file: 'src/store/audit-chain.ts',
        search: ") !== sha256) return 'is not what was sealed';",
        replace: ") === '') return 'is not what was sealed';",
      },
    ],
    noticedBy: {
      test: 'test/e2e/tampering.test.ts',
      name: 'under a committed done, a changed report, log, artifact or copy is tampering',
    },
  },
  {
    name: 'audit-agrees-on-the-end',
    defence: 'a done must be the end that the audit log tells',
    edits: [
      {
        file: 'src/operations/evidence/audit-problems.ts',
        search: '    ...endProblems(document, facts),\n',
        replace: '',
      },
    ],
    noticedBy: attack(
      '2 a blocked run is made to say done in checkpoint and report, every digest mended, the log left',
    ),
  },
  {
    name: 'audit-agrees-on-assertions',
    defence: 'an assertion of the checkpoint must be one that an invocation has brought',
    edits: [
      {
        file: 'src/operations/evidence/audit-problems.ts',
        search: '    ...givenProblems(document, facts),\n',
        replace: '',
      },
    ],
    noticedBy: {
      test: 'test/e2e/contradicting-log.test.ts',
      name: 'a resume does not go on with what the audit log does not tell of',
    },
  },
  {
    name: 'audit-agrees-on-attempts',
    defence: 'an attempt that succeeded must be one that the audit log tells of',
    edits: [
      {
        file: 'src/operations/evidence/audit-problems.ts',
        search: '    ...attemptProblems(document, facts),\n',
        replace: '',
      },
    ],
    noticedBy: {
      test: 'test/e2e/contradicting-log.test.ts',
      name: 'what a done says of its gates and attempts is what the audit log says',
    },
  },
  {
    name: 'artifact-digest-on-resume',
    defence: 'size and digest of artifacts when they are looked at again',
    edits: [
      {
        file: 'src/store/artifacts/verify-artifacts.ts',
        search: 'if (size !== null && bytes !== undefined && size !== bytes) {',
        replace: 'if (size !== null && bytes !== undefined && size < 0) {',
      },
      {
        file: 'src/store/artifacts/verify-artifacts.ts',
        search: 'return now === sha256 ? null',
        replace: "return sha256 !== '' ? null",
      },
    ],
    noticedBy: attack('4 a completed stage is changed before a resume: its artifact'),
  },
  {
    name: 'binary-digest-on-resume',
    defence: 'digest of the binary of a completed stage',
    edits: [
      {
        file: 'src/operations/run/resume-run.ts',
        search: 'return now === file.sha256 ? []',
        replace: 'return now !== null ? []',
      },
    ],
    noticedBy: attack('4 a completed stage is changed before a resume: its binary, by one byte'),
  },
  {
    name: 'closure-contradictions',
    defence: 'a run is closed only where its own records say so, too',
    edits: [
      {
        file: 'src/operations/run/loop.ts',
        search: '  const [problem] = closureProblems(document);\n',
        replace: '  const [problem] = closureProblems(document).slice(1_000);\n',
      },
    ],
    noticedBy: {
      test: 'test/e2e/holes.test.ts',
      name: 'a checkpoint that jumps to closure without its records cannot be closed',
    },
  },
];
