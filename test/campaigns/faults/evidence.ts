import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageExecution, Transition } from '../../e2e/records.ts';

/** The part of the checkpoint that is looked at, by its published names. */
export interface SavedCheckpoint {
  readonly run: {
    readonly state: {
      readonly status: string;
      readonly progress?: { readonly completed: readonly string[]; readonly cycle: number };
    };
    readonly stage_executions: readonly (StageExecution & { readonly cycle: number })[];
    readonly transitions: readonly Transition[];
  };
}

/** The checkpoint as it is on disk; null where none is that could be read, which `unparseable` tells. */
export function readCheckpoint(out: string): SavedCheckpoint | null {
  const text = readOrNull(join(out, 'orchestrator_checkpoint.json'));
  if (text === null || !isJson(text)) return null;
  // Boundary: its form is the product's to check; `verify` is asked for that.
  const parsed: SavedCheckpoint = JSON.parse(text);
  return parsed;
}

/**
 * What in `out` cannot be read. A crash may leave the audit log's last line without its end, nothing else; `settled`
 * is the state after a resume, when that is mended too.
 */
export function unparseable(out: string, settled: boolean): readonly string[] {
  const documents = ['orchestrator_run_report.json', 'orchestrator_checkpoint.json'].flatMap((name) => {
    const text = readOrNull(join(out, name));
    if (text === null) return settled ? [`${name} is missing`] : [];
    return isJson(text) && text.endsWith('}\n') ? [] : [`${name} is half written: ${text.length} bytes`];
  });
  const lines = (readOrNull(join(out, 'audit.jsonl')) ?? '').split('\n');
  const tail = lines.pop();
  const torn = settled && tail !== '' ? ['audit.jsonl ends within a line'] : [];
  const broken = lines.flatMap((line, index) =>
    isJson(line) ? [] : [`audit.jsonl:${index + 1} is no JSON`],
  );
  return [...documents, ...broken, ...torn];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readOrNull(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
