import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Every name that may be in an out_dir of these scenarios when a run has ended (spec section 5). */
const EXPECTED: readonly RegExp[] = [
  /^(?:orchestrator_checkpoint|orchestrator_run_report|checkpoint|manager|executor|reviewer)\.json$/,
  /^(?:audit\.jsonl|\.gitignore|logs|artifacts|superseded|\.lock|\.lock\/git)$/,
  /^\.lock\/\d+\.(?:held|free)$/,
  /^artifacts\/(?:[0-9a-f]{64}|remediation\.\d+\.json)$/,
  /^logs\/[a-z]+\.\d+(?:\.command-\d+)?\.(?:stdout|stderr)\.log$/,
  // What was set aside, and what a run that was killed before its first commit has left.
  /^superseded\/[^/]+(?:\/[a-z0-9_.-]+)*$/,
];

/** Names in `out` that nothing accounts for: temporary files, scratch, locks. */
export function leftOver(out: string): readonly string[] {
  return readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => !EXPECTED.some((pattern) => pattern.test(name)) || /\.tmp$/.test(name))
    .map((name) => `left over: ${name}`);
}

/** What stands beside the evidence and is not as it has to be: `.gitignore`, and the link to the checkpoint. */
export function outOfPlace(out: string): readonly string[] {
  const ignore = contentOf(() => readFileSync(join(out, '.gitignore'), 'utf8'));
  const link = contentOf(() => readlinkSync(join(out, 'checkpoint.json')));
  return [
    ...(ignore === '*\n' ? [] : [`.gitignore is ${JSON.stringify(ignore)}`]),
    ...(link === 'orchestrator_checkpoint.json' ? [] : [`checkpoint.json links to ${JSON.stringify(link)}`]),
  ];
}

function contentOf(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
