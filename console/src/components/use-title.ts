import { useEffect } from 'react';

/** Names the browser’s tab after the room. */
export const useTitle = (title: string): void => {
  useEffect(() => {
    document.title = `${title} · Trunkline`;
  }, [title]);
};
