import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ApiKey, apiKeysQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Failed, Notice, sentenceOf } from '../../components/notice.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { fullTime } from '../../words/time.ts';
import { NewApiKey } from './new-api-key.tsx';

const KeyRow = ({ apiKey }: { apiKey: ApiKey }) => {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => request(`/v1/api-keys/${encodeURIComponent(apiKey.id)}`, { method: 'DELETE' }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['api-keys'] }),
  });
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-2.5 first:pt-0">
      <div className="min-w-0">
        <p className="truncate font-medium text-sm">
          {apiKey.name}{' '}
          <code className="ml-1 font-mono font-normal text-muted text-xs">{apiKey.prefix}…</code>
        </p>
        <p className="text-muted text-xs">
          Made {fullTime(apiKey.createdAt)}
          {apiKey.lastUsedAt === null ? ', never used' : `, last used ${fullTime(apiKey.lastUsedAt)}`}
        </p>
      </div>
      <Button
        look="bad"
        size="small"
        aria-label={`Revoke ${apiKey.name}`}
        disabled={revoke.isPending}
        onClick={() => {
          if (window.confirm(`Revoke “${apiKey.name}”? Whatever uses it is refused from now on.`))
            revoke.mutate();
        }}
      >
        Revoke
      </Button>
      {revoke.isError && <Notice tone="bad">{sentenceOf(revoke.error)}</Notice>}
    </li>
  );
};

const KeyList = () => {
  const keys = useQuery(apiKeysQuery);
  if (!keys.data) {
    return keys.isError ? (
      <Failed error={keys.error} retry={() => void keys.refetch()} />
    ) : (
      <Waiting rows={2} className="p-0" />
    );
  }
  if (keys.data.length === 0)
    return <p className="text-muted text-sm">No key yet. Programs need one to call the API.</p>;
  return (
    <ul aria-label="API keys" className="divide-y divide-line">
      {keys.data.map((apiKey) => (
        <KeyRow key={apiKey.id} apiKey={apiKey} />
      ))}
    </ul>
  );
};

/** The keys with which programs call the API for this organization. */
export const ApiKeys = () => (
  <Card aria-labelledby="api-keys-title" className="stack gap-4">
    <h2 id="api-keys-title" className="font-semibold">
      API keys
    </h2>
    <KeyList />
    <NewApiKey />
  </Card>
);
