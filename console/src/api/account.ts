// Fetched when it is needed: nearly every visit begins signed in and ends by closing the tab.
const authentication = () => import('./auth.ts');

/** Makes another organization the current one. The page starts anew, so that nothing of the first one stays in view. */
export const switchOrganization = async (organizationId: string): Promise<void> => {
  const { answered, auth } = await authentication();
  await answered(auth.organization.setActive({ organizationId }));
  window.location.assign('/');
};

/** Ends the session and shows the sign-in page, with nothing kept in memory. */
export const signOut = async (): Promise<void> => {
  const { answered, auth } = await authentication();
  await answered(auth.signOut());
  window.location.assign('/sign-in');
};
