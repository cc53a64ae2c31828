import path from 'node:path';
import { demoAccount } from '@trunkline/contract/simulator';
import { nowMs } from './base/clock.ts';
import { type Config, readConfig } from './base/config.ts';
import { openDatabase } from './base/db.ts';
import { CannotStart } from './base/errors.ts';
import { createGuardedFetch } from './base/guarded-fetch.ts';
import { createLog, type Log } from './base/log.ts';
import { migrate } from './base/migrate.ts';
import { startPostgres } from './base/postgres/start.ts';
import { createSealer, keptSecret } from './base/secrets.ts';
import { createSignals } from './base/signals.ts';
import { startSweeping } from './base/sweep.ts';
import { offerPhone, ownNumbers } from './demo/own-numbers.ts';
import { startSimulator } from './demo/start-simulator.ts';
import { createEventStream } from './events/stream.ts';
import { ensureFirstData } from './first-data.ts';
import { onRevoked } from './http/auth/api-keys.ts';
import { createAuth } from './http/auth/auth.ts';
import { createFirstRun } from './http/auth/first-run.ts';
import { makeFirstRunLink } from './http/auth/first-run-link.ts';
import { createIdentify } from './http/auth/identify.ts';
import { createIdentifyDevice } from './http/auth/identify-device.ts';
import { sweepSignIns } from './http/auth/sweep.ts';
import { createMetrics } from './http/metrics.ts';
import { createHttp } from './http/server.ts';
import { createReceive } from './inbound/receive.ts';
import { createMedia } from './media/media.ts';
import { createAccept } from './outbound/accept.ts';
import { inboundUrl } from './outbound/callback-url.ts';
import { createTakeReceipt } from './outbound/take-receipt.ts';
import { createProviders } from './providers/providers.ts';
import { createModels } from './responders/assistant/model/models.ts';
import { createLine } from './responders/device/line.ts';
import { startWorkers } from './start-workers.ts';
import { createDirectory } from './store/directory.ts';
import { createConversations } from './store/ensure-conversations.ts';
import { listNumbers } from './store/numbers.ts';
import { providerAccounts } from './store/provider-accounts.ts';

const cleanEveryMs = 3_600_000;

export type Running = {
  port: number;
  publicUrl: string;
  simulatorUrl: string | null;
  dataDir: string;
  /** A fresh one-use link that makes the owner, or signs them in; null without the role web. */
  signInLink: string | null;
  adminToken: string;
  /** Stops in reverse: nothing new is taken, what is under way is finished, nothing is lost. */
  stop(): Promise<void>;
};

