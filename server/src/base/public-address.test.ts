import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPublicAddress } from './public-address.ts';

/** The IANA special-purpose registries, written anew, and judged by Node's own arithmetic. */
const inIpv4 = new BlockList();
const inIpv6 = new BlockList();
const special4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32';
const special6 = '2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 ::/3 4000::/2 8000::/1'.split(
  ' ',
);
for (const range of special4.split(' ')) {
  const [address, bits] = range.split('/');
  inIpv4.addSubnet(address!, Number(bits), 'ipv4');
}
for (const range of special6) {
  const [address, bits] = range.split('/');
  inIpv6.addSubnet(address!, Number(bits), 'ipv6');
}

const dotted = (number: number) => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
const groups = (bytes: Uint8Array) =>
  Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16)).join(':');
/** All numbers, and often those at the edges of the ranges. */
const ipv4 = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.tuple(fc.constantFrom(...special4.split(' ')), fc.integer({ min: -2, max: 70_000 })).map(
    ([range, by]) =>
      (range
        .split('/')[0]!
        .split('.')
        .reduce((all, part) => all * 256 + Number(part), 0) +
        by) >>>
      0,
  ),
);

describe('a public address', () => {
  test('in IPv4 is one outside of every special range, however IPv6 wraps it', () => {
    fc.assert(
      fc.property(ipv4, (number) => {
        const address = dotted(number);
        const expected = !inIpv4.check(address, 'ipv4');
        const hex = `${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`;
        expect(isPublicAddress(address)).toBe(expected);
        for (const wrapped of [
          `::ffff:${address}`,
          `::ffff:${hex}`,
          `64:ff9b::${hex}`,
          `64:FF9B::${address}`,
        ])
          expect(isPublicAddress(wrapped), wrapped).toBe(expected);
        for (const tunnel of [`::${hex}`, `2002:${hex}::1`, `::ffff:0:${hex}`, `64:ff9b:1::${hex}`])
          expect(isPublicAddress(tunnel), tunnel).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  test('in IPv6 is global unicast outside of every special range', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const heads = fc.constantFrom(...special6, '2600::/12', '2a00::/12', 'fc00::/7', 'fe80::/10', '::/96');
    fc.assert(
      fc.property(bytes, heads, fc.boolean(), (random, range, inside) => {
        const address = inside
          ? groups(random).replace(/^[^:]+/, () => range.split(':')[0] || '0')
          : groups(random);
        // NAT64 and mapped addresses are the other property's.
        if (/^(64:ff9b|0:0:0:0:0:ffff):/.test(address)) return;
        expect(isPublicAddress(address), address).toBe(!inIpv6.check(address, 'ipv6'));
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '54.172.60.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001:82a::200e',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
  ])('%s is one', (address) => expect(isPublicAddress(address)).toBe(true));

  test.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.0.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.100.100.200',
    '169.254.169.254',
    '168.63.129.16',
    '192.0.0.192',
    '255.255.255.255',
    '224.0.0.1',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    '2606:4700:4700::1111%eth0',
    'fec0::1',
    'ff02::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '',
    'localhost',
    '8.8.8.8 ',
    '8.8.8.8, 127.0.0.1',
  ])('%j is none', (address) => expect(isPublicAddress(address)).toBe(false));
});
