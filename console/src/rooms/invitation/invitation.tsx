import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { answered, auth } from '../../api/auth.ts';
import { Button } from '../../components/button.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { Door } from '../../frame/door.tsx';
import { AccountForm } from './account-form.tsx';

const Accept = ({ invitationId, email }: { invitationId: string; email: string }) => {
  const invitation = useQuery({
    queryKey: ['invitation', invitationId],
    queryFn: () => answered(auth.organization.getInvitation({ query: { id: invitationId } })),
    retry: false,
  });
  const accept = useMutation({
    mutationFn: async () => {
      await answered(auth.organization.acceptInvitation({ invitationId }));
      if (invitation.data) {
        await answered(auth.organization.setActive({ organizationId: invitation.data.organizationId }));
      }
    },
    onSuccess: () => window.location.assign('/'),
  });
  const leave = useMutation({
    mutationFn: () => answered(auth.signOut()),
    onSuccess: () => window.location.reload(),
  });
  return (
    <div className="stack gap-4">
      {invitation.isPending && <Waiting rows={1} className="p-0" />}
      {invitation.isError && <Notice tone="bad">{sentenceOf(invitation.error)}</Notice>}
      {invitation.data && (
        <>
          <p>
            You are invited to <strong>{invitation.data.organizationName}</strong> as {invitation.data.role}.
          </p>
          {accept.isError && <Notice tone="bad">{sentenceOf(accept.error)}</Notice>}
          <Button look="main" disabled={accept.isPending || accept.isSuccess} onClick={() => accept.mutate()}>
            Accept the invitation
          </Button>
        </>
      )}
      <p className="text-muted text-sm">
        Signed in as {email}.{' '}
        <button
          type="button"
          className="font-medium text-petrol underline underline-offset-2"
          onClick={() => leave.mutate()}
        >
          Use another account
        </button>
      </p>
    </div>
  );
};

/** Where an invitation leads: an account first, then the organization. */
export const Invitation = () => {
  const { invitationId } = useParams({ from: '/invitation/$invitationId' });
  const session = useQuery({
    queryKey: ['auth-session'],
    queryFn: async () => (await auth.getSession()).data ?? null,
  });
  return (
    <Door title="You are invited" lead="To an organization on this server.">
      {session.data === undefined ? (
        <Waiting rows={3} className="p-0" />
      ) : session.data === null ? (
        <AccountForm invitationId={invitationId} onEntered={() => void session.refetch()} />
      ) : (
        <Accept invitationId={invitationId} email={session.data.user.email} />
      )}
    </Door>
  );
};
