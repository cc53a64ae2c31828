import { demoAccount } from '@trunkline/contract/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ours, setUp } from './stand.ts';

let stand: Awaited<ReturnType<typeof setUp>>;
beforeAll(async () => {
  stand = await setUp();
  await stand.own();
});
afterAll(() => stand.close());

const png = Buffer.from('89504e470d0a1a0a', 'hex');
const media = [
  { contentType: 'image/png', base64: png.toString('base64') },
  { contentType: 'text/vcard', base64: Buffer.from('BEGIN:VCARD').toString('base64') },
];
const headers = { authorization: `Basic ${btoa(`${demoAccount.apiKeySid}:${demoAccount.apiKeySecret}`)}` };

test('a picture comes in by address; it asks for credentials and redirects to one that does not', async () => {
  const texted = await stand.text('look', { media });
  expect(texted.sid).toMatch(/^MM/);
  const { params } = stand.hook.hits.at(-1)!;
  expect(params).toMatchObject({
    NumMedia: '2',
    MediaContentType0: 'image/png',
    MediaContentType1: 'text/vcard',
  });
  expect(texted.mediaUrls).toEqual([params.MediaUrl0, params.MediaUrl1]);
  const url = params.MediaUrl0!;
  expect(url).toMatch(/\/2010-04-01\/Accounts\/AC\w{32}\/Messages\/MM\w{32}\/Media\/ME\w{32}$/);

  expect((await fetch(url)).status).toBe(401);
  const redirect = await fetch(url, { headers, redirect: 'manual' });
  expect(redirect.status).toBe(307);
  const open = redirect.headers.get('location')!;
  const answer = await fetch(open);
  expect(answer.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(png);
  expect((await fetch(open.slice(0, -1) + (open.endsWith('0') ? '1' : '0'))).status).toBe(403);

  const listed = await stand.client.messages(texted.sid).media.list();
  expect(listed.map((one) => one.contentType)).toEqual(['image/png', 'text/vcard']);
  const first = stand.client.messages(texted.sid).media(listed[0]!.sid);
  expect(await first.fetch()).toMatchObject({ parentSid: texted.sid, contentType: 'image/png' });
  expect(await first.remove()).toBe(true);
  expect((await fetch(url, { headers })).status).toBe(404);
  expect((await fetch(open)).status).toBe(403);
  expect((await stand.client.messages(texted.sid).fetch()).numMedia).toBe('1');
});

test('an open address grows old', async () => {
  const texted = await stand.text('', { media: media.slice(0, 1) });
  const redirect = await fetch(texted.mediaUrls[0]!, { headers, redirect: 'manual' });
  await stand.advance(5 * 3_600_000);
  expect((await fetch(redirect.headers.get('location')!)).status).toBe(403);
});

test('outgoing pictures are listed, and reach the phone', async () => {
  const mediaUrl = ['https://x.test/a.png', 'https://x.test/b.jpg?size=2'];
  const sent = await stand.send({ body: '', mediaUrl });
  expect(sent).toMatchObject({ sid: expect.stringMatching(/^MM/), numMedia: '2', numSegments: '1' });
  const listed = await stand.client.messages(sent.sid).media.list();
  expect(listed.map((one) => one.contentType)).toEqual(['image/png', 'image/jpeg']);
  expect((await stand.ledger())[0]).toMatchObject({ mediaUrls: mediaUrl, from: ours });
});

test('a text with neither words nor pictures is none', async () => {
  await expect(stand.text('')).rejects.toThrow('400');
});
