import type { Mutation } from '../mutation.ts';

const orphans = (point: string): Mutation['noticedBy'] => ({ campaign: 'R6', tier: 'fast', point });

/** What ends processes, and what keeps two runs from one out_dir. */
export const PROCESSES: readonly Mutation[] = [
  {
    name: 'process-sweep',
    defence: 'the sweep of a process tree after its stage',
    edits: [
      {
        file: 'src/process/end-tree.ts',
        search: '    const now = clock.monotonic();\n    if (seen.alive',
        replace:
          '    const now = clock.monotonic();\n    if (options.rootEnded()) return record(options, 0, { survivors: 0, clean: 2 });\n    if (seen.alive',
      },
    ],
    noticedBy: orphans('exit 0 × a session of its own, 1'),
  },
  {
    name: 'reaper',
    defence: 'the reaper ends what is left when the orchestrator is killed',
    edits: [
      {
        file: 'src/process/reaper-script.ts',
        search: '    kill -s KILL -- $found\n',
        replace: '    : $found\n',
      },
      {
        file: 'src/process/reaper-script.ts',
        search: '*" $group "*) kill -s KILL -- "-$group" ;; esac',
        replace: '*" $group "*) ;; esac',
      },
    ],
    noticedBy: orphans('SIGKILL × a child, 1'),
  },
  {
    name: 'inherited-mark',
    defence: 'the mark that a process does not lose',
    edits: [
      {
        file: 'src/process/process-tree.ts',
        search: 'marks: options.marked ? [treeMark(options.cookie)] : [],',
        replace: 'marks: [],',
      },
      // A look in time would have seen it as a descendant.
      {
        file: 'src/process/watch-tree.ts',
        search: 'const FIRST_LOOK_MS = 25;',
        replace: 'const FIRST_LOOK_MS = 3_600_000;',
      },
    ],
    noticedBy: {
      test: 'test/e2e/dropped-traces.test.ts',
      name: 'a process that dropped its environment, session, parent and output does not outlive its stage',
    },
  },
  {
    name: 'fencing',
    defence: 'the lock is checked before every commit',
    edits: [
      {
        file: 'src/store/evidence.ts',
        search: 'const fenced = options.fence();',
        replace: 'const fenced: Result<void, Failure> = { ok: true, value: undefined };',
      },
    ],
    noticedBy: {
      campaign: 'R10',
      tier: 'fast',
      point: '1 an agent rewrites control files: the lock gets a newer holder',
    },
  },
  {
    name: 'lock-one-winner',
    defence: 'of those who follow a dead holder one wins',
    edits: [
      { file: 'src/store/lock/take-generation.ts', search: '  removeLeftoverTemps(folder);\n', replace: '' },
      {
        file: 'src/store/lock/take-generation.ts',
        search: 'if (listGenerations(folder).highest !== generation) {',
        replace: 'if (generation < 0) {',
      },
      { file: 'src/store/lock/take-generation.ts', search: "errno === 'EEXIST' ||", replace: '' },
      {
        file: 'src/store/lock/take-generation.ts',
        search: '    linkSync(temp, file);\n    return true;\n',
        replace: '    removeOwn(file);\n    linkSync(temp, file);\n    return true;\n',
      },
    ],
    noticedBy: {
      test: 'test/e2e/lock-history.test.ts',
      name: 'of two contenders that slept before the same number one gets it',
    },
  },
  {
    name: 'lock-highest-wins',
    defence: 'a number that is history is not taken, nor the record of one who slept',
    edits: [
      {
        file: 'src/store/lock/take-generation.ts',
        search: 'if (listGenerations(folder).highest !== generation) {',
        replace: 'if (generation < 0) {',
      },
      { file: 'src/store/lock/take-generation.ts', search: '  removeLeftoverTemps(folder);\n', replace: '' },
    ],
    noticedBy: {
      test: 'test/e2e/lock-history.test.ts',
      name: 'a contender that slept while others came and went takes no number that is history',
    },
  },
  {
    name: 'living-holder',
    defence: 'a living holder keeps the lock',
    edits: [
      {
        file: 'src/store/lock/judge-holder.ts',
        search: "return { verdict: 'alive', why: 'its process is running' };",
        replace: "return { verdict: 'dead', why: 'its process is running' };",
      },
    ],
    noticedBy: {
      test: 'test/e2e/lock.test.ts',
      name: 'a second run is exit 75 naming the holder, and changes nothing',
    },
  },
];
