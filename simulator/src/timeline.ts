interface Task {
  at: number;
  order: number;
  run: (at: number) => void;
}

export interface Timeline {
  now(): number;
  /** Runs `run` when the simulator's clock reaches `at` (milliseconds); it is told `at`, not the moment it really ran. */
  at(at: number, run: (at: number) => void): void;
  /** Moves the clock forward and runs, in order, all that became due. */
  advance(ms: number): void;
  waiting(): number;
  /** Forgets all waits. */
  clear(): void;
  /** Takes back all that was advanced. */
  synchronize(): void;
}

/**
 * The simulator's clock: the machine's, plus whatever a test added. All waits of all messages share one timer over a
 * binary heap, because a timer per message costs more than the message.
 */
export function createTimeline(): Timeline {
  const heap: Task[] = [];
  let offset = 0;
  let order = 0;
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;

  const now = () => Date.now() + offset;
  const before = (a: Task, b: Task) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(task: Task) {
    let i = heap.push(task) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!before(task, heap[up]!)) break;
      heap[i] = heap[up]!;
      i = up;
    }
    heap[i] = task;
  }

  function pop(): Task {
    const top = heap[0]!;
    const last = heap.pop()!;
    const length = heap.length;
    if (length === 0) return top;
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= length) break;
      if (down + 1 < length && before(heap[down + 1]!, heap[down]!)) down++;
      if (!before(heap[down]!, last)) break;
      heap[i] = heap[down]!;
      i = down;
    }
    heap[i] = last;
    return top;
  }

  function drain() {
    timerAt = Number.POSITIVE_INFINITY;
    while (heap.length > 0 && heap[0]!.at <= now()) {
      const task = pop();
      task.run(task.at);
    }
    arm();
  }

  function arm() {
    const next = heap[0];
    if (!next || next.at >= timerAt) return;
    clearTimeout(timer);
    timerAt = next.at;
    // setTimeout overflows past 24.8 days; waking early is harmless, the heap is looked at again.
    timer = setTimeout(drain, Math.min(Math.max(next.at - now(), 0), 86_400_000));
  }

  return {
    now,
    at(at, run) {
      push({ at, order: order++, run });
      arm();
    },
    advance(ms) {
      offset += ms;
      drain();
    },
    waiting: () => heap.length,
    clear() {
      heap.length = 0;
      clearTimeout(timer);
      timerAt = Number.POSITIVE_INFINITY;
    },
    synchronize: () => {
      offset = 0;
    },
  };
}
