import { LogOut } from 'lucide-react';
import { signOut } from '../../api/account.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Room } from '../../components/room.tsx';
import { useSession } from '../../frame/use-session.ts';
import { ApiKeys } from './api-keys.tsx';
import { Members } from './members.tsx';

const Organization = () => {
  const { organization, role } = useSession();
  return (
    <Card aria-labelledby="organization-title" className="stack gap-3">
      <h2 id="organization-title" className="font-semibold">
        Organization
      </h2>
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-y-1.5 text-sm">
        <dt className="text-muted">Name</dt>
        <dd>{organization.name}</dd>
        <dt className="text-muted">Short name</dt>
        <dd className="font-mono text-[13px]">{organization.slug}</dd>
        <dt className="text-muted">Your role</dt>
        <dd>{role}</dd>
      </dl>
    </Card>
  );
};

const Account = () => {
  const { user } = useSession();
  return (
    <Card aria-labelledby="account-title" className="flex flex-wrap items-center justify-between gap-3">
      <div>
        <h2 id="account-title" className="font-semibold">
          Your account
        </h2>
        <p className="text-muted text-sm">
          {user ? `${user.name}, ${user.email}` : 'Signed in with the administrator’s token'}
        </p>
      </div>
      <Button onClick={() => void signOut()}>
        <LogOut aria-hidden="true" />
        Sign out
      </Button>
    </Card>
  );
};

/** The organization, its members, its API keys, and the own account. */
export const Settings = () => (
  <Room title="Settings">
    <div className="stack max-w-3xl gap-4">
      <Organization />
      <Members />
      <ApiKeys />
      <Account />
    </div>
  </Room>
);
