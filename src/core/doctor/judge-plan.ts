import type { Failure } from '../failure.ts';
import type { Result } from '../result.ts';
import { type Check, type Finding, fine, problem, warning } from './finding.ts';

/** An executable that the configuration names. */
export interface ExecutableFacts {
  /** `executor`, `--opa-bin`, `validation 2`. */
  readonly whose: string;
  /** As it would be started; the failure says in words why it would not be. */
  readonly found: Result<string, string>;
}

/** Found and executable, or a run fails there. */
export function judgeExecutable({ whose, found }: ExecutableFacts): Finding {
  const said = { check: 'executable', subject: whose } as const;
  if (found.ok) return fine({ ...said, seen: found.value, means: 'it is there and may be started' });
  return problem({
    ...said,
    seen: found.failure,
    means: 'a run cannot start it',
    fix: 'install it, correct its name or the PATH of the stages, or chmod +x it',
  });
}

/** A key file or a descriptor for one; null says that it was not looked at. */
export interface KeyFacts {
  /** The flag that names it, with what it was given. */
  readonly flag: string;
  readonly read: Result<void, Failure> | null;
}

/** Kept from others, outside of the repository, and readable. */
export function judgeKey({ flag, read }: KeyFacts): Finding {
  const said = { check: 'key', subject: flag } as const;
  if (read === null)
    return fine({ ...said, seen: 'given by descriptor', means: 'a run reads it once; this command did not' });
  return read.ok
    ? fine({ ...said, seen: 'it can be read, and is a key', means: 'a run can use it' })
    : refused({ check: 'key', subject: flag, means: 'a run is refused, exit 2' }, read.failure);
}

/** A variable that holds the token of a forge. Its value is never shown. */
export interface TokenFacts {
  readonly name: string;
  readonly forge: 'github' | 'gitlab';
  readonly value: string | undefined;
}

/** Tokens of both forges have 20 characters and more; a line of text or a file in its place has many more. */
const SHORT_TOKEN = 20;
const LONG_TOKEN = 1_000;

/** Whether there is a token, and about how long it is: the forge itself is not asked. */
export function judgeToken({ name, forge, value }: TokenFacts): Finding {
  const said = { check: 'token', subject: name } as const;
  const fix = `export ${name}=… with a token that may read checks and reviews (docs/gates-${forge}.md)`;
  if (value === undefined || value === '') {
    const seen = value === undefined ? 'it is not set' : 'it is empty';
    return forge === 'gitlab'
      ? problem({ ...said, seen, means: 'GitLab is not asked without a token: its gates block', fix })
      : warning({
          ...said,
          seen,
          means: 'GitHub is asked without a token: 60 questions an hour, and nothing of a private repository',
          fix,
        });
  }
  if (/\s/.test(value)) {
    return problem({ ...said, seen: 'it holds white space', means: 'a forge refuses it', fix });
  }
  if (value.length < SHORT_TOKEN || value.length > LONG_TOKEN) {
    const seen =
      value.length < SHORT_TOKEN ? `shorter than ${SHORT_TOKEN} characters` : `longer than ${LONG_TOKEN}`;
    return warning({ ...said, seen, means: 'no token of a forge that is known has this length', fix });
  }
  return fine({
    ...said,
    seen: `set, ${SHORT_TOKEN} to ${LONG_TOKEN} characters`,
    means: 'whether the forge takes it was not tried: this command uses no network',
  });
}

/** A policy folder, as a gate would read it: how many files; the failure says why it cannot. */
export interface PolicyFacts {
  readonly source: string;
  readonly read: Result<number, string>;
}

/** What cannot be read blocks at the first gate. */
export function judgePolicy({ source, read }: PolicyFacts): Finding {
  const said = { check: 'policy', subject: source } as const;
  if (read.ok) return fine({ ...said, seen: `${read.value} files`, means: 'the gate can be decided by it' });
  return problem({
    ...said,
    seen: read.failure,
    means: 'the policy gate blocks before the execution starts',
    fix: 'commit the folder, name another --base, or pin it with @sha256:DIGEST (docs/gates-policy.md)',
  });
}

/** What a run itself would refuse to start for, in its own words. */
export function refused(
  said: { readonly check: Check; readonly subject?: string; readonly means: string },
  { message, remedy }: Failure,
): Finding {
  return problem({ ...said, seen: message, fix: remedy ?? 'correct the configuration' });
}

/** What one stage will find in its environment; names only. */
export interface EnvironmentFacts {
  readonly whose: string;
  readonly names: readonly string[];
  /** Names that `--pass-env` gives letter by letter and that the caller does not have. */
  readonly missing: readonly string[];
  /** Secret-looking names of the caller's that `--inherit-env` hands on. */
  readonly inheritedSecrets: readonly string[];
}

/** A stage gets a base set and what is named: what it lacks it does not have. */
export function judgeEnvironment(facts: EnvironmentFacts): Finding {
  const said = { check: 'stage-environment', subject: facts.whose } as const;
  const { missing, names, inheritedSecrets } = facts;
  if (!names.includes('PATH')) {
    return warning({
      ...said,
      seen: `without PATH: ${names.join(' ')}`,
      means: 'it finds no program by name',
      fix: `set PATH here, or --${facts.whose}-env PATH=…`,
    });
  }
  if (missing.length > 0) {
    return warning({
      ...said,
      seen: `not set here: ${missing.join(' ')}`,
      means: '--pass-env names them, and the stage starts without them',
      fix: `export ${missing[0] ?? ''}=…, or take the name out of --pass-env`,
    });
  }
  if (inheritedSecrets.length > 0) {
    return warning({
      ...said,
      seen: `--inherit-env hands on ${inheritedSecrets.join(' ')}`,
      means: 'the stage can read and use what looks like secrets of yours',
      fix: 'name what it needs with --pass-env instead of --inherit-env',
    });
  }
  return fine({ ...said, seen: names.join(' '), means: 'these names, and no other, reach the stage' });
}
