import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/** How far from the end, in pixels, still counts as being there. */
const near = 80;

/**
 * Keeps a scrolled list at its end while new things come, unless the reader has scrolled up, and keeps what is being
 * read in place when earlier things are put above it. `last` and `first` name the list’s ends.
 */
export const useStayAtEnd = (
  last: string | undefined,
  first: string | undefined,
): RefObject<HTMLDivElement | null> => {
  const list = useRef<HTMLDivElement>(null);
  const before = useRef({ first, height: 0, atEnd: true });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the ends of the list are what moves it.
  useLayoutEffect(() => {
    const shown = list.current;
    if (!shown) return;
    const { first: firstBefore, height, atEnd } = before.current;
    if (firstBefore !== undefined && firstBefore !== first && !atEnd) {
      shown.scrollTop += shown.scrollHeight - height;
    } else if (atEnd) {
      shown.scrollTop = shown.scrollHeight;
    }
    before.current = { ...before.current, first, height: shown.scrollHeight };
  }, [last, first]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new children are to be observed too.
  useEffect(() => {
    const shown = list.current;
    if (!shown) return;
    const onScroll = () => {
      before.current.atEnd = shown.scrollHeight - shown.scrollTop - shown.clientHeight < near;
      before.current.height = shown.scrollHeight;
    };
    // Pictures load, notices appear and keyboards open: all change the height without a new text.
    const observer = new ResizeObserver(() => {
      if (before.current.atEnd) shown.scrollTop = shown.scrollHeight;
    });
    observer.observe(shown);
    for (const child of shown.children) observer.observe(child);
    shown.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      shown.removeEventListener('scroll', onScroll);
    };
  }, [last]);

  return list;
};
