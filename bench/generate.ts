import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onEnd } from './ends.ts';
import type { Plan, Result } from './load/client.ts';

/**
 * Starts a load generator in a process of its own, which renders its requests.
 * @returns what fires them and resolves to the result; the process ends then.
 */
export const prepareLoad = async (plan: Plan): Promise<() => Promise<Result>> => {
  const child = fork(fileURLToPath(new URL('load/client.ts', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  onEnd(() => child.kill('SIGKILL'));
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The load generator ended early (${code}).`);
  });
  failed.catch(() => {});
  child.send(plan);
  await Promise.race([once(child, 'message'), failed]);
  return async () => {
    const result = once(child, 'message');
    child.send('go');
    const [message] = await Promise.race([result, failed]);
    await failed.catch(() => {});
    return message as Result;
  };
};
