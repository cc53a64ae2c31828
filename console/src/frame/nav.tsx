import { Link } from '@tanstack/react-router';
import { roomLinks } from './rooms.ts';
import { useSession } from './use-session.ts';

/** The rooms as stations of one line; the amber one is where you are. */
export const Nav = ({ onGo }: { onGo?: () => void }) => {
  const session = useSession();
  return (
    <nav aria-label="Rooms" className="relative">
      <span aria-hidden="true" className="absolute top-4 bottom-4 left-[13px] w-0.5 rounded bg-rail-line" />
      <ul className="stack gap-0.5">
        {roomLinks(session.simulatorUrl !== null).map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              {...(onGo ? { onClick: onGo } : {})}
              className="group relative flex items-center gap-2.5 rounded-lg py-2 pr-3 pl-8 text-rail-muted text-sm transition-colors hover:bg-rail-lit hover:text-rail-ink aria-[current=page]:bg-rail-lit aria-[current=page]:font-medium aria-[current=page]:text-rail-ink"
            >
              <span
                aria-hidden="true"
                className="absolute left-[9px] size-2.5 rounded-full border-2 border-rail-line bg-rail transition-colors group-hover:border-rail-muted group-aria-[current=page]:border-amber group-aria-[current=page]:bg-amber"
              />
              <Icon className="size-4 shrink-0" aria-hidden="true" />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
};
