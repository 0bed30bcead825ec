/**
 * Builtins through which a decision would depend on more than its input: the network, the machine's environment, the
 * clock, chance (spec/gates.md section 4).
 */
const NAMES: readonly string[] = [
  'http.send',
  'opa.runtime',
  'time.now_ns',
  'rand.intn',
  'uuid.rfc4122',
  'io.jwt.decode_verify',
];
const GROUPS: readonly string[] = ['net.'];

/** Whether a policy may not call it; opa itself marks some as not deterministic. */
export function isForbidden(builtin: {
  readonly name: string;
  readonly nondeterministic?: boolean | undefined;
}) {
  return (
    builtin.nondeterministic === true ||
    NAMES.includes(builtin.name) ||
    GROUPS.some((group) => builtin.name.startsWith(group))
  );
}

/**
 * The first of them that a Rego text names, comments included; null when it names none. It is for tools that cannot be
 * given a list of builtins, and finds what is written, not what is hidden: `http["send"]` is not found.
 */
export function namedForbidden(rego: string): string | null {
  const dense = rego.replace(/\s*\.\s*/g, '.');
  const found = [...NAMES, ...GROUPS].find((name) => {
    const pattern = name.replaceAll('.', '\\.');
    return new RegExp(`(?<![\\w.])${pattern}${name.endsWith('.') ? '\\w' : '(?!\\w)'}`).test(dense);
  });
  return found ?? null;
}
