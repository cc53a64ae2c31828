import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { Failed } from '../components/notice.tsx';

/** What is shown when a page can’t even begin: mostly that the server is away. */
export const RouteFailed = ({ error, reset }: ErrorComponentProps) => {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <main className="mx-auto grid min-h-full max-w-md place-items-center">
      <Failed error={error} retry={again} />
    </main>
  );
};
