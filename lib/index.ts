export { Chat, type ChatProps } from './chat.ts';
export { ChatStack, type ChatStackProps } from './chat-stack.ts';
export { webChatDirectory } from './web-chat.ts';
