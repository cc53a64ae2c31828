/** How a step’s station is coloured: trouble stands out, the rest is the line itself. */
export const toneOfStep = (type: string): 'line' | 'good' | 'warn' | 'bad' => {
  if (/\.(failed|expired|undelivered|blocked)$/.test(type)) return 'bad';
  if (/\.(held|unknown|retrying|canceled)$/.test(type)) return 'warn';
  if (/\.(delivered|read)$/.test(type)) return 'good';
  return 'line';
};
