import { createHash } from 'node:crypto';

/** A checkpoint that says done with every gate passed; with `mends` its own digest is right. */
export function forgeDone(text: string, mends: boolean): string {
  const forged = text
    .replace(/"status": "(?:working|blocked|failed)"/, '"status": "done"')
    .replaceAll('"passed": false', '"passed": true')
    .replace(/"blocked_reason_codes": \[[^\]]*\]/, '"blocked_reason_codes": []');
  if (!mends) return forged;
  const at = forged.lastIndexOf(',\n  "digest"');
  const body = `${forged.slice(0, at)}\n}\n`;
  return `${forged.slice(0, at)},\n  "digest": "${createHash('sha256').update(body).digest('hex')}"\n}\n`;
}

/** The same as source of an agent: forges `file` while the run goes on. */
export function forgingProgram(mends: boolean): string {
  return [
    "const { createHash } = require('node:crypto');",
    "const { readFileSync, writeFileSync } = require('node:fs');",
    "const file = process.env.ORCHESTRATOR_OUT_DIR + '/orchestrator_checkpoint.json';",
    `${forgeDone.toString()}`,
    `writeFileSync(file, forgeDone(readFileSync(file, 'utf8'), ${mends}));`,
  ].join('\n');
}
