import type { Account } from '../accounts.ts';
import type { World } from '../world.ts';

/** An API request after authentication. */
export interface ApiRequest {
  world: World;
  account: Account;
  method: string;
  /** As requested, without query. */
  path: string;
  /** The parts of the path below the account or the version, without `.json`. */
  parts: string[];
  /** Whether the path ended in `.json`. */
  json: boolean;
  query: URLSearchParams;
  form: URLSearchParams;
}
