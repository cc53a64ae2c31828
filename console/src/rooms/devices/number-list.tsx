import type { Device } from '@trunkline/contract/device';
import { PhoneNumber } from '../../components/phone-number.tsx';

/** The numbers whose texts a device gets, in one line. */
export const NumberList = ({ numbers }: Pick<Device, 'numbers'>) =>
  numbers.length === 0 ? (
    <span>No number</span>
  ) : (
    numbers.map((number, index) => (
      <span key={number.id}>
        {index > 0 && ', '}
        <PhoneNumber value={number.phoneNumber} />
      </span>
    ))
  );
