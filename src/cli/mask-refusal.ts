import { createMask, type Mask } from '../process/mask.ts';
import { compileNames } from '../process/name-globs.ts';
import { collectSecrets } from '../process/secrets.ts';
import { COMMANDS } from './commands.ts';
import { normaliseArgv } from './normalise-argv.ts';

export interface RefusedCommandLine {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a message ends a foreign text that it has cut (`quote` in `formats/printable.ts`). */
const CUT = '..."';

/**
 * The line that refuses a command line, secrets masked (spec section 5): what is in the wrong place is often a
 * secret. They are those of the caller and of the roles' flags; of one that the message has cut, the beginning.
 */
export async function maskRefusal(line: string, { argv, env }: RefusedCommandLine): Promise<string> {
  const { flags } = normaliseArgv(argv, COMMANDS.run.flags());
  const valuesOf = (wanted: (name: string) => boolean) =>
    flags.flatMap(({ name, value }) => (wanted(name) && value !== null ? [value] : []));
  const redact = await compileNames(valuesOf((name) => name === 'redact-env'));
  const given = valuesOf((name) => /^(manager|executor|reviewer|validation)-env$/.test(name));
  const { secrets } = collectSecrets({ callerEnv: env, roleEnvs: given.map(asVariable), redact });
  const mask = createMask(secrets);
  const [end = '', ...cuts] = line.split(CUT).reverse();
  return [...cuts.reverse().map((part) => maskCutText(mask, part)), mask.text(end)].join(CUT);
}

function asVariable(given: string): Readonly<Record<string, string>> {
  const at = given.indexOf('=');
  return at === -1 ? {} : { [given.slice(0, at)]: given.slice(at + 1) };
}

/** Masks a text that breaks off: the end of it may be the beginning of a secret. */
function maskCutText(mask: Mask, text: string): string {
  const stream = mask.stream();
  return `${stream.push(Buffer.from(text))}${stream.end()}`;
}
