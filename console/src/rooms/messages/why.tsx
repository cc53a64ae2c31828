import type { Message } from '@trunkline/contract';
import { Notice } from '../../components/notice.tsx';
import { whyOf } from './why-of.ts';

/** Why a message waits or did not go, as a notice; nothing when all is well. */
export const Why = ({
  message,
}: {
  message: Pick<Message, 'status' | 'hold' | 'errorCode' | 'errorMessage'>;
}) => {
  const why = whyOf(message);
  return why === null ? null : <Notice tone={why.tone}>{why.sentence}</Notice>;
};
