import { addressVariable, startTestPostgres } from './database.ts';

/** One PostgreSQL for the whole run; each test file clones its own database from the template. */
export default async function setup(): Promise<() => Promise<void>> {
  const postgres = await startTestPostgres();
  process.env[addressVariable] = postgres.url;
  return postgres.stop;
}
