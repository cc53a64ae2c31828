const advice: [RegExp, string][] = [
  [
    /files are incompatible with server/i,
    'It was made by another major version of PostgreSQL: start the version of Trunkline that made it, and move the data with pg_dump.',
  ],
  [/no space left on device/i, 'The disk is full: free some space and start again.'],
  [
    /(permission denied|wrong ownership|invalid permissions|EACCES)/i,
    'Its user can’t use these files: give them back with chown, or start as the user who made them.',
  ],
  [
    /shared memory/i,
    'The system gives no shared memory for it: raise the limit, or set DATABASE_URL to a PostgreSQL of yours.',
  ],
  [
    /(EPERM|EINVAL|operation not permitted)/i,
    'Root may not change to another user here: start as an ordinary user, or set DATABASE_URL to a PostgreSQL of yours.',
  ],
  [
    /read-only file system|EROFS/i,
    'The file system is read-only: set DATA_DIR to a folder that can be written.',
  ],
];

/** An error of one sentence, what PostgreSQL said last, and what to do about it. */
export function explain(sentence: string, output: string): Error {
  const said = output.trim().split('\n').slice(-8);
  const todo = advice.find(([pattern]) => said.some((line) => pattern.test(line)))?.[1];
  const last = said.map((line) => `  ${line}`).join('\n');
  return new Error(
    `${sentence} ${todo ?? 'Its last lines say why; DATABASE_URL names another PostgreSQL to use.'}\n${last}`,
  );
}
