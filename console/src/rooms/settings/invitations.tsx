import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answered, auth } from '../../api/auth.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { useSession } from '../../frame/use-session.ts';
import { fullTime } from '../../words/time.ts';

/** Invitations nobody has accepted yet, each with its link. */
export const Invitations = () => {
  const queries = useQueryClient();
  const { organization } = useSession();
  const invitations = useQuery({
    queryKey: ['invitations', organization.id],
    queryFn: () =>
      answered(auth.organization.listInvitations({ query: { organizationId: organization.id } })),
  });
  const withdraw = useMutation({
    mutationFn: (invitationId: string) => answered(auth.organization.cancelInvitation({ invitationId })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  });
  const open = invitations.data?.filter((one) => one.status === 'pending') ?? [];
  if (invitations.isError) return <Notice tone="bad">{sentenceOf(invitations.error)}</Notice>;
  if (open.length === 0) return null;
  return (
    <div className="stack gap-2 border-t pt-4">
      <h3 className="font-medium text-sm">Invited, not yet here</h3>
      <ul aria-label="Open invitations" className="stack gap-2">
        {open.map((invitation) => {
          const link = `${window.location.origin}/invitation/${invitation.id}`;
          return (
            <li key={invitation.id} className="stack gap-1 rounded-lg bg-sunken px-3 py-2">
              <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
                <span className="min-w-0 truncate">
                  {invitation.email} <span className="text-muted">as {invitation.role}</span>
                </span>
                <Button
                  look="quiet"
                  size="small"
                  disabled={withdraw.isPending}
                  onClick={() => withdraw.mutate(invitation.id)}
                >
                  Withdraw
                </Button>
              </div>
              <div className="flex items-center gap-1">
                <code className="min-w-0 flex-1 truncate font-mono text-xs">{link}</code>
                <CopyButton text={link} what={`the link for ${invitation.email}`} />
              </div>
              <p className="text-muted text-xs">
                Valid until {fullTime(new Date(invitation.expiresAt).toISOString())}
              </p>
            </li>
          );
        })}
      </ul>
      {withdraw.isError && <Notice tone="bad">{sentenceOf(withdraw.error)}</Notice>}
    </div>
  );
};
