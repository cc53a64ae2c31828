/** A whole PNG of one pixel. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const padded = (head: string, encoding: BufferEncoding = 'latin1') =>
  Buffer.concat([Buffer.from(head, encoding), Buffer.alloc(200)]);

export const vcard = 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë\r\nEND:VCARD\r\n';

/** What phones send: the beginnings of real files, which is all that tells their type. */
export const files: [name: string, bytes: Buffer, announced: string, contentType: string][] = [
  ['png', png, 'image/png', 'image/png'],
  ['jpeg', padded('ffd8ffe000104a46494600010100', 'hex'), 'image/jpeg', 'image/jpeg'],
  ['gif', padded('GIF89a'), 'image/gif', 'image/gif'],
  ['webp', padded('RIFF\x20\0\0\0WEBPVP8 '), 'image/webp', 'image/webp'],
  ['mp4', padded('\0\0\0\x18ftypisom\0\0\0\0isom'), 'video/mp4', 'video/mp4'],
  ['3gp', padded('\0\0\0\x18ftyp3gp5\0\0\0\x003gp5'), 'video/3gpp', 'video/3gpp'],
  ['amr', padded('#!AMR\n'), 'audio/amr', 'audio/amr'],
  ['mp3', padded('fffb9064', 'hex'), 'audio/mpeg', 'audio/mpeg'],
  ['pdf', padded('%PDF-1.7\n'), 'application/pdf', 'application/pdf'],
  ['vcf', Buffer.from(vcard), 'text/x-vcard', 'text/vcard; charset=utf-8'],
];
