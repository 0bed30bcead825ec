import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok } from '../../src/core/result.ts';
import type { RegoPorts } from '../../src/gates/rego/rego-gate.ts';
import type { RunTool, ToolCall } from '../../src/gates/run-tool.ts';
import { folderOf } from './sample-policy.ts';

/**
 * Stands in for opa and conftest, which cannot be had here: writes down how it was started, prints what lies beside
 * it, and ends with the code that lies beside it.
 */
const TOOL = `#!/bin/sh
here=\${0%/*}
{ echo "args $*"; /usr/bin/find . -type f; } > "$here/seen.$1"
[ "$1" = capabilities ] || /bin/cat > "$here/stdin"
for word in "$@"; do [ ! -f "$word" ] || /bin/cp "$word" "$here/given"; done
/bin/cat "$here/print.$1"
exit "$(/bin/cat "$here/code.$1")"
`;

export interface StandIn {
  readonly ports: RegoPorts;
  readonly sha256: string;
  /** Every start of it. */
  readonly calls: ToolCall[];
  /** What the tool finds in one of its files, or writes there. */
  file(name: string): string;
  /** What it prints for one of its commands, and how that ends. */
  says(command: string, output: string, code?: number): void;
}

/** Puts one into `folder`, whose policy is one file of Rego. */
export function standIn(folder: string, policy: Readonly<Record<string, string>>): StandIn {
  const bin = join(folder, 'tool');
  writeFileSync(bin, TOOL, { mode: 0o755 });
  const scratch = join(folder, 'scratch');
  mkdirSync(scratch);
  const sha256 = createHash('sha256').update(TOOL).digest('hex');
  const calls: ToolCall[] = [];
  return {
    sha256,
    calls,
    ports: {
      readPolicyFolder: async () => ok(folderOf(policy)),
      runTool: (call) => {
        calls.push(call);
        return runTool(call);
      },
      identifyTool: () => ok({ path: bin, sha256 }),
      scratch,
    },
    file: (name) => readFileSync(join(folder, name), 'utf8'),
    says: (command, output, code = 0) => {
      writeFileSync(join(folder, `print.${command}`), output);
      writeFileSync(join(folder, `code.${command}`), String(code));
    },
  };
}

const runTool: RunTool = async ({ bin, args, stdin, env, cwd, maxBytes }) => {
  const run = spawnSync(bin, [...args], {
    input: stdin,
    env: env ?? {},
    cwd: cwd ?? '/',
    maxBuffer: maxBytes,
  });
  const kind = run.status === null ? 'signalled' : 'exited';
  return { kind, code: run.status, stdout: run.stdout, stderr: run.stderr };
};
