/** A message as a server broadcasts it. */
export function broadcastOf(seq: number, user: string, uuid: string, room = 'lobby'): object {
  return {
    uuid,
    action: 'new_message',
    status: 'success',
    room,
    head: seq,
    message: {
      id: `${room}.${seq}`,
      seq,
      n: seq,
      kind: 'message',
      user: { username: user },
      room,
      uuid,
      timestamp: 1_800_000_000 + seq,
      text: `text ${seq}`,
      nonce: 'nonce',
      hash: 'hash',
      chain: 'chain',
    },
  };
}
