import ipaddr from 'ipaddr.js';

/** Public by their number, yet a service of the cloud that the server stands in: Azure's wire server. */
const metadata = new Set(['168.63.129.16']);

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
/** NAT64 (RFC 6052): the last four bytes are the IPv4 address that is reached. */
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Whether an IP address is one of the public internet: not private, loopback, link-local, shared (CGNAT), multicast, reserved,
 * documentation, tunnelling or a cloud's metadata (the IANA special-purpose registries, RFC 6890). An IPv6 address that stands for an
 * IPv4 one is judged by that. Anything that is no address is not public.
 */
export const isPublicAddress = (address: string): boolean => {
  // The plain four parts only: other spellings of IPv4 (octal, one number) are no addresses here.
  if (ipaddr.IPv4.isValidFourPartDecimal(address))
    return ipaddr.IPv4.parse(address).range() === 'unicast' && !metadata.has(address);
  if (!ipaddr.IPv6.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return isPublicAddress(parsed.toIPv4Address().toString());
  if (parsed.match(nat64)) return isPublicAddress(parsed.toByteArray().slice(12).join('.'));
  return parsed.match(globalUnicast) && parsed.range() === 'unicast';
};
