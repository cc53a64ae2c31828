const special = /["\\]/;
const specials = /["\\]/g;

/** One element of a PostgreSQL array literal (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO). */
const element = (value: unknown): string => {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string')
    return special.test(value) ? `"${value.replace(specials, '\\$&')}"` : `"${value}"`;
  if (value instanceof Date) return `"${value.toISOString()}"`;
  return String(value);
};

/**
 * Turns rows into columns for `unnest`: one array literal per name, in the order given. One statement with arrays costs the database and
 * the driver far less than one statement per row, and its text never changes, so it is prepared once. The literals are made here
 * because the driver's own way, which must be ready for arrays in arrays, costs several times as much.
 */
export const columns = <T>(rows: T[], ...names: (keyof T)[]): string[] =>
  names.map((name) => {
    let literal = '{';
    for (let i = 0; i < rows.length; i++) {
      if (i > 0) literal += ',';
      literal += element(rows[i]![name]);
    }
    return `${literal}}`;
  });

/** JSON for a jsonb column of `columns`, null kept. */
export const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
