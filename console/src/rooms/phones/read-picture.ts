import type { PhoneText } from '@trunkline/contract/simulator';

export type Picture = NonNullable<PhoneText['media']>[number] & { name: string };

/** Networks refuse larger ones. */
const maxBytes = 5 * 1024 * 1024;

/** Reads a chosen file as the picture of an MMS. Throws with a sentence when it is too large or can’t be read. */
export const readPicture = (file: File): Promise<Picture> => {
  if (file.size > maxBytes) {
    return Promise.reject(new Error('This picture is larger than 5 MB, more than an MMS carries.'));
  }
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(new Error('This file could not be read.'));
    reader.onload = () => {
      const [, base64 = ''] = String(reader.result).split(',', 2);
      resolve({ name: file.name, contentType: file.type || 'application/octet-stream', base64 });
    };
    reader.readAsDataURL(file);
  });
};
