// A process of its own that starts PostgreSQL on the folder it is given, says so, and stops it when its input ends.
import { startPostgres } from '../src/base/postgres/start.ts';

const running = await startPostgres({ dataDir: process.argv[2]!, durable: false });
process.stdout.write(`${JSON.stringify({ url: running.url, dataDir: running.dataDir })}\n`);
process.stdin.resume();
process.stdin.once('end', async () => {
  await running.stop();
  process.exit();
});
