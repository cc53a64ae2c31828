import { phoneGroups } from '../words/phone-groups.ts';
import { cn } from './cn.ts';

/** A number set in groups by space alone: what is read aloud, searched or copied is the bare number. */
export const PhoneNumber = ({ value, className }: { value: string; className?: string }) => (
  <span className={cn('whitespace-nowrap', className)}>
    {phoneGroups(value).map((group, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the groups of one number never change places.
      <span key={index} className={index === 0 ? undefined : 'ml-[0.28em]'}>
        {group}
      </span>
    ))}
  </span>
);
