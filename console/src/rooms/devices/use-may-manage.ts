import { useSession } from '../../frame/use-session.ts';

/** Whether who is signed in may pair and change devices. */
export const useMayManage = (): boolean => {
  const { role } = useSession();
  return role === 'owner' || role === 'admin';
};
