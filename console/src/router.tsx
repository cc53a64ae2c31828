import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { MessageStatus } from '@trunkline/contract';
import { sessionQuery } from './api/queries.ts';
import { ProblemError } from './api/request.ts';
import { Lost } from './frame/lost.tsx';
import { RouteFailed } from './frame/route-failed.tsx';
import { queries } from './query-client.ts';
import { ownPath } from './words/own-path.ts';
import { statuses } from './words/tick.ts';

const word = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const statusWord = (value: unknown): MessageStatus | undefined => statuses.find((status) => status === value);

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: Lost });

const welcomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./rooms/welcome/welcome.tsx'), 'Welcome'),
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search): { to?: string } => {
    const to = ownPath(word(search.to) ?? '', window.location.origin);
    return to ? { to } : {};
  },
  component: lazyRouteComponent(() => import('./rooms/sign-in/sign-in.tsx'), 'SignIn'),
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation/$invitationId',
  component: lazyRouteComponent(() => import('./rooms/invitation/invitation.tsx'), 'Invitation'),
});

/** Everything behind sign-in. `message` opens that message's record beside whatever room is shown. */
const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'frame',
  validateSearch: (search): { message?: string } => {
    const message = word(search.message);
    return message ? { message } : {};
  },
  beforeLoad: async ({ location }) => {
    const session = await queries.ensureQueryData(sessionQuery).catch((error: unknown) => {
      if (error instanceof ProblemError && error.status === 401) {
        throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
      }
      throw error;
    });
    return { session };
  },
  errorComponent: RouteFailed,
  component: lazyRouteComponent(() => import('./frame/frame.tsx'), 'Frame'),
});

const homeRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/conversations' });
  },
});

const conversationsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/conversations',
  component: lazyRouteComponent(() => import('./rooms/conversations/conversations.tsx'), 'Conversations'),
});

const noConversationRoute = createRoute({
  getParentRoute: () => conversationsRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./rooms/conversations/none-chosen.tsx'), 'NoneChosen'),
});

const conversationRoute = createRoute({
  getParentRoute: () => conversationsRoute,
  path: '$conversationId',
  component: lazyRouteComponent(() => import('./rooms/conversations/thread.tsx'), 'ThreadRoom'),
});

const messagesRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/messages',
  validateSearch: (search): { status?: MessageStatus } => {
    const status = statusWord(search.status);
    return status ? { status } : {};
  },
  component: lazyRouteComponent(() => import('./rooms/messages/messages.tsx'), 'Messages'),
});

const numbersRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/numbers',
  component: lazyRouteComponent(() => import('./rooms/numbers/numbers.tsx'), 'Numbers'),
});

const assistantsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/assistants',
  component: lazyRouteComponent(() => import('./rooms/assistants/assistants.tsx'), 'Assistants'),
});

const devicesRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/devices',
  component: lazyRouteComponent(() => import('./rooms/devices/devices.tsx'), 'Devices'),
});

const deviceRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/devices/$deviceId',
  component: lazyRouteComponent(() => import('./rooms/devices/device.tsx'), 'DeviceRoom'),
});

const quarantineRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/quarantine',
  component: lazyRouteComponent(() => import('./rooms/quarantine/quarantine.tsx'), 'Quarantine'),
});

const phonesRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/phones',
  validateSearch: (search): { phone?: string; number?: string } => {
    const phone = word(search.phone);
    const number = word(search.number);
    return { ...(phone ? { phone } : {}), ...(number ? { number } : {}) };
  },
  component: lazyRouteComponent(() => import('./rooms/phones/phones.tsx'), 'Phones'),
});

const settingsRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./rooms/settings/settings.tsx'), 'Settings'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    welcomeRoute,
    signInRoute,
    invitationRoute,
    frameRoute.addChildren([
      homeRoute,
      conversationsRoute.addChildren([noConversationRoute, conversationRoute]),
      messagesRoute,
      numbersRoute,
      assistantsRoute,
      devicesRoute,
      deviceRoute,
      quarantineRoute,
      phonesRoute,
      settingsRoute,
    ]),
  ]),
  defaultPreload: 'intent',
  // Numbers in the address are E.164 and statuses are words: plain strings, never JSON.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const pairs = Object.entries(search).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string',
    );
    return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
