/** Settings for a small machine that also serves well under load: about 300 MB when busy. */
const tuned: Record<string, string> = {
  max_connections: '100',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  random_page_cost: '1.1',
  jit: 'off',
  synchronous_commit: 'on',
  wal_buffers: '16MB',
  min_wal_size: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // Queue tables turn over many rows: vacuum them early and often.
  autovacuum_naptime: '15s',
  autovacuum_vacuum_scale_factor: '0.05',
  autovacuum_analyze_scale_factor: '0.05',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Who can reach it, and what it may write down: statements hold phone numbers and texts, and its log must not. */
const closed: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  ssl: 'off',
  password_encryption: 'scram-sha-256',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_lock_waits: 'off',
};

/** For tests: a crash of the machine may lose everything, a crash of PostgreSQL nothing. */
const fleeting: Record<string, string> = {
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum_naptime: '60s',
  shared_buffers: '128MB',
};

/** The command line of the postmaster. */
export function postmasterArgs(
  cluster: string,
  { port, durable, settings }: { port: number; durable: boolean; settings: Record<string, string> },
): string[] {
  const all = { ...tuned, ...(durable ? {} : fleeting), ...settings, ...closed, port: String(port) };
  return ['-D', cluster, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
