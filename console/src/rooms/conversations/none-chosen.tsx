import { MessagesSquare } from 'lucide-react';
import { Empty } from '../../components/empty.tsx';

/** The place of the thread before one is chosen. */
export const NoneChosen = () => (
  <div className="grid h-full place-items-center">
    <Empty icon={MessagesSquare} title="Choose a conversation">
      Its texts appear here, each with how far it came. New ones come in by themselves.
    </Empty>
  </div>
);
