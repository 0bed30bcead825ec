import { existsSync } from 'node:fs';
import { type Failure, failure } from '../../core/failure.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { RunRequest } from '../../core/run-plan.ts';
import { serialiseJson } from '../../formats/report.ts';
import { sha256 } from '../../formats/sha256.ts';
import type { SigningKey } from '../../formats/signing-key.ts';
import type { ChainEntry, ChainProblem } from '../../formats/statement-chain.ts';
import { obstructed } from '../../store/io-failure.ts';
import { evidencePaths } from '../../store/layout.ts';
import { readRegularFile } from '../../store/read-regular-file.ts';
import { realOrSame } from '../../store/real-path.ts';
import { timestamp } from '../../system/clock.ts';
import type { RunContext } from './context.ts';

/**
 * Signs the report that was committed last, whatever it says. What is signed after the commit stands on it: where
 * this fails the run is what its report says, and not signed.
 */
export async function signReport(
  context: RunContext,
  document: RunDocument,
  key: SigningKey,
): Promise<Result<void, Failure>> {
  const { nextLines } = await import('../../formats/statement-chain.ts');
  const { statements } = context.paths;
  const found = await readStatements(statements, key);
  if (!found.ok) return notSigned(found.failure);
  const { chain, bytes } = found.value;
  const first = chain[0]?.statement.predicate.run_id ?? document.run_id;
  if (first !== document.run_id) {
    return notSigned(refusal(statements, { kind: 'broken', problem: 'it holds statements of another run' }));
  }
  const report = context.reportOf(document);
  const at = timestamp(context.ports.clock.now());
  const reportDigest = sha256(serialiseJson(report));
  const { sequence, text } = nextLines(chain, { report, reportDigest, at }, key);
  const written = context.evidence.writeBeside(statements, Buffer.concat([bytes, Buffer.from(text)]));
  if (!written.ok) return notSigned(written.failure);
  const told = `report signed: statement ${sequence}, key ${key.keyId.slice(0, 16)}`;
  context.ports.observe({ type: 'notice', text: told });
  return ok(undefined);
}

/** What was signed before this invocation has to be what it can go on from: seen before anything is run. */
export async function refuseForeignStatements(
  request: Pick<RunRequest, 'outDir' | 'checkpointPath' | 'resume'>,
  key: SigningKey,
): Promise<Result<void, Failure>> {
  if (!request.resume) return ok(undefined);
  const { statements } = evidencePaths(realOrSame(request.outDir), request.checkpointPath);
  const found = await readStatements(statements, key);
  return found.ok ? ok(undefined) : found;
}

/** A run that was signed is signed to its end: a green report without a signature would be one that nobody vouched for. */
export function refuseUnsigned(
  request: Pick<RunRequest, 'outDir' | 'checkpointPath' | 'resume' | 'signKey'>,
): Result<void, Failure> {
  if (!request.resume || request.signKey !== null) return ok(undefined);
  const { statements } = evidencePaths(realOrSame(request.outDir), request.checkpointPath);
  if (!existsSync(statements)) return ok(undefined);
  return fail(
    failure('precondition', `--resume: ${statements} is there, so the run is signed, and no key was given`, {
      remedy: 'give --sign-key again; or move that file away, and the run goes on unsigned',
    }),
  );
}

interface FoundStatements {
  readonly chain: readonly ChainEntry[];
  readonly bytes: Buffer;
}

/** A file that is gone is a chain that starts anew: who verifies sees only what is there. */
async function readStatements(path: string, key: SigningKey): Promise<Result<FoundStatements, Failure>> {
  const { MAX_CHAIN_BYTES, readChain } = await import('../../formats/statement-chain.ts');
  const found = readRegularFile(path, MAX_CHAIN_BYTES);
  switch (found.kind) {
    case 'missing':
    case 'empty':
      return ok({ chain: [], bytes: Buffer.alloc(0) });
    case 'unreadable':
      return fail(obstructed(path, found.problem));
    case 'bytes': {
      const chain = readChain(found.bytes, [key.publicKey]);
      return chain.ok ? ok({ chain: chain.value, bytes: found.bytes }) : fail(refusal(path, chain.failure));
    }
  }
}

function refusal(path: string, { kind, problem }: ChainProblem): Failure {
  const anew = `move ${path} away: --resume then signs the first statement of a new chain`;
  return kind === 'untrusted'
    ? failure('precondition', `${path}: ${problem}`, {
        remedy: `give the key it was signed with, or ${anew}`,
      })
    : failure('evidence_tampered', `${path}: ${problem}`, { remedy: anew });
}

function notSigned(why: Failure): Result<never, Failure> {
  const reason = why.reason === 'precondition' ? 'evidence_tampered' : why.reason;
  return fail({ ...why, reason, message: `the report is not signed: ${why.message}` });
}
