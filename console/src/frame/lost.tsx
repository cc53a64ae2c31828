import { Link } from '@tanstack/react-router';
import { Signpost } from 'lucide-react';
import { Button } from '../components/button.tsx';
import { Empty } from '../components/empty.tsx';

/** An address that leads nowhere. */
export const Lost = () => (
  <main className="grid min-h-full place-items-center">
    <Empty icon={Signpost} title="There is no page at this address">
      <p className="mb-4">It may have moved, or the link was cut short.</p>
      <Button look="main" asChild>
        <Link to="/conversations">Go to the conversations</Link>
      </Button>
    </Empty>
  </main>
);
