/**
 * The `default:` of every switch over a union: a compile error when a member is not handled,
 * an exception (a bug, exit 1) when a value that the types do not know reaches it.
 */
export function unreachable(value: never): never {
  throw new Error(`unreachable value: ${JSON.stringify(value)}`);
}
