import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

const rowClasses =
  'flex w-full cursor-pointer select-none items-center gap-2.5 rounded-md px-2.5 py-2 text-sm outline-none data-[highlighted]:bg-petrol-wash [&_svg]:size-4 [&_svg]:text-muted';

/** A menu that opens from `trigger`. Not modal: a modal one would inject styles to lock the page. */
export const Menu = ({ trigger, children }: { trigger: ReactNode; children: ReactNode }) => (
  <DropdownMenu.Root modal={false}>
    <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        align="start"
        sideOffset={6}
        collisionPadding={8}
        className="z-50 min-w-56 rounded-lg border border-line bg-raised p-1.5 text-ink shadow-xl"
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
);

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <DropdownMenu.Label className="px-2.5 pt-1.5 pb-1 text-muted text-xs">{children}</DropdownMenu.Label>
);

export const MenuLine = () => <DropdownMenu.Separator className="-mx-1.5 my-1.5 h-px bg-line" />;

export const MenuItem = ({ onSelect, children }: { onSelect: () => void; children: ReactNode }) => (
  <DropdownMenu.Item className={rowClasses} onSelect={onSelect}>
    {children}
  </DropdownMenu.Item>
);

type Choice<T extends string> = { value: T; label: string };
type MenuChoicesProps<T extends string> = { value: T; choices: Choice<T>[]; choose: (value: T) => void };

/** Some choices of which one holds. */
export const MenuChoices = <T extends string>({ value, choices, choose }: MenuChoicesProps<T>) => (
  <DropdownMenu.RadioGroup value={value} onValueChange={(chosen) => choose(chosen as T)}>
    {choices.map((one) => (
      <DropdownMenu.RadioItem key={one.value} value={one.value} className={cn(rowClasses, 'justify-between')}>
        <span className="min-w-0 truncate">{one.label}</span>
        <DropdownMenu.ItemIndicator>
          <Check aria-hidden="true" />
        </DropdownMenu.ItemIndicator>
      </DropdownMenu.RadioItem>
    ))}
  </DropdownMenu.RadioGroup>
);
