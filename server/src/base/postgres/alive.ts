import { readFileSync } from 'node:fs';

/** Whether a process with this id exists (a process of another user counts). */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Names a process for good: its id and, on Linux, its start time, since ids are given again.
 * Returns null when there is no such process.
 */
export function processName(pid: number): string | null {
  if (!processExists(pid)) return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the second field may hold spaces, the start time is field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : `${pid}:${fields[19]}`;
  } catch {
    return String(pid);
  }
}

/** The command line of a process, or null where the system doesn't show it (then nothing can be said). */
export function commandLine(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return null;
  }
}
