import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Hash, PlugZap } from 'lucide-react';
import { numbersQuery } from '../../api/queries.ts';
import { phonesQuery } from '../../api/simulator.ts';
import { Empty } from '../../components/empty.tsx';
import { SelectField } from '../../components/field.tsx';
import { Failed } from '../../components/notice.tsx';
import { Room } from '../../components/room.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { useSession } from '../../frame/use-session.ts';
import { FirstPhone } from './first-phone.tsx';
import { Handset } from './handset.tsx';
import { LineRecord } from './line-record.tsx';
import { NewPhone } from './new-phone.tsx';

const Desk = ({ simulatorUrl }: { simulatorUrl: string }) => {
  const search = useSearch({ from: '/frame/phones' });
  const navigate = useNavigate();
  const phones = useQuery(phonesQuery(simulatorUrl));
  const numbers = useQuery(numbersQuery);
  const failed = phones.isError ? phones : numbers.isError ? numbers : null;
  if (!phones.data || !numbers.data) {
    return failed ? <Failed error={failed.error} retry={() => void failed.refetch()} /> : <Waiting />;
  }
  const phone = phones.data.find((one) => one.number === search.phone) ?? phones.data[0];
  const number = numbers.data.find((one) => one.phoneNumber === search.number) ?? numbers.data[0];
  if (number === undefined) {
    return (
      <Empty icon={Hash} title="No number to text to">
        This organization has no number yet.
      </Empty>
    );
  }
  const choose = (chosen: { phone?: string; number?: string }) =>
    void navigate({
      to: '/phones',
      search: { ...(phone ? { phone: phone.number } : {}), number: number.phoneNumber, ...chosen },
      replace: true,
    });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <div className="flex flex-wrap items-end gap-3">
        {phone !== undefined && (
          <div className="w-full sm:w-72">
            <SelectField
              label="Phone"
              value={phone.number}
              onChange={(event) => choose({ phone: event.target.value })}
            >
              {phones.data.map((one) => (
                <option key={one.number} value={one.number}>
                  {one.label} ({one.number})
                </option>
              ))}
            </SelectField>
          </div>
        )}
        <div className="w-full sm:w-72">
          <SelectField
            label="Texts to"
            value={number.phoneNumber}
            onChange={(event) => choose({ number: event.target.value })}
          >
            {numbers.data.map((one) => (
              <option key={one.id} value={one.phoneNumber}>
                {one.phoneNumber} ({one.responder.name})
              </option>
            ))}
          </SelectField>
        </div>
        <NewPhone
          simulatorUrl={simulatorUrl}
          taken={[...phones.data.map((one) => one.number), ...numbers.data.map((one) => one.phoneNumber)]}
          onMade={(made) => choose({ phone: made })}
        />
      </div>
      {phone === undefined ? (
        <FirstPhone simulatorUrl={simulatorUrl} />
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[23rem_minmax(0,1fr)]">
          <Handset
            key={`${phone.number} ${number.phoneNumber}`}
            simulatorUrl={simulatorUrl}
            phone={phone}
            number={number.phoneNumber}
          />
          <LineRecord phone={phone.number} number={number.phoneNumber} />
        </div>
      )}
    </div>
  );
};

/** Virtual phones: text in as a person would, and watch what each text sets off. */
export const Phones = () => {
  const { simulatorUrl } = useSession();
  return (
    <Room
      title="Phones"
      lead="Virtual phones on the simulated network. Text one of your numbers and watch what happens, step by step."
    >
      {simulatorUrl === null ? (
        <Empty icon={PlugZap} title="Only in demo mode">
          This server is connected to a real provider, so there are no virtual phones. Use your own phone.
        </Empty>
      ) : (
        <Desk simulatorUrl={simulatorUrl} />
      )}
    </Room>
  );
};
