import { CopyButton } from './copy-button.tsx';

type CodeBlockProps = { title: string; what: string; children: string };

/** Lines for a terminal, with a button that copies them. `what` completes its label: “Copy …”. */
export const CodeBlock = ({ title, what, children }: CodeBlockProps) => (
  <div className="stack gap-1">
    <div className="flex items-center justify-between gap-2">
      <h3 className="font-medium text-sm">{title}</h3>
      <CopyButton text={children} what={what} />
    </div>
    <pre className="overflow-x-auto rounded-md bg-sunken px-3 py-2.5 font-mono text-xs leading-relaxed">
      {children}
    </pre>
  </div>
);
