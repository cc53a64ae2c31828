import { useQuery } from '@tanstack/react-query';
import { answered, auth } from '../../api/auth.ts';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { Failed } from '../../components/notice.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { useSession } from '../../frame/use-session.ts';
import { Invitations } from './invitations.tsx';
import { Invite } from './invite.tsx';

const MemberList = () => {
  const { organization } = useSession();
  const members = useQuery({
    queryKey: ['members', organization.id],
    queryFn: async () =>
      (await answered(auth.organization.listMembers({ query: { organizationId: organization.id } }))).members,
  });
  if (!members.data) {
    return members.isError ? (
      <Failed error={members.error} retry={() => void members.refetch()} />
    ) : (
      <Waiting rows={2} className="p-0" />
    );
  }
  return (
    <ul aria-label="Members" className="divide-y divide-line">
      {members.data.map((member) => (
        <li key={member.id} className="flex items-center justify-between gap-3 py-2.5 first:pt-0">
          <div className="min-w-0">
            <p className="truncate font-medium text-sm">{member.user.name}</p>
            <p className="truncate text-muted text-sm">{member.user.email}</p>
          </div>
          <Badge tone={member.role === 'owner' ? 'line' : 'quiet'}>{member.role}</Badge>
        </li>
      ))}
    </ul>
  );
};

/** Who belongs to the organization, who is invited, and how to invite another. */
export const Members = () => {
  const { role } = useSession();
  const mayInvite = role === 'owner' || role === 'admin';
  return (
    <Card aria-labelledby="members-title" className="stack gap-4">
      <h2 id="members-title" className="font-semibold">
        Members
      </h2>
      <MemberList />
      {mayInvite ? (
        <>
          <Invitations />
          <Invite />
        </>
      ) : (
        <p className="text-muted text-sm">Only an owner or an admin can invite others.</p>
      )}
    </Card>
  );
};
