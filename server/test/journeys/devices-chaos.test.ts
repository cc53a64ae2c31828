import { setTimeout as sleep } from 'node:timers/promises';
import type { Page, PhoneNumber } from '@trunkline/contract';
import type { PairedDevice } from '@trunkline/contract/device';
import { expect, test } from 'vitest';
import { incomingForm, number } from '../build.ts';
import { createDatabase } from '../database.ts';
import { type Heard, openStream } from '../device-client.ts';
import { openStand, type Stand } from './stand.ts';
import { until } from './until.ts';
import { openWifi } from './wifi.ts';

const texts = 10_000;
const deviceCount = 4;
const kills = 3;

/**
 * A device by the contract and no more: it comes back with the place it knows of, acks each text once, and never looks whether it had it
 * before. `forget` is its own kill -9: it comes back without a place.
 */
const runDevice = (url: string, token: string) => {
  const heard: Heard[] = [];
  let after: string | undefined;
  let stopped = false;
  let stream: Awaited<ReturnType<typeof openStream>> | undefined;
  const onText = (text: Heard) => {
    heard.push(text);
    after = text.cursor;
    // Its answer may break off, and then nobody asks again but the server.
    fetch(`${url}/v1/device/texts/${text.id}/ack`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    }).then(
      (answer) => answer.arrayBuffer().catch(() => {}),
      () => {},
    );
  };
  const live = async () => {
    while (!stopped) {
      try {
        stream = await openStream(url, token, { after, onText });
        await stream.ended;
      } catch {
        // The server or the network is away.
      }
      await sleep(30);
    }
  };
  const living = live();
  return {
    heard,
    forget() {
      stream?.close();
      after = undefined;
    },
    async stop() {
      stopped = true;
      stream?.close();
      await living;
    },
  };
};

/** Posts a text as the provider does: again and again until it is acknowledged, with the same sid. */
const deliver = async (stand: Stand, form: Record<string, string>) => {
  for (;;) {
    try {
      const answer = await fetch(`${stand.server().url}/webhooks/twilio/sms`, {
        method: 'POST',
        body: new URLSearchParams(form),
      });
      await answer.arrayBuffer();
      if (answer.ok) return;
    } catch {
      // Killed under it.
    }
    await sleep(50);
  }
};

test('10,000 texts through kills of server and devices and cut connections: none lost, each acked once, doubles are marked', {
  timeout: 150_000,
}, async () => {
  const database = await createDatabase();
  const stand = await openStand({
    databaseUrl: database.url,
    env: { DEVICE_LEASE_SECONDS: '2' },
  });
  const wifi = await openWifi(stand.server().port);
  const devices: ReturnType<typeof runDevice>[] = [];
  try {
    const [account] = await stand.db.query<{ id: string; accountId: string }>(
      'select organization_id as id, id as "accountId" from provider_accounts where webhook_key is null',
    );
    for (let i = 0; i < deviceCount; i++) await number(stand.db, account!);
    const numbers = (await stand.api<Page<PhoneNumber>>('GET', '/v1/numbers')).data.slice(-deviceCount);
    for (const [i, own] of numbers.entries()) {
      const body = { name: `Duck ${i}`, numberIds: [own.id] };
      const { token } = await stand.api<PairedDevice>('POST', '/v1/devices', body);
      devices.push(runDevice(wifi.url, token));
    }

    const forms = Array.from({ length: texts }, (_, i) =>
      incomingForm({
        from: `+1416${2_000_000 + (i % 50)}`,
        to: numbers[i % deviceCount]!.phoneNumber,
        body: `Text ${i}`,
      }),
    );
    let next = 0;
    let delivered = 0;
    const delivering = Promise.all(
      Array.from({ length: 32 }, async () => {
        for (let form = forms[next++]; form; form = forms[next++]) {
          await deliver(stand, form);
          delivered += 1;
        }
      }),
    );

    let over = false;
    const weather = (async () => {
      for (let i = 0; !over; i++) {
        await sleep(350);
        wifi.goAway();
        if (i % 4 === 3) devices[((i / 4) % deviceCount) | 0]!.forget();
        await sleep(40);
        wifi.comeBack();
      }
    })();
    for (let i = 1; i <= kills; i++) {
      await until('texts to be on their way', () => delivered > (texts * i) / (kills + 1), 60_000);
      await stand.server().kill();
      await stand.restart();
    }
    await delivering;
    over = true;
    await weather;

    const open = async () => {
      const rows = await stand.db.query<{ status: string; count: number }>(
        `select status, count(*)::int as count from device_texts group by status`,
      );
      return rows.length === 1 && rows[0]!.status === 'taken' && rows[0]!.count === texts;
    };
    await until('every text to be taken', open, 60_000);

    const heard = devices.flatMap((device) => device.heard);
    const byId = new Map<string, Heard[]>();
    for (const text of heard) byId.set(text.id, [...(byId.get(text.id) ?? []), text]);
    expect(new Set(heard.map((text) => text.body)).size, 'texts that came').toBe(texts);
    expect(byId.size).toBe(texts);
    const unmarked = [...byId.values()].filter((times) =>
      times.some((text, i) => i > 0 && text.attempt <= times[i - 1]!.attempt),
    );
    expect(unmarked, 'doubles that were not marked').toEqual([]);
    const [acks] = await stand.db.query<{ acks: number; texts: number }>(
      `select count(*)::int as acks, count(distinct message_id)::int as texts from events where type = 'device.taken'`,
    );
    expect(acks).toEqual({ acks: texts, texts });
    const again = heard.length - texts;
    // The chaos was one: something did come twice, and far from everything.
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThan(texts / 2);
  } finally {
    await Promise.all(devices.map((device) => device.stop()));
    await wifi.close();
    await stand.close();
    await database.drop();
  }
});
