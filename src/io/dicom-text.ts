/**
 * DICOM's character sets.
 *
 * Source: DICOM PS3.3 C.12.1.1.2, Specific Character Set. Sets that switch inside a text (ISO 2022) are read by their first one.
 * Layer:  io; imports nothing.
 */

const ENCODINGS: Readonly<Record<string, string>> = {
  "ISO_IR 100": "latin1",
  "ISO_IR 101": "iso-8859-2",
  "ISO_IR 109": "iso-8859-3",
  "ISO_IR 110": "iso-8859-4",
  "ISO_IR 126": "iso-8859-7",
  "ISO_IR 127": "iso-8859-6",
  "ISO_IR 138": "iso-8859-8",
  "ISO_IR 144": "iso-8859-5",
  "ISO_IR 148": "windows-1254",
  "ISO_IR 166": "windows-874",
  "ISO_IR 192": "utf-8",
  "ISO_IR 13": "shift_jis",
  GB18030: "gb18030",
  GBK: "gbk",
};

/** How the texts of a file are decoded, from its Specific Character Set; latin1 if that is absent or unknown. */
export function textDecoderOf(characterSet: string): (bytes: Uint8Array) => string {
  const first = (characterSet.split("\\")[0] ?? "").trim().replace("ISO 2022 IR", "ISO_IR");
  const encoding = ENCODINGS[first];
  if (encoding === undefined || encoding === "latin1") return latin1OfBytes;
  const decoder = new TextDecoder(encoding);
  return (bytes) => decoder.decode(bytes);
}

export function latin1OfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
