import type { Mutation } from '../mutation.ts';

const cut = (point: string): Mutation['noticedBy'] => ({
  campaign: 'R3',
  tier: 'fast',
  point: `plain on ext4: ${point}`,
});
const fault = (point: string): Mutation['noticedBy'] => ({
  campaign: 'R2',
  tier: 'fast',
  point: `plain: ${point}`,
});
const DURABLE_WRITE = 'src/store/durable-write.ts';

/** What keeps what was written: crashes, power cuts, full disks. */
export const DURABILITY: readonly Mutation[] = [
  {
    name: 'folder-fsync',
    defence: 'fsync of the folder after a rename',
    edits: [
      {
        file: DURABLE_WRITE,
        search: 'export function fsyncFolder(folder: string): void {\n',
        replace: "export function fsyncFolder(folder: string): void {\n  if (folder !== '') return;\n",
      },
    ],
    noticedBy: cut('stop-before fsync out/manager.json 1'),
  },
  {
    name: 'temp-file-fsync',
    defence: 'fsync of a document before its rename',
    edits: [
      {
        file: DURABLE_WRITE,
        search: '    fsyncSync(descriptor);\n    if (fstatSync(descriptor).size',
        replace: '    if (fstatSync(descriptor).size',
      },
    ],
    noticedBy: cut('stop-before write out/.orchestrator_checkpoint.json.*.tmp 1'),
  },
  {
    name: 'artifact-fsync',
    defence: 'fsync of an artifact and its folder before its digest is recorded',
    edits: [
      {
        file: 'src/store/artifacts/read-artifact.ts',
        search: '  fsyncFile(descriptor);\n  fsyncFolder(dirname(path));\n',
        replace: '',
      },
    ],
    noticedBy: cut('stop-before open out/logs/execution.1.stderr.log 1'),
  },
  {
    name: 'write-loop-and-size-check',
    defence: 'writing to the end, and the check of the size',
    edits: [
      {
        file: DURABLE_WRITE,
        search: 'while (written < bytes.length) {',
        replace: 'if (bytes.length > 0) {',
      },
      {
        file: DURABLE_WRITE,
        search: '    if (fstatSync(descriptor).size !== bytes.length) throw new ShortWrite(file);\n',
        replace: '',
      },
    ],
    noticedBy: fault('full-partial write out/.orchestrator_checkpoint.json.*.tmp 1'),
  },
  {
    name: 'uncommitted-is-never-zero',
    defence: 'the exit code of what could not be committed',
    edits: [
      {
        file: 'src/operations/run/run.ts',
        search: '  if (ended.uncommitted !== null) return exitCodeOfFailure(ended.uncommitted);\n',
        replace: '',
      },
      {
        file: 'src/operations/run/loop.ts',
        search:
          "if (performed.led === 'uncommitted') return endBroken(context, document, performed.failure);",
        replace: "if (performed.led === 'uncommitted') return { document, uncommitted: performed.failure };",
      },
    ],
    noticedBy: fault('eio write out/.orchestrator_checkpoint.json.*.tmp 6'),
  },
];
