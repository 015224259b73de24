export { Chat, type ChatProps } from './chat.ts';
export { ChatStack } from './chat-stack.ts';
