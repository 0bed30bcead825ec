import type { Failure } from '../core/failure.ts';
import type { Verdict } from '../core/gates/approval.ts';
import type { GateName } from '../core/gates/gate.ts';
import type { Result } from '../core/result.ts';
import type { KeySource, RunRequest, StateKeySource } from '../core/run-plan.ts';
import type { CleanRequest } from '../operations/clean.ts';
import type { ConfigInitRequest } from '../operations/config-init.ts';
import type { ConfigPrintRequest } from '../operations/config-print.ts';
import type { ConfigValidateRequest } from '../operations/config-validate.ts';
import type { DiffRequest } from '../operations/diff.ts';
import type { DoctorRequest } from '../operations/doctor/request.ts';
import type { ListRequest } from '../operations/list.ts';
import type { Output } from '../operations/output.ts';

/** What a command line needs of the outside; `main` fills it from the process. */
export interface CliContext extends Output {
  /** The caller's working directory, absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Columns of the terminal that help is wrapped for, null where there is none. */
  readonly columns: number | null;
  /** The program as it was started: what comes with it lies beside it. */
  readonly script: string;
}

/** Where evidence is, relative to the caller's working directory, as a command to type next repeats it. */
export interface EvidenceRequest {
  readonly outDir: string;
  /** null is the default name inside out_dir. */
  readonly checkpointPath: string | null;
  readonly stateKey: StateKeySource | null;
}

export interface JsonRequest extends EvidenceRequest {
  readonly json: boolean;
}

export interface VerifyRequest extends JsonRequest {
  readonly requireAuthentic: boolean;
  /** Files of public keys, absolute. */
  readonly keys: readonly string[];
  readonly keyThreshold: number;
}

export interface ReportRequest extends EvidenceRequest {
  /** One of `REPORT_FORMATS`. */
  readonly format: string;
}

/** One word on one gate, as `operations/approve.ts` has it. */
export interface ApproveRequest extends JsonRequest {
  readonly signKey: KeySource;
  readonly gate: GateName;
  readonly verdict: Verdict;
  readonly expiresMs: number;
  readonly approver: string | null;
  readonly note: string | null;
  readonly write: string | null;
}

/** Answers with the exit code; a failure is printed by the caller, as one line. */
export type Operation<Request> = (request: Request, context: CliContext) => Promise<Result<number, Failure>>;

/** Every user action. Each loads what it needs when it is called, so that no command pays for another. */
export interface Operations {
  readonly run: Operation<RunRequest>;
  readonly dryRun: Operation<RunRequest>;
  readonly printConfig: Operation<RunRequest>;
  readonly report: Operation<ReportRequest>;
  readonly explain: Operation<JsonRequest>;
  readonly verify: Operation<VerifyRequest>;
  readonly approve: Operation<ApproveRequest>;
  readonly doctor: Operation<DoctorRequest>;
  readonly list: Operation<ListRequest>;
  readonly diff: Operation<DiffRequest>;
  readonly clean: Operation<CleanRequest>;
  readonly configValidate: Operation<ConfigValidateRequest>;
  readonly configPrint: Operation<ConfigPrintRequest>;
  readonly configInit: Operation<ConfigInitRequest>;
  readonly schema: Operation<string | null>;
}
