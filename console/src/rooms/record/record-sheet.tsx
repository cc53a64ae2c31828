import { useQuery } from '@tanstack/react-query';
import { messageQuery } from '../../api/queries.ts';
import { Modal } from '../../components/modal.tsx';
import { Failed } from '../../components/notice.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { Record } from './record.tsx';

/** A message’s record at the side of the room it was opened from. */
export const RecordSheet = ({ messageId, close }: { messageId: string; close: () => void }) => {
  const record = useQuery(messageQuery(messageId));
  const title = record.data?.direction === 'inbound' ? 'Incoming message' : 'Outgoing message';
  return (
    <Modal title={record.data ? title : 'Message'} shape="sheet" close={close}>
      {record.data ? (
        <Record record={record.data} />
      ) : record.isError ? (
        <Failed error={record.error} retry={() => void record.refetch()} />
      ) : (
        <Waiting />
      )}
    </Modal>
  );
};
