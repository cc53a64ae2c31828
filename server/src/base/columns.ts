/**
 * Turns rows into columns for `unnest`: one array per name, in the order given. One statement with arrays costs the database and the
 * driver far less than one statement per row, and its text never changes, so it is prepared once.
 */
export const columns = <T>(rows: T[], ...names: (keyof T)[]): unknown[][] =>
  names.map((name) => rows.map((row) => row[name]));

/** JSON for a jsonb column of `columns`, null kept. */
export const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
