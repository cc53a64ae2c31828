const minute = 60_000;
const day = 24 * 60 * minute;

const startOfDay = (at: Date): number => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

const daysAgo = (at: Date, now: Date): number => Math.round((startOfDay(now) - startOfDay(at)) / day);

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const exact = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dateYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const full = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

/** The time of day, in the reader's zone. */
export const clockTime = (iso: string): string => clock.format(new Date(iso));

/** The time of day to the millisecond. */
export const exactTime = (iso: string): string => exact.format(new Date(iso));

/** Date and time, for titles and records. */
export const fullTime = (iso: string): string => full.format(new Date(iso));

const moment = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short',
  hourCycle: 'h23',
});

/** Date and time to the minute, for sentences. */
export const momentOf = (iso: string): string => moment.format(new Date(iso));

/** As short as a list allows: the clock today, the weekday this week, else the date. */
export const shortTime = (iso: string, now: Date): string => {
  const at = new Date(iso);
  const days = daysAgo(at, now);
  if (days <= 0) return clock.format(at);
  if (days < 7) return weekday.format(at);
  return at.getFullYear() === now.getFullYear() ? date.format(at) : dateYear.format(at);
};

/** The heading over a day of a thread: Today, Yesterday or the date. */
export const dayName = (iso: string, now: Date): string => {
  const at = new Date(iso);
  const days = daysAgo(at, now);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return at.getFullYear() === now.getFullYear() ? date.format(at) : dateYear.format(at);
};

/** The time between two moments as a person says it: `12 ms`, `1.4 s`, `3 min`, `2 h`. */
export const timeBetween = (from: string, to: string): string => {
  const ms = Math.max(0, new Date(to).getTime() - new Date(from).getTime());
  if (ms < 1_000) return `${ms} ms`;
  if (ms < minute) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 60 * minute) return `${Math.round(ms / minute)} min`;
  if (ms < 2 * day) return `${Math.round(ms / (60 * minute))} h`;
  return `${Math.round(ms / day)} days`;
};
