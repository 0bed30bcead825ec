import type { ApprovalPredicate } from '../formats/approval.ts';
import { oneLine } from './harmless.ts';
import { createPalette } from './palette.ts';

/** An approval that was written, and what it is about. */
export interface ApprovalView extends ApprovalPredicate {
  readonly file: string;
  readonly key_id: string;
  readonly state: string;
  readonly artifacts: readonly { readonly path: string; readonly sha256: string }[];
  readonly artifact_count: number;
  readonly work_tree: string;
  /** A command, ready for a shell. */
  readonly next: string;
}

/** What was approved, line by line, and the command that uses it. */
export function approvalText(view: ApprovalView, color: boolean): string {
  const palette = createPalette(color);
  const tone = view.verdict === 'approved' ? palette.good : palette.warn;
  const more = view.artifact_count - view.artifacts.length;
  const rows: readonly (readonly [string, string])[] = [
    ['run', view.run_id],
    ['state', view.state],
    ['commit', view.head_sha ?? 'none'],
    ['content', view.tree_digest ?? 'none'],
    ['plan', view.plan_digest ?? 'none'],
    ['work tree', view.work_tree],
    ...view.artifacts.map(({ path, sha256 }): readonly [string, string] => [
      'artifact',
      `${path}  ${sha256.slice(0, 12)}`,
    ]),
    ...(more > 0 ? [['', `and ${more} more`] as const] : []),
    ['approver', `${view.approver}, key ${view.key_id.slice(0, 16)}`],
    ...(view.note === null ? [] : [['note', view.note] as const]),
    ['valid until', new Date(view.expires_at_unix_secs * 1000).toISOString()],
    ['written to', view.file],
  ];
  return `${[
    `${view.gate}: ${tone(view.verdict)}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(11)}  ${oneLine(text, 4096)}`),
    `next: ${palette.bold(view.next)}`,
    '      where the run trusts this key; its public half: openssl pkey -in KEY.pem -pubout',
  ].join('\n')}\n`;
}
