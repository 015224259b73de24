import { join } from 'node:path';

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AllowedMethods,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';

import { contentSecurityPolicy, ISOLATION_HEADERS } from './security-headers.ts';

/**
 * The web chat: the built page in a private bucket, behind CloudFront, with the WebSocket's URL in
 * `/config.json`. Files whose names change with their content are kept by browsers for a year; the page
 * and its configuration are asked for every time.
 */
export interface WebsiteProps {
  /** The built page (`bin/web-build.ts`). */
  readonly directory: string;
  /** `wss://…` of the chat. */
  readonly webSocketUrl: string;
}

/** HSTS: browsers that were here once come by HTTPS alone. */
const HTTPS_ONLY = Duration.days(365);

export class Website extends Construct {
  /** `https://…` */
  readonly url: string;

  constructor(scope: Construct, id: string, { directory, webSocketUrl }: WebsiteProps) {
    super(scope, id);
    // The library's classes do not fit their own interfaces where optional properties are exact.
    const bucket = new Bucket(this, 'Files', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // Nothing in it that a deployment does not make again.
      removalPolicy: RemovalPolicy.DESTROY,
    }) as IBucket;
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Parley: the web chat',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        responseHeadersPolicy: this.headers(webSocketUrl),
        compress: true,
      },
    });
    this.url = `https://${distribution.distributionDomainName}/`;

    const files = new BucketDeployment(this, 'Assets', {
      destinationBucket: bucket,
      sources: [Source.asset(join(directory, 'assets'))],
      destinationKeyPrefix: 'assets',
      cacheControl: [CacheControl.fromString('public, max-age=31536000, immutable')],
      // A page that somebody has open may still ask for the files of the release before.
      prune: false,
    });
    const page = new BucketDeployment(this, 'Page', {
      destinationBucket: bucket,
      sources: [
        Source.asset(directory, { exclude: ['assets'] }),
        Source.jsonData('config.json', { url: webSocketUrl }),
      ],
      cacheControl: [CacheControl.noCache()],
      prune: false,
      distribution,
      distributionPaths: ['/', '/index.html', '/config.json', '/favicon.svg'],
    });
    // The page names the files, so they are there first.
    page.node.addDependency(files);
  }

  private headers(webSocketUrl: string): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Headers', {
      customHeadersBehavior: {
        customHeaders: Object.entries(ISOLATION_HEADERS).map(([header, value]) => ({
          header,
          value,
          override: true,
        })),
      },
      securityHeadersBehavior: {
        contentSecurityPolicy: {
          contentSecurityPolicy: contentSecurityPolicy(webSocketUrl),
          override: true,
        },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: HTTPS_ONLY,
          includeSubdomains: true,
          override: true,
        },
      },
    });
  }
}
