/** Somebody who takes part: a server, in a process of its own, and the client library that goes with it. */
export interface Contestant {
  /** Starts the server with so many rooms of so many. */
  serve(rooms: number, roomSize: number): Promise<Served>;
  /** A client that shows a room; `url` is that of its own network to the server. */
  join(place: Place): Promise<Joined>;
  /** Somebody who speaks. */
  speak(place: Omit<Place, 'shown'>): Promise<Speaker>;
}

export interface Served {
  readonly url: string;
  /** What the people sign in with, by room: first the speaker, then the others. */
  readonly tokens: readonly (readonly string[])[];
  /** Replaces what answers, as a deployment does, under way as everything is. */
  readonly deploy: () => Promise<void>;
}

export interface Place {
  readonly url: string;
  readonly room: string;
  readonly token: string;
  /** How many times faster than usual the library's own timers run. */
  readonly speed: number;
  /** A message is to be seen in the room. */
  readonly shown: (id: string) => void;
}

export interface Joined {
  close(): Promise<void>;
}

export interface Speaker extends Joined {
  /** Resolves when the server has confirmed it. */
  say(id: string): Promise<void>;
}

export const roomName = (room: number): string => `room-${room}`;
