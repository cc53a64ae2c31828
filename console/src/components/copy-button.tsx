import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { copyText } from './copy-text.ts';

/** Puts `text` on the clipboard and says so. `what` completes the label: “Copy …”. */
export const CopyButton = ({ text, what }: { text: string; what: string }) => {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_800);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      look="quiet"
      size="icon"
      className="size-7 [&_svg]:size-3.5"
      aria-label={copied ? `Copied ${what}` : `Copy ${what}`}
      title={copied ? 'Copied' : `Copy ${what}`}
      onClick={() => copyText(text).then(() => setCopied(true))}
    >
      {copied ? <Check className="text-good" aria-hidden="true" /> : <Copy aria-hidden="true" />}
    </Button>
  );
};
