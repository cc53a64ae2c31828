import {
  Bot,
  Hash,
  type LucideIcon,
  MessagesSquare,
  RadioTower,
  Rows3,
  ShieldAlert,
  SlidersHorizontal,
  Smartphone,
} from 'lucide-react';

type RoomPath =
  | '/conversations'
  | '/messages'
  | '/phones'
  | '/numbers'
  | '/assistants'
  | '/devices'
  | '/quarantine'
  | '/settings';

type RoomLink = { to: RoomPath; label: string; icon: LucideIcon };

/** The rooms in the order of the navigation; the virtual phones only where there is a simulator. */
export const roomLinks = (demo: boolean): RoomLink[] => [
  { to: '/conversations', label: 'Conversations', icon: MessagesSquare },
  { to: '/messages', label: 'Messages', icon: Rows3 },
  ...(demo ? [{ to: '/phones' as const, label: 'Phones', icon: Smartphone }] : []),
  { to: '/numbers', label: 'Numbers', icon: Hash },
  { to: '/assistants', label: 'Assistants', icon: Bot },
  { to: '/devices', label: 'Devices', icon: RadioTower },
  { to: '/quarantine', label: 'Quarantine', icon: ShieldAlert },
  { to: '/settings', label: 'Settings', icon: SlidersHorizontal },
];
