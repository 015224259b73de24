import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

import { PUBLIC_ROOMS, ROOMS_BY_USER } from '../lambdas/environment.ts';
import type { ChatFunction } from './chat-function.ts';

/**
 * The five tables. On demand, because a room is one hot partition and only on-demand tables with
 * streams isolate it; recoverable to any second of the last 35 days; and not deletable by mistake.
 *
 * A verb gives a function a right together with the variables it needs to use it, so that none has
 * one without the other.
 */
export interface ChatTablesProps {
  /** False deletes tables and data with the stack: for development only. */
  readonly protectData: boolean;
}

/** What a function may do with rows of Rooms, beside reading one. */
export type RoomsRight = 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem' | 'Query';

export class ChatTables extends Construct {
  readonly users: Table;
  readonly rooms: Table;
  readonly connections: Table;
  readonly inbox: Table;
  readonly messages: Table;

  constructor(scope: Construct, id: string, { protectData }: ChatTablesProps) {
    super(scope, id);
    const table = (name: string, props: Pick<TableProps, 'partitionKey'> & Partial<TableProps>) =>
      new Table(this, name, {
        billingMode: BillingMode.PAY_PER_REQUEST,
        encryption: TableEncryption.AWS_MANAGED,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        deletionProtection: protectData,
        removalPolicy: protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        ...props,
      });
    const text = (name: string) => ({ name, type: AttributeType.STRING });

    this.users = table('Users', {
      partitionKey: text('user'),
      sortKey: text('entry'),
      timeToLiveAttribute: 'expires',
    });
    this.rooms = table('Rooms', {
      partitionKey: text('room'),
      sortKey: text('entry'),
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
    });
    this.rooms.addGlobalSecondaryIndex({
      indexName: ROOMS_BY_USER,
      partitionKey: text('user'),
      sortKey: text('room'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.rooms.addGlobalSecondaryIndex({
      indexName: PUBLIC_ROOMS,
      partitionKey: text('listed'),
      sortKey: text('room'),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['name'],
    });
    this.connections = table('Connections', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      timeToLiveAttribute: 'expires',
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
    });
    this.inbox = table('Inbox', {
      partitionKey: text('room'),
      sortKey: text('entry'),
      timeToLiveAttribute: 'expires',
      stream: StreamViewType.NEW_IMAGE,
    });
    this.messages = table('Messages', {
      partitionKey: text('room'),
      sortKey: { name: 'seq', type: AttributeType.NUMBER },
      stream: StreamViewType.NEW_IMAGE,
    });
  }

  /** To find whose a token is. */
  grantVerifyTokens(fn: ChatFunction): void {
    fn.environment('users', this.users.tableName);
    fn.allow(['dynamodb:GetItem'], [this.users.tableArn]);
  }

  /** To ask whether a user is in a room. */
  grantMembership(fn: ChatFunction): void {
    fn.environment('rooms', this.rooms.tableName);
    fn.allow(['dynamodb:GetItem'], [this.rooms.tableArn]);
  }

  /** To move a member's read mark. */
  grantReadMark(fn: ChatFunction): void {
    fn.environment('rooms', this.rooms.tableName);
    fn.allow(['dynamodb:UpdateItem'], [this.rooms.tableArn]);
  }

  /** To read what the rooms of a user are, and what the user is in them. */
  grantRoomList(fn: ChatFunction): void {
    this.grantRoomsOfUser(fn);
    fn.allow(['dynamodb:BatchGetItem'], [this.rooms.tableArn]);
  }

  /** To ask whether there is somebody of a name. */
  grantPeople(fn: ChatFunction): void {
    this.grantVerifyTokens(fn);
  }

  /** To change rooms and who is in them, or to go through the members: what is used, and no more. */
  grantRooms(fn: ChatFunction, ...rights: readonly RoomsRight[]): void {
    fn.environment('rooms', this.rooms.tableName);
    fn.allow(
      rights.map((right) => `dynamodb:${right}`),
      [this.rooms.tableArn],
    );
  }

  /** To list the public rooms: the index alone. */
  grantPublicRooms(fn: ChatFunction): void {
    fn.environment('rooms', this.rooms.tableName);
    fn.allow(['dynamodb:Query'], [`${this.rooms.tableArn}/index/${PUBLIC_ROOMS}`]);
  }

  /** To list the rooms of a user: the index alone. */
  grantRoomsOfUser(fn: ChatFunction): void {
    fn.environment('rooms', this.rooms.tableName);
    fn.allow(['dynamodb:Query'], [`${this.rooms.tableArn}/index/${ROOMS_BY_USER}`]);
  }

  /** To write down that a socket was opened. */
  grantOpenSession(fn: ChatFunction): void {
    this.grantConnections(fn, 'dynamodb:PutItem');
  }

  /** To fill a session, or take a turn in one: updates of its row. */
  grantSession(fn: ChatFunction): void {
    this.grantConnections(fn, 'dynamodb:UpdateItem');
  }

  /** To enter a connection among the recipients of its rooms, in the shard that it has in each. */
  grantEnterRooms(fn: ChatFunction): void {
    this.grantConnections(fn, 'dynamodb:BatchWriteItem', 'dynamodb:BatchGetItem');
  }

  /** To ask again whether a user is in all of these rooms. */
  grantStillIn(fn: ChatFunction): void {
    fn.environment('rooms', this.rooms.tableName);
    fn.allow(['dynamodb:BatchGetItem'], [this.rooms.tableArn]);
  }

  /** To write down that a connection looks at a room, or at none. */
  grantView(fn: ChatFunction, ...rights: readonly ('PutItem' | 'DeleteItem')[]): void {
    this.grantConnections(fn, ...rights.map((right) => `dynamodb:${right}`));
  }

  /** To find which of a sender's signals is the latest. */
  grantSignalSlots(fn: ChatFunction): void {
    this.grantConnections(fn, 'dynamodb:UpdateItem', 'dynamodb:GetItem');
  }

  /** To write down when somebody was last there. */
  grantNoteLastSeen(fn: ChatFunction): void {
    this.grantConnections(fn, 'dynamodb:UpdateItem');
  }

  /** To read when people were last there. */
  grantLastSeen(fn: ChatFunction): void {
    this.grantConnections(fn, 'dynamodb:BatchGetItem');
  }

  /** To remove every row of a connection that is no more. */
  grantForget(fn: ChatFunction): void {
    this.grantConnections(fn, 'dynamodb:DeleteItem');
    this.grantEnterRooms(fn);
    this.grantRoomsOfUser(fn);
  }

  /** To read who is online in a room. */
  grantRecipients(fn: ChatFunction): void {
    this.grantConnections(fn, 'dynamodb:Query');
  }

  /** To write down how large a room is. */
  grantRoomSize(fn: ChatFunction): void {
    this.grantConnections(fn, 'dynamodb:UpdateItem');
  }

  /** To take posts from what the account may make. */
  grantPostBudget(fn: ChatFunction): void {
    this.grantConnections(fn, 'dynamodb:UpdateItem');
  }

  /** To accept entries, and to ask what an earlier frame became. */
  grantAccept(fn: ChatFunction): void {
    fn.environment('inbox', this.inbox.tableName);
    fn.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [this.inbox.tableArn]);
  }

  /** To be invoked with the stream of a table, whose ARN it answers. */
  grantStream(fn: ChatFunction, name: 'rooms' | 'connections' | 'inbox' | 'messages'): string {
    const { tableStreamArn } = this[name];
    if (tableStreamArn === undefined) throw new Error(`The table ${name} has no stream`);
    this[name].grantStreamRead(fn);
    return tableStreamArn;
  }

  /** To erase what a deleted message said. */
  grantErase(fn: ChatFunction): void {
    fn.environment('inbox', this.inbox.tableName);
    fn.allow(['dynamodb:UpdateItem'], [this.inbox.tableArn]);
    this.grantReadLog(fn);
  }

  /** To read a room's log. */
  grantReadLog(fn: ChatFunction): void {
    fn.environment('messages', this.messages.tableName);
    fn.allow(['dynamodb:Query'], [this.messages.tableArn]);
  }

  /** To append to a room's log. A transaction of puts needs no more than the put. */
  grantAppendLog(fn: ChatFunction): void {
    this.grantReadLog(fn);
    fn.allow(['dynamodb:PutItem'], [this.messages.tableArn]);
  }

  private grantConnections(fn: ChatFunction, ...actions: string[]): void {
    fn.environment('connections', this.connections.tableName);
    fn.allow(actions, [this.connections.tableArn]);
  }
}
