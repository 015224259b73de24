/**
 * Watches the raw bytes of a client's frames for one that is too large. API Gateway limits each
 * frame to 32 KB besides each message to 128 KB; `ws` knows only messages, so frame headers are
 * read here a second time. Only lengths are looked at; whether a frame is well formed is the
 * business of `ws`, which reads the same bytes.
 */
export interface FrameLimit {
  /**
   * Reads the next bytes, split wherever TCP split them. Once a data frame over the limit has
   * begun, answers how many messages ended before it (those still count); before that, undefined.
   */
  read(chunk: Buffer): number | undefined;
}

/** Two bytes, an extended length of up to eight, a mask of four (RFC 6455, 5.2). */
const LONGEST_HEADER_BYTES = 14;
const FIN = 0x80;
const OPCODE = 0x0f;
/** Opcodes from here on are control frames, which end no message and are at most 125 bytes. */
const FIRST_CONTROL_OPCODE = 0x08;
const MASKED = 0x80;
const SHORT_LENGTH = 0x7f;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

export function createFrameLimit(maxBytes: number): FrameLimit {
  const header = Buffer.alloc(LONGEST_HEADER_BYTES);
  let headerBytes = 0;
  let payloadLeft = 0;
  let messages = 0;
  let exceeded = false;

  const beginFrame = () => {
    headerBytes = 0;
    payloadLeft = payloadLength(header);
    const first = header.readUInt8(0);
    if ((first & OPCODE) >= FIRST_CONTROL_OPCODE) return;
    if (payloadLeft > maxBytes) exceeded = true;
    else if ((first & FIN) === FIN) messages += 1;
  };

  return {
    read(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (exceeded) return messages;
        const skipped = Math.min(payloadLeft, chunk.length - at);
        payloadLeft -= skipped;
        at += skipped;
        if (at === chunk.length) break;
        header.writeUInt8(chunk.readUInt8(at), headerBytes);
        headerBytes += 1;
        at += 1;
        if (headerBytes === headerLength(header, headerBytes)) beginFrame();
      }
      return exceeded ? messages : undefined;
    },
  };
}

/** The length of a header of which the first `known` bytes are there. */
function headerLength(header: Buffer, known: number): number {
  if (known < 2) return 2;
  const second = header.readUInt8(1);
  return 2 + extendedLengthBytes(second) + ((second & MASKED) === MASKED ? 4 : 0);
}

function extendedLengthBytes(second: number): number {
  const short = second & SHORT_LENGTH;
  if (short === LENGTH_IN_16_BITS) return 2;
  return short === LENGTH_IN_64_BITS ? 8 : 0;
}

function payloadLength(header: Buffer): number {
  const short = header.readUInt8(1) & SHORT_LENGTH;
  if (short === LENGTH_IN_16_BITS) return header.readUInt16BE(2);
  return short === LENGTH_IN_64_BITS ? Number(header.readBigUInt64BE(2)) : short;
}
