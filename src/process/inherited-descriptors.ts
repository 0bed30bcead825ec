import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** O_CLOEXEC in the octal flags of /proc/PID/fdinfo (proc(5)). */
const CLOSE_ON_EXEC = 0o2000000;

/**
 * Closes what our caller has left open for us beyond standard input, output and error: it would be open in every stage
 * too, and an open folder leads out of any sandbox. The runtime's own descriptors are marked to be closed in children;
 * those that are not came from outside. Silent where there is no /proc.
 */
export function closeInheritedDescriptors(): void {
  for (const name of descriptors()) {
    const descriptor = Number(name);
    if (descriptor > 2 && isInherited(name)) closeQuietly(descriptor);
  }
}

function descriptors(): readonly string[] {
  try {
    return readdirSync('/proc/self/fd');
  } catch {
    return [];
  }
}

function isInherited(name: string): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    // The one that the listing itself was read with is closed again.
    return false;
  }
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // Closed meanwhile: that is what was wanted.
  }
}
