import { App } from 'aws-cdk-lib';

import { ContractStack } from './stack.ts';

/** `cdk deploy --app 'node test/contract/app/deploy.ts'`: the contract app, on AWS. */
new ContractStack(new App(), 'ParleyContract');
