/** Every frame of the server is as its own schemas say. */
import { type Check } from '../history.ts';

export const wellFormed: Check = ({ events }) => {
  const event = events.find(({ kind }) => kind === 'malformed');
  return event && { check: 'frames', what: 'a frame is not as the schemas say', piece: [event] };
};
