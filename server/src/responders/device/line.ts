import { nowMs } from '../../base/clock.ts';
import type { Database } from '../../base/db.ts';
import { gather } from '../../base/gather.ts';
import { newId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { Signals } from '../../base/signals.ts';
import { standing, touchDevices } from '../../store/device-presence.ts';
import { ackTexts } from '../../store/device-texts/ack.ts';
import { type Connecting, connectDevices } from '../../store/device-texts/connect.ts';
import { handBack } from '../../store/device-texts/hand-back.ts';
import { leaseTexts } from '../../store/device-texts/lease.ts';
import { nackText } from '../../store/device-texts/nack.ts';
import { noteOverLimit } from '../../store/device-texts/note-over-limit.ts';
import type { LeasedText, TextKey } from '../../store/device-texts/text.ts';
import type { Connection, Open } from './connection.ts';

/** A device may hold so many unacked texts: one that sleeps must not hold its whole backlog. */
const most = 20;
/** A signal is a hint, and texts that failed come due without one. */
const lookMs = 1_000;
/** A sign of life goes to each stream, and presence is written, each so many looks. */
const beatRounds = 15;
/** Acks are presence too, and the last delivery should be seen soon. */
const touchRounds = 5;

export type LineRules = {
  leaseSeconds: number;
  /** Failures until a text is a dead letter. */
  attempts: number;
  queueLimit: number;
};

type Parts = { db: Database; signals: Signals; log: Log; rules: LineRules };

/**
 * The line to all devices that are connected to this process: whoever of them may have texts is looked for with one statement for all,
 * at a signal and once a second, and handed what it has leased.
 */
export const createLine = ({ db, signals, log, rules }: Parts) => {
  const open = new Map<string, Open>();
  const hungry = new Set<string>();
  const touched = new Map<string, { organizationId: string; took: boolean }>();
  /** Devices whose queue has grown or shrunk. */
  const counted = new Set<string>();
  let looking = false;
  let closing: Promise<void> | null = null;
  let scheduled = false;
  let round = 0;
  let opened = 0;

  const connect = gather(
    async (batch: Connecting[]) => {
      await connectDevices(db, batch);
      return batch;
    },
    // One at a time, so that the last to come is the last to be written.
    { concurrency: 1 },
  );
  const ack = gather((batch: TextKey[]) => ackTexts(db, batch));

  const hand = (asked: Open[], texts: LeasedText[]): LeasedText[] => {
    const of = new Map<string, LeasedText[]>();
    for (const text of texts) {
      const list = of.get(text.deviceId);
      if (list) list.push(text);
      else of.set(text.deviceId, [text]);
    }
    const refused: LeasedText[] = [];
    for (const one of asked) {
      const { connection } = one;
      const mine = of.get(connection.deviceId);
      const stands = open.get(connection.deviceId) === one;
      if (!mine) {
        if (stands) connection.nothing?.();
      } else if (stands && connection.give(mine)) {
        one.held += mine.length;
        one.silentSinceMs ??= nowMs();
      } else refused.push(...mine);
    }
    return refused;
  };

  const look = async () => {
    scheduled = false;
    if (looking) return;
    looking = true;
    while (hungry.size > 0) {
      const asked = [...hungry].flatMap((id) => open.get(id) ?? []);
      hungry.clear();
      if (asked.length === 0) break;
      try {
        const asking = asked.map(({ connection, id }) => ({
          organizationId: connection.organizationId,
          deviceId: connection.deviceId,
          connection: id,
        }));
        const texts = await leaseTexts(db, asking, most, rules.leaseSeconds);
        const refused = hand(asked, texts);
        if (refused.length > 0) {
          await handBack(db, refused);
          for (const text of refused) hungry.add(text.deviceId);
        }
        if (texts.length > refused.length) signals.raise('event');
      } catch (error) {
        // The look of the next second asks again for all.
        log.warn({ error }, 'texts for devices could not be leased, trying again');
        break;
      }
    }
    looking = false;
  };
  const wake = (deviceId: string) => {
    if (!open.has(deviceId)) return;
    hungry.add(deviceId);
    if (looking || scheduled) return;
    scheduled = true;
    // After this round of the event loop: all that is news by then is one statement.
    setImmediate(look);
  };

  const end = (one: Open) => {
    if (open.get(one.connection.deviceId) === one) open.delete(one.connection.deviceId);
    one.connection.end();
  };

  /** Ends connections whose token has ended or that were replaced, here or in another process. */
  const recheck = async () => {
    const all = [...open.values()];
    if (all.length === 0) return;
    const stand = await standing(
      db,
      all.map(({ connection, id }) => ({ ...connection, id })),
    );
    for (const one of all) if (!stand.has(one.id)) end(one);
  };

  const touch = async (streams: boolean) => {
    if (streams)
      for (const { connection } of open.values()) {
        const { deviceId, organizationId } = connection;
        if (!touched.has(deviceId)) touched.set(deviceId, { organizationId, took: false });
      }
    const seen = [...touched].map(([deviceId, rest]) => ({ deviceId, ...rest }));
    touched.clear();
    if (seen.length > 0) await touchDevices(db, seen);
  };

  const count = async () => {
    if (counted.size === 0) return;
    const ids = [...counted];
    counted.clear();
    if ((await noteOverLimit(db, ids, rules.queueLimit)) > 0) signals.raise('event');
  };

  const quietly = (work: Promise<unknown>, what: string) => {
    work.catch((error) => log.warn({ error }, what));
  };

  const tick = () => {
    round = (round + 1) % beatRounds;
    const silentMs = nowMs() - rules.leaseSeconds * 1_000;
    for (const one of [...open.values()]) {
      // Half-open, it would be given the same texts again and again: a device that lives comes back at once.
      if (one.silentSinceMs !== null && one.silentSinceMs < silentMs) end(one);
      else if (one.round === round) one.connection.beat?.();
    }
    for (const id of open.keys()) wake(id);
    if (round % touchRounds === 0) quietly(touch(round === 0), 'the presence of devices was not written');
    if (round === 0) quietly(recheck(), 'connections of devices were not checked');
    quietly(count(), 'the queues of devices were not counted');
  };
  const ticking = setInterval(tick, lookMs);

  const stops = [
    signals.on('device', (about) => {
      if (about === null) for (const id of open.keys()) wake(id);
      else
        for (const id of about) {
          wake(id);
          counted.add(id);
        }
    }),
    signals.on('access', () => quietly(recheck(), 'connections of devices were not checked')),
  ];

  /** Notes that a device said something, and looks for more where it was full. */
  const heard = (organizationId: string, deviceId: string, done: number) => {
    const took = done > 0 || touched.get(deviceId)?.took === true;
    touched.set(deviceId, { organizationId, took });
    const one = open.get(deviceId);
    if (one) {
      one.silentSinceMs = null;
      if (done > 0 && one.held >= most) wake(deviceId);
      one.held = Math.max(0, one.held - done);
    } else if (done > 0) signals.raise('device', [deviceId]);
  };

  return {
    /**
     * Opens a connection: from now on it, and no older one of its device, is given the device's texts.
     * @param after the last offer the device knows it has; null: it knows of none, and all it was given is offered again.
     * @returns how to close it.
     */
    async open(connection: Connection, after: number | null): Promise<() => void> {
      const { organizationId, deviceId } = connection;
      const id = newId();
      await connect({ organizationId, deviceId, connection: id, after });
      if (closing) {
        connection.end();
        return () => {};
      }
      const before = open.get(deviceId);
      const one: Open = {
        connection,
        id,
        held: after === null ? 0 : most,
        silentSinceMs: null,
        round: opened++ % beatRounds,
      };
      open.set(deviceId, one);
      before?.connection.end();
      wake(deviceId);
      return () => {
        if (open.get(deviceId) === one) open.delete(deviceId);
      };
    },

    /** The device has handled a text. Returns false when it has no such text; the second time is as good as the first. */
    async ack(key: TextKey): Promise<boolean> {
      const known = await ack(key);
      if (known) {
        counted.add(key.deviceId);
        heard(key.organizationId, key.deviceId, 1);
        signals.raise('event');
      }
      return known;
    },

    /** The device has failed at a text. Returns what became of it; null when it has no such text. */
    async nack(key: TextKey, reason: string) {
      const status = await nackText(db, key, rules, reason);
      if (status !== null) {
        heard(key.organizationId, key.deviceId, 1);
        signals.raise('event');
      }
      return status;
    },

    /** The device says that it is there. */
    heartbeat: (organizationId: string, deviceId: string) => heard(organizationId, deviceId, 0),

    /** Ends every connection, and resolves when what they did is written. */
    close() {
      closing ??= (async () => {
        clearInterval(ticking);
        for (const stop of stops) stop();
        for (const one of [...open.values()]) end(one);
        await ack.idle();
        while (looking) await new Promise((resolve) => setImmediate(resolve));
        await touch(false).catch(() => {});
      })();
      return closing;
    },
  };
};
export type Line = ReturnType<typeof createLine>;
