import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { GateDocument } from '../../src/core/gates/gate-document.ts';
import type { GateQuestion } from '../../src/core/gates/gate-question.ts';
import type { PolicyFolder } from '../../src/core/gates/policy-folder.ts';
import { ok } from '../../src/core/result.ts';
import { folderDigest } from '../../src/formats/folder-listing.ts';
import type { PolicyChange, PolicyDiff, PolicyInput } from '../../src/formats/policy-input.ts';
import type { CedarPorts } from '../../src/gates/cedar/cedar-gate.ts';
import { startCedar } from '../../src/gates/cedar/engine.ts';
import type { PolicySource } from '../../src/gates/policy/policy-folder.ts';
import type { PolicyQuestion } from '../../src/gates/policy/policy-question.ts';

export const HEAD = 'a'.repeat(40);
export const BASE = 'b'.repeat(40);
export const TREE = 'c'.repeat(64);

export const QUESTION: GateQuestion = {
  gate: 'policy',
  moment: 'closure',
  subject: { head_sha: HEAD, base_sha: BASE, tree_digest: TREE, run_id: 'run-1' },
  planDigest: null,
  nowSecs: 1_700_000_000,
};

/** A modified text file; what matters to a test is given. */
export function change(path: string, more: Partial<PolicyChange> = {}): PolicyChange {
  return {
    path,
    old_path: null,
    kind: 'modified',
    old_mode: 'file',
    new_mode: 'file',
    lines_added: 3,
    lines_deleted: 1,
    binary: false,
    symlink_target: null,
    ...more,
  };
}

/** A diff of these changes, its totals counted. */
export function diffOf(changes: readonly PolicyChange[], more: Partial<PolicyDiff> = {}): PolicyDiff {
  return {
    base_sha: BASE,
    head_sha: HEAD,
    tree_digest: TREE,
    files: changes.length + changes.filter(({ kind }) => kind === 'renamed').length,
    new_files: changes.filter(({ kind }) => kind === 'added').length,
    deleted_files: changes.filter(({ kind }) => kind === 'deleted').length,
    lines_added: changes.reduce((sum, { lines_added }) => sum + (lines_added ?? 0), 0),
    lines_deleted: changes.reduce((sum, { lines_deleted }) => sum + (lines_deleted ?? 0), 0),
    uncounted_files: changes.filter(({ lines_added }) => lines_added === null).length,
    path_count: changes.length,
    truncated: false,
    changes,
    ...more,
  };
}

export function inputOf(diff: PolicyDiff | null, more: Partial<PolicyInput> = {}): PolicyInput {
  return {
    schema_version: '1.0',
    run_id: 'run-1',
    moment: 'closure',
    mode: null,
    anchor: null,
    plan: { digest: null, changes: null },
    diff,
    budget: { attempts: 1, cycles: 0, elapsed_ms: 1234 },
    actor: { user: 'op', host: 'h', ci: false },
    agents: { manager: null, executor: 'd'.repeat(64), reviewer: null },
    versions: { orchestrator: '0.1.0', node: '24.21.0' },
    ...more,
  };
}

/** A policy folder of texts. */
export function folderOf(files: Readonly<Record<string, string>>): PolicyFolder {
  const bytes = new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));
  return { files: bytes, digest: folderDigest(bytes) };
}

export function ask(kind: PolicySource['kind'], input: PolicyInput, minRules = 1): PolicyQuestion {
  return {
    question: { ...QUESTION, moment: input.moment },
    source: { kind, text: `${kind}:policy`, dir: 'policy', digest: null },
    input,
    rules: { minRules, opa: { bin: 'opa', sha256: null }, conftest: { bin: 'conftest', sha256: null } },
  };
}

/** The module as the package has it. */
export function cedarModule(): Uint8Array<ArrayBuffer> {
  const glue = createRequire(import.meta.url).resolve('@cedar-policy/cedar-wasm/nodejs');
  return new Uint8Array(readFileSync(join(dirname(glue), 'cedar_wasm_bg.wasm')));
}

export function cedarPorts(folder: PolicyFolder, more: Partial<CedarPorts> = {}): CedarPorts {
  return {
    readPolicyFolder: async () => ok(folder),
    loadCedar: () => startCedar(cedarModule()),
    monotonicMs: () => 0,
    ...more,
  };
}

/** The codes of what blocks, in order; `passes` alone where the gate opens. */
export function verdictOf(document: GateDocument): readonly string[] {
  if (document.passed) return ['passes'];
  return document.details.filter(({ blocks }) => blocks).map(({ code }) => code);
}
