#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { startSimulator } from './simulator.ts';

const { values } = parseArgs({ options: { port: { type: 'string' }, host: { type: 'string' } } });
const port = Number(values.port ?? process.env.SIMULATOR_PORT ?? 8081);

function giveUp(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

if (!Number.isInteger(port) || port < 0 || port > 65_535)
  giveUp('The port of the simulator is a number up to 65535.');

const simulator = await startSimulator({
  port,
  ...(values.host === undefined ? {} : { host: values.host }),
  log: console.error,
}).catch((thrown: NodeJS.ErrnoException) => {
  if (thrown.code === 'EADDRINUSE') {
    giveUp(`Port ${port} is taken: stop what listens there, or give the simulator another one with --port.`);
  }
  return giveUp(thrown.message);
});
console.log(`The simulator (a local Twilio) listens on ${simulator.url}`);

let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  await simulator.close();
  process.exit(0);
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// Started by a parent with an IPC channel, it ends with the parent.
process.on('disconnect', stop);
