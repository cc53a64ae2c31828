/**
 * The types that are taken, each with the ending of its file name: what phones send and Twilio lists as accepted for MMS
 * (https://www.twilio.com/docs/messaging/guides/accepted-mime-types) as far as bytes can prove them, and webp.
 */
export const acceptedTypes: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/apng': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/heic': 'heic',
  'image/heic-sequence': 'heic',
  'image/heif': 'heif',
  'image/heif-sequence': 'heif',
  'image/tiff': 'tiff',
  'image/bmp': 'bmp',
  'video/mp4': 'mp4',
  'video/mpeg': 'mpeg',
  'video/webm': 'webm',
  'video/quicktime': 'mov',
  'video/3gpp': '3gp',
  'video/3gpp2': '3g2',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/aac': 'aac',
  'audio/ogg': 'ogg',
  'audio/amr': 'amr',
  'audio/wav': 'wav',
  'audio/ac3': 'ac3',
  'application/pdf': 'pdf',
  'application/rtf': 'rtf',
  'text/vcard': 'vcf',
  'text/calendar': 'ics',
  'text/csv': 'csv',
  'text/plain': 'txt',
};

/** Other names of the same types, as file-type writes them. */
export const otherNames: Record<string, string> = {
  'audio/ogg; codecs=opus': 'audio/ogg',
  'audio/x-m4a': 'audio/mp4',
  'audio/vnd.dolby.dd-raw': 'audio/ac3',
  'video/x-m4v': 'video/mp4',
  'video/MP1S': 'video/mpeg',
  'video/MP2P': 'video/mpeg',
};
