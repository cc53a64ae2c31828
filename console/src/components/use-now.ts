import { useEffect, useState } from 'react';

/** The time, told anew every `everyMs`, so that what says “3 min ago” ages by itself. */
export const useNow = (everyMs = 15_000): Date => {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
};
