import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import { Chat, type ChatProps } from './chat.ts';
import { Website } from './website.ts';

/** Of the chat, of the stack, and whether people can look at it. */
export interface ChatStackProps extends ChatProps, StackProps {
  /**
   * Directory of the built web chat, which is then served with the stack.
   * @default - no web chat
   */
  readonly website?: string;
}

/** A stack that holds one chat and says where everything is. */
export class ChatStack extends Stack {
  readonly chat: Chat;

  constructor(scope: Construct, id: string, props: ChatStackProps = {}) {
    super(scope, id, props);
    this.chat = new Chat(this, 'Chat', props);
    const { api, tables, broadcaster } = this.chat;
    const outputs: Record<string, string> = {
      WebSocketUrl: api.stage.url,
      UsersTable: tables.users.tableName,
      RoomsTable: tables.rooms.tableName,
      ConnectionsTable: tables.connections.tableName,
      InboxTable: tables.inbox.tableName,
      MessagesTable: tables.messages.tableName,
      DeadLettersQueueUrl: broadcaster.deadLetters.queueUrl,
    };
    if (props.website !== undefined) {
      const { url } = new Website(this, 'Website', {
        directory: props.website,
        webSocketUrl: api.stage.url,
      });
      outputs['WebUrl'] = url;
    }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
