import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Device } from '@trunkline/contract/device';
import { type ReactNode, useEffect } from 'react';
import { deviceQuery } from '../../api/queries.ts';
import { Button } from '../../components/button.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Modal } from '../../components/modal.tsx';
import { Notice } from '../../components/notice.tsx';
import { isLoopback, runLines, serviceLines, serviceProgram } from './commands.ts';

/** How often a device that is awaited is looked for; events mostly say it sooner. */
const awaitedPollMs = 2_000;

/** Whether the device has connected since its token was made; `device` is what it was then. */
const useArrived = (device: Device): boolean => {
  const queries = useQueryClient();
  const { data } = useQuery({
    ...deviceQuery(device.id),
    refetchInterval: awaitedPollMs,
  });
  const arrived = !device.online && data?.online === true && data.lastSeenAt !== device.lastSeenAt;
  useEffect(() => {
    // The list behind the dialog is to say so too.
    if (arrived) void queries.invalidateQueries({ queryKey: ['devices', 'all'] });
  }, [arrived, queries]);
  return arrived;
};

type HandOverProps = {
  /** As it was when its token was made. */
  device: Device;
  token: string;
  title: string;
  close: () => void;
  children?: ReactNode;
};

/** A device’s token, this one time, with the lines that start it; says when the device has come. */
export const HandOver = ({ device, token, title, close, children }: HandOverProps) => {
  const server = window.location.origin;
  const arrived = useArrived(device);
  const leave = () => {
    if (arrived || window.confirm('The token is not shown again. Close all the same?')) close();
  };
  return (
    <Modal title={title} shape="box" close={leave}>
      <div className="stack gap-4">
        {children}
        <div className="stack gap-1.5">
          <p className="text-sm">
            This is its token. It is shown only now; a lost one is replaced by a new one.
          </p>
          <div className="flex items-center gap-1 rounded-md bg-sunken py-1 pr-1 pl-3">
            <code className="min-w-0 flex-1 select-all break-all font-mono text-[13px]">{token}</code>
            <CopyButton text={token} what="the token" />
          </div>
        </div>
        <CodeBlock title="Try it in the device’s terminal" what="the command">
          {runLines(server, token)}
        </CodeBlock>
        <p className="text-[13px] text-muted">
          It prints each text. With <code className="font-mono text-xs">--exec ./on-text.sh</code> it hands
          them to a program instead.
        </p>
        <CodeBlock title="Or let it run for good, with systemd" what="the lines for systemd">
          {serviceLines(server, token)}
        </CodeBlock>
        <p className="text-[13px] text-muted">
          The service hands each text to <code className="font-mono text-xs">{serviceProgram}</code>, and what
          that prints is the reply.
        </p>
        {isLoopback(server) && (
          <Notice>
            You opened the console at {new URL(server).host}, which only this machine reaches. On another one,
            write the address that it reaches this server at.
          </Notice>
        )}
        <div className="flex flex-wrap items-center justify-between gap-3">
          {/* One that is here with its old token tells nothing about the new one. */}
          {device.online ? null : arrived ? (
            <Notice tone="good">{device.name} is online.</Notice>
          ) : (
            <span role="status" className="flex items-center gap-2.5 text-muted text-sm">
              <span aria-hidden="true" className="size-2.5 animate-pulse rounded-full bg-amber" />
              Waiting for {device.name} to connect…
            </span>
          )}
          <Button look="main" className="ml-auto" onClick={close}>
            Done
          </Button>
        </div>
      </div>
    </Modal>
  );
};
