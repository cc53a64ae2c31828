export { type ConnectOptions, connect, type Device, type Handler, type Text } from './connect.ts';
export { SpoolInUse } from './lock.ts';
export type { DeviceText, OutgoingMessage } from './text.ts';
export { Refused, TokenRefused, Unreachable } from './wire.ts';
