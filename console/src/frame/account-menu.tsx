import { ChevronsUpDown, LogOut } from 'lucide-react';
import { useState } from 'react';
import { signOut, switchOrganization } from '../api/account.ts';
import { Menu, MenuChoices, MenuItem, MenuLabel, MenuLine } from '../components/menu.tsx';
import { chooseTheme, readTheme, type Theme } from '../theme.ts';
import { useSession } from './use-session.ts';

const themes: { value: Theme; label: string }[] = [
  { value: 'system', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** Who is signed in and for which organization; switches both, and the theme. */
export const AccountMenu = () => {
  const session = useSession();
  const [theme, setTheme] = useState(readTheme);
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label="Account and organization"
          className="flex w-full items-center gap-2.5 rounded-lg px-2 py-2 text-left hover:bg-rail-lit"
        >
          <span
            aria-hidden="true"
            className="grid size-8 shrink-0 place-items-center rounded-full bg-rail-line font-semibold text-[13px] text-rail-ink uppercase"
          >
            {(session.user?.name ?? session.organization.name).slice(0, 1)}
          </span>
          <span className="min-w-0 flex-1 leading-tight">
            <span className="block truncate font-medium text-rail-ink text-sm">
              {session.organization.name}
            </span>
            <span className="block truncate text-rail-muted text-xs">
              {session.user?.name ?? session.role}
            </span>
          </span>
          <ChevronsUpDown className="size-4 shrink-0 text-rail-muted" aria-hidden="true" />
        </button>
      }
    >
      {session.organizations.length > 1 && (
        <>
          <MenuLabel>Organization</MenuLabel>
          <MenuChoices
            value={session.organization.id}
            choices={session.organizations.map(({ id, name }) => ({ value: id, label: name }))}
            choose={(id) => void switchOrganization(id)}
          />
          <MenuLine />
        </>
      )}
      <MenuLabel>Appearance</MenuLabel>
      <MenuChoices
        value={theme}
        choices={themes}
        choose={(chosen) => {
          chooseTheme(chosen);
          setTheme(chosen);
        }}
      />
      <MenuLine />
      <MenuItem onSelect={() => void signOut()}>
        <LogOut aria-hidden="true" />
        Sign out
      </MenuItem>
    </Menu>
  );
};
