/** Of the key of the attempt that counts: `<run>:planning:1` is attempt 1 of planning, `…:command-2` its second command. */
export function countedInWords(key: string): string {
  const [, stage, attempt, step] = key.split(':');
  if (stage === undefined || attempt === undefined) return key;
  return `${[stage, step].filter(Boolean).join(' ')} attempt ${attempt}`;
}
