export * from './conversations.ts';
export * from './events.ts';
export * from './messages.ts';
export * from './numbers.ts';
export * from './problems.ts';
export * from './session.ts';
