/** The sign of the house: two stations and the line between them. */
export const Mark = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 34 16" className={className} aria-hidden="true" fill="none" strokeLinecap="round">
    <path d="M11 8h12" stroke="currentColor" strokeWidth="2.6" />
    <circle cx="7" cy="8" r="4.4" stroke="currentColor" strokeWidth="2.6" />
    <circle cx="27.5" cy="8" r="5.2" fill="var(--amber)" />
  </svg>
);
