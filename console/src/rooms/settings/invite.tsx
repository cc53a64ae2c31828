import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { answered, auth } from '../../api/auth.ts';
import { Button } from '../../components/button.tsx';
import { Field, SelectField } from '../../components/field.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { useSession } from '../../frame/use-session.ts';

type Role = 'member' | 'admin' | 'owner';

/** Invites by email address. The server sends no email: the link is copied from the list and passed on by hand. */
export const Invite = () => {
  const queries = useQueryClient();
  const { organization } = useSession();
  const form = useRef<HTMLFormElement>(null);
  const invite = useMutation({
    mutationFn: (given: FormData) =>
      answered(
        auth.organization.inviteMember({
          email: String(given.get('email')),
          role: String(given.get('role')) as Role,
          organizationId: organization.id,
        }),
      ),
    onSuccess: () => {
      form.current?.reset();
      return queries.invalidateQueries({ queryKey: ['invitations'] });
    },
  });
  return (
    <form
      ref={form}
      className="stack gap-3 border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        invite.mutate(new FormData(event.currentTarget));
      }}
    >
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-52 flex-1">
          <Field label="Invite by email" name="email" type="email" required placeholder="name@example.com" />
        </div>
        <div className="w-32">
          <SelectField label="Role" name="role" defaultValue="member">
            <option value="member">Member</option>
            <option value="admin">Admin</option>
          </SelectField>
        </div>
        <Button type="submit" className="h-9.5" disabled={invite.isPending}>
          {invite.isPending ? 'Inviting…' : 'Invite'}
        </Button>
      </div>
      {invite.isError && <Notice tone="bad">{sentenceOf(invite.error)}</Notice>}
      {invite.isSuccess && (
        <Notice tone="good">Invited. Copy the link from the list above and send it to them yourself.</Notice>
      )}
    </form>
  );
};