/** Builds everything in order. When a step fails, what was started before it is stopped, and the error is the step's. */
export const start = async (config: Config, log: Log): Promise<Running> => {
  const stops: (() => Promise<unknown> | unknown)[] = [];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) {
      try {
        await one();
      } catch (error) {
        log.error({ error }, 'something could not be stopped cleanly');
      }
    }
  };

  try {
    const web = config.ROLES.includes('web');
    const worker = config.ROLES.includes('worker');

    let databaseUrl = config.DATABASE_URL;
    let dataDir = config.dataDir;
    if (databaseUrl === null) {
      const postgres = await startPostgres({ dataDir: `${config.dataDir}/postgres` });
      stops.push(() => postgres.stop());
      databaseUrl = postgres.url;
      dataDir = postgres.dataDir;
    }
    const db = openDatabase(databaseUrl, {
      connections: config.DATABASE_CONNECTIONS,
      onError: (error) => log.warn({ error }, 'a database connection broke; it is replaced'),
    });
    stops.push(() => db.close());
    await migrate(db);
    const signals = await createSignals(db);
    stops.push(() => signals.close());

    const adminToken = config.ADMIN_TOKEN ?? (await keptSecret(config.dataDir, 'admin-token'));
    const secretKey = config.SECRET_KEY ?? (await keptSecret(config.dataDir, 'secret-key'));

    let simulatorUrl: string | null = null;
    if (config.demo) {
      simulatorUrl = config.TWILIO_API_URL;
      if (simulatorUrl === null) {
        const simulator = await startSimulator(config.SIMULATOR_PORT);
        stops.push(() => simulator.stop());
        simulatorUrl = simulator.url;
      }
    }
    const credentials = {
      accountSid: config.TWILIO_ACCOUNT_SID ?? demoAccount.accountSid,
      authTokens: config.demo ? [demoAccount.authToken] : config.TWILIO_AUTH_TOKEN,
      apiUrl: simulatorUrl ?? config.TWILIO_API_URL ?? 'https://api.twilio.com',
    };

    const models = createModels({
      openaiApiKey: config.OPENAI_API_KEY,
      anthropicApiKey: config.ANTHROPIC_API_KEY,
      llmBaseUrl: config.LLM_BASE_URL,
      llmModel: config.LLM_MODEL,
    });
    await ensureFirstData(db, config, credentials, models.defaultModel);

    const { twilio: provider } = createProviders();
    stops.push(() => provider.close());
    const accounts = providerAccounts(db, createSealer(secretKey), credentials);
    const directory = createDirectory(db, accounts, signals);
    const conversations = createConversations(db);
    const accept = createAccept({
      db,
      directory,
      conversations,
      signals,
      longTexts: config.LONG_TEXTS,
    });
    const takeReceipt = createTakeReceipt(db, provider, signals);
    const guarded = createGuardedFetch({ allowedOrigins: [credentials.apiUrl] });
    stops.push(() => guarded.close());
    const media = createMedia({
      db,
      secretKey,
      publicUrl: config.publicUrl,
      seconds: config.MEDIA_URL_SECONDS,
      folder: path.join(config.dataDir, 'media'),
      s3: config.s3,
    });
    const metrics = createMetrics(db, log);
    const heartbeats = new Map<string, number>();

    const work = () => {
      const workers = startWorkers({
        config,
        db,
        signals,
        directory,
        provider,
        accept,
        models,
        guarded,
        keep: media.keep,
        log,
        onAttempt: metrics.onAttempt,
        beat: (name) => heartbeats.set(name, nowMs()),
      });
      stops.push(() => workers.stop());
    };

    let port = config.PORT;
    let signInLink: string | null = null;
    if (web) {
      const auth = createAuth({
        db,
        publicUrl: config.publicUrl,
        secret: secretKey,
        demo: config.demo,
        report: (error) => log.error({ error }, 'sign-in failed in an unforeseen way'),
      });
      const identify = createIdentify({ db, auth, adminToken });
      stops.push(() => identify.stop());
      // Who may do what changed, here or in another process.
      stops.push(auth.onChange(() => signals.raise('access')));
      stops.push(onRevoked(() => signals.raise('access')));
      stops.push(signals.on('access', () => identify.forget()));
      const cleaning = startSweeping(
        [{ name: 'sign-ins', run: () => sweepSignIns(db).then(() => 0) }],
        cleanEveryMs,
        log,
      );
      stops.push(() => cleaning.stop());
      const stream = createEventStream(db, signals, log);
      stops.push(() => stream.close());
      const line = createLine({
        db,
        signals,
        log,
        rules: {
          leaseSeconds: config.DEVICE_LEASE_SECONDS,
          attempts: config.DEVICE_ATTEMPTS,
          queueLimit: config.DEVICE_QUEUE_LIMIT,
        },
      });
      stops.push(() => line.close());
      const identifyDevice = createIdentifyDevice({ db, signals });
      stops.push(() => identifyDevice.stop());
      const receive = createReceive({
        db,
        directory,
        conversations,
        signals,
        provider,
        takeReceipt,
        log,
        publicUrl: config.publicUrl,
        demo: config.demo,
        onWebhook: metrics.onWebhook,
      });
      const http = createHttp({
        db,
        signals,
        stream,
        receive,
        accept,
        models,
        media,
        directory,
        accounts,
        identify,
        devices: {
          identify: identifyDevice,
          line,
          onlineSeconds: config.DEVICE_ONLINE_SECONDS,
          mediaUrl: media.addresses.of,
        },
        auth,
        firstRun: createFirstRun({ db, auth }),
        publicUrl: config.publicUrl,
        statusCallbackUrl: config.TWILIO_STATUS_CALLBACK_URL,
        simulatorUrl,
        log,
        metrics,
        heartbeats,
        relay: {
          demo: config.demo,
          openNumbers: config.RELAY_OPEN_NUMBERS,
          onlineSeconds: config.DEVICE_ONLINE_SECONDS,
          queueLimit: config.DEVICE_QUEUE_LIMIT,
          identifyDevice: async (request) => {
            const device = await identifyDevice.find(request);
            return device && { organizationId: device.organizationId, id: device.deviceId };
          },
          ownNumber:
            simulatorUrl === null
              ? null
              : async (phoneNumber) =>
                  ownNumbers(
                    credentials,
                    [phoneNumber],
                    inboundUrl(config.publicUrl, (await directory.account(null))!),
                  ),
          mediaUrl: media.firstUrls,
        },
      });
      // Workers end after the last request is answered: what it accepted may still go out.
      if (worker) work();
      // Before we listen: a text to a number that the simulator doesn't know yet would be nobody's; one that comes while we don't
      // listen yet is tried again.
      if (simulatorUrl !== null) {
        await offerPhone(simulatorUrl);
        const account = (await directory.account(null))!;
        const numbers = await listNumbers(db, account.organizationId);
        await ownNumbers(
          credentials,
          numbers.map((number) => number.phoneNumber),
          inboundUrl(config.publicUrl, account),
        );
      }
      port = await http.listen(config.PORT, config.host);
      stops.push(() => http.stop());
      signInLink = await makeFirstRunLink(db, config.publicUrl);
    } else work();

    return { port, publicUrl: config.publicUrl, simulatorUrl, dataDir, signInLink, adminToken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Runs the server until it is told to stop, then stops it whole. Ends the process: 0, or 1 when it could not start. */
export const runUntilStopped = async (): Promise<never> => {
  try {
    const config = readConfig();
    const log = createLog(config.LOG_LEVEL);
    const stopping = Promise.withResolvers<string>();
    // npm passes Ctrl-C on to a group that has it already: the second one must not cut the stop short.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.resolve(signal));
    const running = await start(config, log);
    const lines = [
      `Console    ${running.signInLink ?? 'not in this process (ROLES)'}`,
      `Simulator  ${running.simulatorUrl ?? 'off: real credentials are set'}`,
      `Data       ${running.dataDir}`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    const signal = await stopping.promise;
    log.info({ signal }, 'stopping');
    await running.stop();
    log.info({}, 'stopped');
    process.exit(0);
  } catch (error) {
    // What a person can mend is a sentence; anything else is logged with its stack.
    process.stderr.write(`${(error as Error).message}\n`);
    if (!(error instanceof CannotStart)) createLog('error').error({ error }, 'Trunkline could not start');
    process.exit(1);
  }
};

if (import.meta.main) await runUntilStopped();
