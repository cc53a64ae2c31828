import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** Fields of /proc/<pid>/stat after the name (proc(5)); null when the process is gone. */
const stat = (pid: number): number[] | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text
      .slice(text.lastIndexOf(')') + 4)
      .split(' ')
      .map(Number);
  } catch {
    return null;
  }
};

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && stat(pid)?.[0] === parent);

/** CPU seconds of a process, its living children and those it has waited for. 0 where there is no /proc. */
const cpuOf = (pid: number): number => {
  const own = stat(pid);
  if (!own) return 0;
  const ticks = (fields: number[]) => fields[10]! + fields[11]!;
  let sum = ticks(own) + own[12]! + own[13]!;
  for (const child of childrenOf(pid)) {
    const fields = stat(child);
    if (fields) sum += ticks(fields) + fields[12]! + fields[13]!;
  }
  return sum / ticksPerSecond;
};

/** CPU seconds the whole machine was busy. */
const machine = (): number => {
  const fields = readFileSync('/proc/stat', 'latin1')
    .split('\n', 1)[0]!
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const [user, nice, system, , , irq, softirq] = fields as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return (user + nice + system + irq + softirq) / ticksPerSecond;
};

const rssOf = (pid: number): number => {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};

export type Watched = {
  /** CPU seconds by name; `generator` is what made the load. */
  cpu: Record<string, number>;
  /** Of processes that are not ours, in cores: how noisy the machine was. */
  othersCores: number;
  /** The most resident memory of the first process, MB. */
  rssMb: number;
};

/** CPU seconds of the children this process has waited for. */
const ended = (): number => {
  const own = stat(process.pid);
  return own ? (own[12]! + own[13]!) / ticksPerSecond : 0;
};

/** The process PostgreSQL's backend `pid` belongs to. */
export const parentOf = (pid: number): number => stat(pid)?.[0] ?? 0;

/**
 * Watches processes, by name, until the returned function is called with the CPU seconds of the load generator; left out, they are
 * those of the children that ended meanwhile. Linux only: elsewhere everything is 0.
 */
export const watch = (pids: Record<string, number>): ((generator?: number) => Watched) => {
  if (process.platform !== 'linux') return () => ({ cpu: {}, othersCores: 0, rssMb: 0 });
  const names = Object.keys(pids);
  const first = pids[names[0]!]!;
  const began = performance.now();
  const before = names.map((name) => cpuOf(pids[name]!));
  const self = process.cpuUsage();
  const endedBefore = ended();
  const all = machine();
  let rssMb = rssOf(first);
  const timer = setInterval(() => {
    rssMb = Math.max(rssMb, rssOf(first));
  }, 200);
  return (generator) => {
    clearInterval(timer);
    const cpu = Object.fromEntries(names.map((name, i) => [name, cpuOf(pids[name]!) - before[i]!]));
    cpu.generator = generator ?? ended() - endedBefore;
    const { user, system } = process.cpuUsage(self);
    const ours = Object.values(cpu).reduce((sum, one) => sum + one, (user + system) / 1e6);
    const seconds = (performance.now() - began) / 1000;
    return { cpu, othersCores: Math.max(0, machine() - all - ours) / seconds, rssMb };
  };
};
